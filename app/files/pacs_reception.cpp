#include "app/files/pacs_reception.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QProcess>
#include <QTimer>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "app/files/receive_command.h"
#include "core/base/id.h"
#include "core/run/line_buffer.h"
#include "ui/session/decode_client.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;

/// One connection and the child that serves it.
struct Reception::Served {
  std::string tag;
  QProcess process;
  QTimer patience;
  run::LineBuffer lines;
  bool ended = false;  // said Closed, Refused or Broken
  std::string caller;
};

Reception::Reception(ReceptionSetup setup) : setup_(std::move(setup)), run_(newId("r").substr(2)) {}

Reception::~Reception() {
  on_event = nullptr;
  on_end = nullptr;
  stop();
}

Result<void> Reception::listen() {
  const std::string place = setup_.address + ":" + std::to_string(setup_.port);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(setup_.port));
  if (::inet_pton(AF_INET, setup_.address.c_str(), &address.sin_addr) != 1)
    return Error{ErrorCode::InvalidInput, "'" + setup_.address +
                                              "' is no IPv4 address of this computer; 127.0.0.1 is "
                                              "itself alone, 0.0.0.0 all its networks."};
  const auto failed = [&](int code) {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    switch (code) {
      case EADDRINUSE:
        return Error{ErrorCode::Busy,
                     "Port " + std::to_string(setup_.port) +
                         " is taken by another program, or by a Gadolin that receives already. "
                         "End that, or choose another port here and in the archive."};
      case EACCES:
        return Error{ErrorCode::ReadOnly, "Port " + std::to_string(setup_.port) +
                                              " may be opened by the administrator only. Choose "
                                              "one from 1024 up, such as 11112."};
      case EADDRNOTAVAIL:
        return Error{ErrorCode::InvalidInput,
                     setup_.address + " is not an address of this computer."};
      default:
        return Error{ErrorCode::Io, "Cannot listen on " + place + ": " + std::strerror(code) + "."};
    }
  };
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) return failed(errno);
  const int yes = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr generic{};
  static_assert(sizeof generic == sizeof address);
  std::memcpy(&generic, &address, sizeof address);
  if (::bind(socket_, &generic, sizeof generic) != 0) return failed(errno);
  constexpr int waiting = 64;
  if (::listen(socket_, waiting) != 0) return failed(errno);
  socklen_t length = sizeof generic;
  if (::getsockname(socket_, &generic, &length) == 0) {
    std::memcpy(&address, &generic, sizeof address);
    setup_.port = ntohs(address.sin_port);
  }
  notifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Read);
  QObject::connect(notifier_.get(), &QSocketNotifier::activated, notifier_.get(),
                   [this] { accept(); });
  return {};
}

void Reception::stop() {
  notifier_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  while (!served_.empty()) {
    Served& served = *served_.begin()->second;
    QObject::disconnect(&served.process, nullptr, nullptr, nullptr);
    served.process.kill();
    constexpr int gone_ms = 5'000;
    served.process.waitForFinished(gone_ms);
    read(served);  // what it acknowledged before
    over(served.tag);
  }
}

void Reception::accept() {
  const int socket = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) return;
  serve(socket);
  notifier_->setEnabled(associations() < setup_.most_associations);
}

void Reception::serve(int socket) {
  auto owned = std::make_unique<Served>();
  Served& served = *owned;
  char number[16];
  std::snprintf(number, sizeof number, "%06d", ++count_);
  served.tag = run_ + "-" + number;
  pacs::ReceiveRules rules = setup_.rules;
  rules.store.tag = served.tag;
  served_.emplace(served.tag, std::move(owned));

  served.patience.setSingleShot(true);
  served.patience.setInterval(setup_.patience_s * 1000);
  QObject::connect(&served.patience, &QTimer::timeout, &served.process,
                   [&served] { served.process.kill(); });
  QObject::connect(&served.process, &QProcess::readyReadStandardOutput, &served.process,
                   [this, &served] { read(served); });
  QObject::connect(&served.process, &QProcess::errorOccurred, &served.process,
                   [this, &served](QProcess::ProcessError error) {
                     // Not from within start(), which goes on with the process.
                     if (error == QProcess::FailedToStart)
                       QTimer::singleShot(0, &served.process,
                                          [this, tag = served.tag] { over(tag); });
                   });
  QObject::connect(&served.process, &QProcess::finished, &served.process, [this, &served] {
    read(served);
    QTimer::singleShot(0, &served.process, [this, tag = served.tag] { over(tag); });
  });
  served.process.setStandardErrorFile(QProcess::nullDevice());
  served.process.setChildProcessModifier([socket] {
    // Between fork and exec: only what is allowed there. dup2 clears close-on-exec, but not on
    // itself.
    if (socket == receive_socket) {
      ::fcntl(socket, F_SETFD, 0);
    } else {
      ::dup2(socket, receive_socket);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody serves a port that is closed
  });
  served.process.start(session::gadolinctlProgram(), {QStringLiteral("receive")});
  ::close(socket);
  served.process.write(QByteArray::fromStdString(pacs::toLine(rules)) + '\n');
  served.process.closeWriteChannel();
  served.patience.start();
}

void Reception::read(Served& served) {
  const QByteArray piece = served.process.readAllStandardOutput();
  served.lines.feed({piece.constData(), static_cast<std::size_t>(piece.size())});
  while (const auto line = served.lines.next()) {
    auto event = pacs::receiveEventFromLine(*line);
    if (!event) continue;
    served.patience.start();
    using Kind = Event::Kind;
    if (event->kind == Kind::Opened) served.caller = event->caller;
    if (event->caller.empty()) event->caller = served.caller;
    served.ended = served.ended || event->kind == Kind::Closed || event->kind == Kind::Broken;
    if (on_event) on_event(served.tag, *event);
  }
}

void Reception::over(std::string tag) {  // a copy: its owner goes
  const auto found = served_.find(tag);
  if (found == served_.end()) return;
  Served& served = *found->second;
  const bool crashed = served.process.exitStatus() != QProcess::NormalExit ||
                       served.process.error() == QProcess::FailedToStart;
  if (crashed && !served.ended && on_event) {
    Event event;
    event.kind = Event::Kind::Broken;
    event.caller = served.caller;
    event.why = socket_ < 0 ? "Receiving was switched off."
                            : "The process that talked to it ended; what it sent was probably "
                              "damaged, or too slow.";
    on_event(tag, event);
  }
  // What had not arrived whole; the child removes it itself unless it was killed.
  std::error_code ignored;
  fs::remove_all(setup_.rules.store.folder / (std::string(pacs::arriving_prefix) + tag), ignored);
  served_.erase(found);
  if (notifier_) notifier_->setEnabled(associations() < setup_.most_associations);
  if (on_end) on_end(tag);
}

}  // namespace gadolin::ctl
