#include "ui/session/event_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QPointer>
#include <cerrno>
#include <csignal>
#include <utility>

#include "core/run/line_buffer.h"
#include "ui/session/in_pool.h"
#include "ui/session/run_history.h"

namespace gadolin::session {
namespace {

constexpr std::size_t look_bytes = std::size_t{4} << 20;

}  // namespace

/// What one look found.
struct EventTail::Look {
  std::vector<run::Event> events;
  std::vector<std::string> bad_lines;
  std::optional<Error> refused;  // another protocol version
  bool alive = false;
  bool more = false;  // the file has not been read to its end
};

/// The file and the place in it.
struct EventTail::Reader {
  std::filesystem::path file;
  int descriptor = -1;
  off_t offset = 0;
  run::LineBuffer lines;

  ~Reader() {
    if (descriptor >= 0) ::close(descriptor);
  }
  void read(Look& look) {
    if (descriptor < 0) {
      descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) return;  // not there yet
    }
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return;
    if (status.st_size < offset) {  // somebody has cut it: begin again
      offset = 0;
      lines.clear();
    }
    std::string piece(1 << 16, '\0');
    for (std::size_t total = 0; total < look_bytes;) {
      const ssize_t got = ::pread(descriptor, piece.data(), piece.size(), offset);
      if (got <= 0) return;
      offset += got;
      total += static_cast<std::size_t>(got);
      lines.feed({piece.data(), static_cast<std::size_t>(got)});
      while (auto line = lines.next()) {
        auto event = run::decode(*line);
        if (event) {
          look.events.push_back(std::move(*event));
        } else if (event.error().code == ErrorCode::Unsupported) {
          look.refused = event.error();
          return;
        } else {
          look.bad_lines.push_back(line->substr(0, 80));
        }
      }
    }
    look.more = true;
  }
};

EventTail::EventTail(run::RunFolder folder, WorkerTimings timings, QObject* parent)
    : QObject(parent),
      folder_(std::move(folder)),
      timings_(timings),
      reader_(std::make_shared<Reader>()) {
  reader_->file = folder_.events();
  for (QTimer* timer : {&poll_, &silence_, &patience_}) timer->setSingleShot(true);
  connect(&poll_, &QTimer::timeout, this, &EventTail::look);
  connect(&silence_, &QTimer::timeout, this, [this] {
    responding_ = false;
    Q_EMIT respondingChanged(false);
  });
}

EventTail::~EventTail() = default;

void EventTail::start(From from) {
  if (from == From::Start) reader_->offset = 0;
  silence_.start(timings_.silence_ms);
  look();
}

std::function<void()> EventTail::positionAtEnd() const {
  return [reader = reader_] {
    struct stat status {};
    if (::stat(reader->file.c_str(), &status) == 0) reader->offset = status.st_size;
  };
}

void EventTail::expectWorkerWithin(int milliseconds, qint64 process_id) {
  patience_.start(milliseconds);
  process_id_ = process_id;
}

void EventTail::look() {
  inPool(
      this,
      [reader = reader_, folder = folder_] {
        Look found;
        // The lock first: a worker that goes between the two looks has its last lines read all the
        // same.
        found.alive = workAt(folder) == run::Work::Train;
        reader->read(found);
        return found;
      },
      [this](Look found) { take(found); });
}

void EventTail::take(Look& look) {
  for (const std::string& line : look.bad_lines) {
    if (++bad_lines_ <= bad_lines_allowed) {
      Q_EMIT warning(QStringLiteral("A line of events.jsonl is no event. It begins with: ") +
                     QString::fromStdString(line));
    }
  }
  if (look.refused) end_.fault = look.refused;
  if (bad_lines_ >= bad_lines_allowed && !end_.fault) {
    end_.fault = Error{ErrorCode::Corrupt,
                       folder_.events().string() + " holds " + std::to_string(bad_lines_) +
                           " lines that are no events. The run cannot be followed."};
  }
  seen_alive_ = seen_alive_ || look.alive;
  std::erase_if(look.events, [this](const run::Event& event) {
    if (const auto* hello = std::get_if<run::Hello>(&event.body))
      predicting_ = hello->work == run::Work::Predict;
    return predicting_;
  });
  if (!look.events.empty()) {
    silence_.start(timings_.silence_ms);
    if (!responding_) {
      responding_ = true;
      Q_EMIT respondingChanged(true);
    }
    for (const run::Event& event : look.events) {
      if (std::holds_alternative<run::Hello>(event.body)) end_.done.reset();
      if (const auto* done = std::get_if<run::Done>(&event.body)) end_.done = *done;
    }
    const QPointer<EventTail> self(this);
    Q_EMIT events(look.events);
    if (!self) return;
  }
  const bool process_there =
      process_id_ > 0 && (::kill(static_cast<pid_t>(process_id_), 0) == 0 || errno == EPERM);
  const bool waiting = patience_.isActive() && process_there && !seen_alive_ && !end_.done;
  if (end_.fault || (!look.alive && !look.more && !waiting)) {
    silence_.stop();
    Q_EMIT ended(end_);
    return;
  }
  poll_.start(look.more ? 0 : timings_.poll_ms);
}

std::vector<run::Event> readLastLife(const std::filesystem::path& file, std::uint64_t first,
                                     std::uint64_t before) {
  std::vector<run::Event> life;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return life;
  run::LineBuffer lines;
  std::string piece(1 << 16, '\0');
  for (ssize_t got = 0; (got = ::read(descriptor, piece.data(), piece.size())) > 0;) {
    lines.feed({piece.data(), static_cast<std::size_t>(got)});
    while (auto line = lines.next()) {
      auto event = run::decode(*line);
      if (!event) continue;
      if (std::holds_alternative<run::Hello>(event->body)) life.clear();
      if (event->seq >= first && event->seq < before) life.push_back(std::move(*event));
    }
  }
  ::close(descriptor);
  return life;
}

}  // namespace gadolin::session
