#include "app/worker/pipe_reporter.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "core/base/files.h"
#include "core/base/time.h"
#include "core/run/line_buffer.h"

namespace gadolin {
namespace {

/// All of the text or false; a full disk or a closed pipe must not end the training.
bool writeAll(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(descriptor, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

double residentMemory_mb() {
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576.0;
}

Result<std::unique_ptr<PipeReporter>> PipeReporter::start(const run::RunFolder& folder, bool detached) {
  const int events =
      ::open(folder.events().c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (events < 0) return systemError(errno, "open", folder.events().string());
  // A life that ended in the middle of a line must not spoil the first line of this one.
  const off_t size = ::lseek(events, 0, SEEK_END);
  char last = '\n';
  if (size > 0 && ::pread(events, &last, 1, size - 1) == 1 && last != '\n') writeAll(events, "\n");
  auto reporter = std::unique_ptr<PipeReporter>(new PipeReporter(folder, detached, events));
  if (!detached && ::pipe2(reporter->wake_, O_CLOEXEC) != 0)
    return systemError(errno, "make", "a pipe");
  auto* self = reporter.get();
  reporter->heartbeat_ = std::thread([self] { self->beat(); });
  reporter->reader_ = std::thread([self] { self->detached_ ? self->readControl() : self->readStdin(); });
  return reporter;
}

PipeReporter::PipeReporter(const run::RunFolder& folder, bool detached, int events_descriptor)
    : folder_(folder), detached_(detached), events_(events_descriptor), stdout_open_(!detached) {}

PipeReporter::~PipeReporter() {
  {
    const std::lock_guard lock(stop_mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (wake_[1] >= 0) writeAll(wake_[1], "x");
  if (heartbeat_.joinable()) heartbeat_.join();
  if (reader_.joinable()) reader_.join();
  for (const int descriptor : {events_, wake_[0], wake_[1]})
    if (descriptor >= 0) ::close(descriptor);
}

void PipeReporter::emit(run::EventBody body) {
  const std::lock_guard lock(emit_mutex_);
  const std::string line = run::encode({++seq_, utcNow(), std::move(body)}) + "\n";
  if (!writeAll(events_, line) && !complained_) {
    complained_ = true;
    std::fprintf(stderr, "%s cannot be written: %s\n", folder_.events().c_str(), std::strerror(errno));
  }
  if (stdout_open_) stdout_open_ = writeAll(STDOUT_FILENO, line);
}

std::optional<run::Command> PipeReporter::poll() {
  const std::lock_guard lock(command_mutex_);
  if (commands_.empty()) return std::nullopt;
  const run::Command command = commands_.front();
  commands_.pop_front();
  return command;
}

void PipeReporter::add(run::Command command) {
  const std::lock_guard lock(command_mutex_);
  commands_.push_back(command);
}

void PipeReporter::beat() {
  std::unique_lock lock(stop_mutex_);
  while (!stop_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
    lock.unlock();
    emit(run::Heartbeat{residentMemory_mb(), std::nullopt});
    lock.lock();
  }
}

void PipeReporter::readStdin() {
  run::LineBuffer lines;
  for (;;) {
    std::array<pollfd, 2> waits{{{STDIN_FILENO, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return;
    }
    if (waits[1].revents != 0) return;
    std::array<char, 256> bytes{};
    const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) {  // the parent is gone
      add(run::Command::Cancel);
      return;
    }
    lines.feed({bytes.data(), static_cast<std::size_t>(n)});
    while (const auto line = lines.next()) {
      if (const auto command = run::commandFromText(*line)) add(*command);
      else if (!line->empty())
        emit(run::Warning{"command", "'" + line->substr(0, 80) + "' is no command."});
    }
  }
}

void PipeReporter::readControl() {
  std::unique_lock lock(stop_mutex_);
  do {
    lock.unlock();
    std::error_code ignored;
    if (std::filesystem::exists(folder_.control(), ignored)) {
      const auto text = readFile(folder_.control(), 4096);
      std::filesystem::remove(folder_.control(), ignored);
      run::LineBuffer lines;
      if (text) lines.feed(*text + "\n");
      while (const auto line = lines.next()) {
        if (const auto command = run::commandFromText(*line)) add(*command);
        else if (!line->empty())
          emit(run::Warning{"command", "'" + line->substr(0, 80) + "' is no command."});
      }
    }
    lock.lock();
  } while (!stop_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; }));
}

}  // namespace gadolin
