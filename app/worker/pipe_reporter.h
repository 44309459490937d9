#pragma once
// Events out, commands in. Events go to events.jsonl, and on stdout when attached. Commands come in
// the file `control`, looked at once a second and removed when obeyed, so that anybody can stop any
// run; when attached also on stdin, whose end means that the parent is gone; and SIGTERM is
// "cancel".

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "core/run/run_folder.h"
#include "ml/train/reporter.h"

namespace gadolin {

class PipeReporter : public ml::Reporter {
 public:
  /// From here on SIGTERM (a batch system, the second step of a stop) and SIGHUP (the terminal was
  /// closed) are the command "cancel", unless they were ignored: the checkpoint is written first.
  static void obeySignals();
  /// Opens events.jsonl for appending, removes a command that was meant for an earlier worker and
  /// starts the heartbeat and the reading of commands.
  static Result<std::unique_ptr<PipeReporter>> start(const run::RunFolder& folder, bool detached);
  ~PipeReporter() override;

  void emit(run::EventBody body) override;
  std::optional<run::Command> poll() override;

 private:
  PipeReporter(const run::RunFolder& folder, bool detached, int events_descriptor);
  void beat();
  void readStdin();
  void readControl();
  void add(run::Command command);
  void append(const std::string& line, bool keep);
  bool appendWhole(const std::string& line);
  void reserve();

  const run::RunFolder folder_;
  const bool detached_;
  const int events_;
  std::mutex emit_mutex_;
  std::uint64_t seq_ = 0;   // guarded by emit_mutex_
  bool stdout_open_ = true; // guarded by emit_mutex_
  bool complained_ = false; // guarded by emit_mutex_
  std::deque<std::string> unwritten_;  // lines that found no room; guarded by emit_mutex_
  std::int64_t reserved_ = 0;          // bytes up to which events.jsonl has its room; likewise
  std::mutex command_mutex_;
  std::deque<run::Command> commands_;
  std::mutex stop_mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;   // guarded by stop_mutex_
  int wake_[2]{-1, -1};     // a byte here ends the reading of stdin
  std::thread heartbeat_, stdin_reader_, control_reader_;
};

/// Resident memory of this process in MB; 0 where it cannot be read.
double residentMemory_mb();

}  // namespace gadolin
