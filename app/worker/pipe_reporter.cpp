#include "app/worker/pipe_reporter.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

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

/// Lines kept in memory while the disk is full.
constexpr std::size_t most_unwritten = 1000;

std::atomic<bool> asked_to_end{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler stores it");

void askToEnd(int) {
  asked_to_end = true;
}

double secondsOf(const timespec& time) {
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// When this process began, in seconds of the clock that file times are of. Not when main() did:
/// LibTorch takes seconds to load, and a person may press Stop meanwhile. Now, where /proc does not
/// say it.
double processStart_s() {
  timespec wall{}, since_boot{};
  ::clock_gettime(CLOCK_REALTIME, &wall);
  ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  // proc(5): field 22, in clock ticks since boot. The name in field 2 may hold blanks.
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  double start_ticks = 0;
  if (!(fields >> start_ticks)) return secondsOf(wall);
  return secondsOf(wall) - secondsOf(since_boot) +
         start_ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// A command from before this process began was meant for another one, which died over it.
void removeStaleControl(const run::RunFolder& folder) {
  struct stat status {};
  if (::stat(folder.control().c_str(), &status) == 0 &&
      secondsOf(status.st_mtim) < processStart_s())
    ::unlink(folder.control().c_str());
}

}  // namespace

double residentMemory_mb() {
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576.0;
}

void PipeReporter::obeySignals() {
  for (const int signal_number : {SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (::sigaction(signal_number, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = askToEnd;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal_number, &action, nullptr);
  }
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
  removeStaleControl(folder);
  auto* self = reporter.get();
  reporter->heartbeat_ = std::thread([self] { self->beat(); });
  if (!detached) reporter->stdin_reader_ = std::thread([self] { self->readStdin(); });
  reporter->control_reader_ = std::thread([self] { self->readControl(); });
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
  for (std::thread* thread : {&heartbeat_, &stdin_reader_, &control_reader_})
    if (thread->joinable()) thread->join();
  for (const int descriptor : {events_, wake_[0], wake_[1]})
    if (descriptor >= 0) ::close(descriptor);
}

void PipeReporter::emit(run::EventBody body) {
  // What may be missing from the file when the disk was full: there is another one soon.
  const bool keep = !std::holds_alternative<run::Heartbeat>(body) &&
                    !std::holds_alternative<run::Batch>(body);
  const std::lock_guard lock(emit_mutex_);
  const std::string line = run::encode({++seq_, utcNow(), std::move(body)}) + "\n";
  append(line, keep);
  if (stdout_open_) stdout_open_ = writeAll(STDOUT_FILENO, line);
}

/// In their order, those that found no room before first.
void PipeReporter::append(const std::string& line, bool keep) {
  while (!unwritten_.empty() && appendWhole(unwritten_.front())) unwritten_.pop_front();
  if (unwritten_.empty() && appendWhole(line)) {
    complained_ = false;
    return;
  }
  if (keep && unwritten_.size() < most_unwritten) unwritten_.push_back(line);
  if (complained_) return;
  complained_ = true;
  std::fprintf(stderr, "%s cannot be written: %s\n", folder_.events().c_str(), std::strerror(errno));
}

/// The whole line or nothing of it: half a line would spoil the next one as well.
bool PipeReporter::appendWhole(const std::string& line) {
  reserve();
  const off_t size = ::lseek(events_, 0, SEEK_END);
  if (writeAll(events_, line)) return true;
  const int reason = errno;
  if (size >= 0 && ::ftruncate(events_, size) != 0)
    std::fprintf(stderr, "%s: %s\n", folder_.events().c_str(), std::strerror(errno));
  errno = reason;
  return false;
}

/// Room for the events of a quarter of an hour or more, taken while there is some: who follows the
/// file must see that the worker waits for room, and that it lives. Not on every file system.
void PipeReporter::reserve() {
  constexpr std::int64_t ahead = 256 << 10;
  const std::int64_t size = ::lseek(events_, 0, SEEK_END);
  if (size < 0 || size + ahead / 2 < reserved_) return;
  if (::fallocate(events_, FALLOC_FL_KEEP_SIZE, size, ahead) == 0) reserved_ = size + ahead;
}

std::optional<run::Command> PipeReporter::poll() {
  if (asked_to_end.exchange(false)) return run::Command::Cancel;
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
    // Renamed first: a command that comes while this one is read must not be removed with it.
    if (::rename(folder_.control().c_str(), folder_.controlTaken().c_str()) == 0) {
      const auto text = readFile(folder_.controlTaken(), 4096);
      ::unlink(folder_.controlTaken().c_str());
      run::LineBuffer lines;
      if (text)
        lines.feed(*text + "\n");
      else
        emit(run::Warning{"command", text.error().message});
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
