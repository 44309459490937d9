// A gadolin-worker that learns nothing: it keeps the protocol, or breaks it in one of the ways in
// which a real one can. The way is named by $GADOLIN_FAKE_MODE.

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "core/run/event.h"
#include "core/run/run_folder.h"

namespace {

using namespace gadolin;
using std::chrono::milliseconds;

class FakeWorker {
 public:
  FakeWorker(std::string mode, std::filesystem::path root, bool detached)
      : mode_(std::move(mode)), folder_{std::move(root)}, detached_(detached) {
    lock_ = ::open(folder_.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0 || ::flock(lock_, LOCK_EX) != 0) ::_exit(run::exit_bad_input);
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, pid.data(), pid.size(), 0) < 0) ::_exit(40);
    events_ = ::open(folder_.events().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }

  int work() {
    if (mode_ == "mute") return run::exit_internal;
    if (mode_ == "version") {
      put(R"({"v":2,"seq":1,"t":"2026-01-01T00:00:00.000Z","type":"hello"})"
          "\n");
      return listen(60'000);
    }
    emit(run::Hello{"0.1.0", "fake", "cpu", 1, ::getpid()});
    if (mode_ == "garbage") {
      for (int i = 0; i < 12; ++i)
        put("Segmentation fault (not really) " + std::to_string(i) + "\n");
      return listen(60'000);
    }
    if (mode_ == "one-bad-line") put("warning: something printed this\n");
    emit(run::StageBegin{"fibrosis", 0, 1, 3, 20});
    if (mode_ == "silent") return listen(60'000);
    if (mode_ == "deaf") {
      std::signal(SIGTERM, SIG_IGN);
      for (int i = 0; i < 600; ++i) {
        emit(run::Heartbeat{100, {}});
        std::this_thread::sleep_for(milliseconds(100));
      }
      return run::exit_finished;
    }
    if (mode_ == "flood") {
      for (int i = 1; i <= 200'000; ++i) emit(run::Batch{"fibrosis", 1, i, 200'000, 0.5, 100});
    }
    if (mode_ == "endless" || mode_ == "crash") {
      checkpoint();
      if (mode_ == "crash") std::raise(SIGKILL);
      return listen(60'000);
    }
    if (mode_ == "myocardium-only") {
      checkpoint("myocardium");
      return finished();
    }
    if (mode_ == "best") {  // two epochs, the second the best so far, the third still to come
      for (int epoch = 1; epoch <= 2; ++epoch) emitEpoch(epoch, 0.25 * epoch);
      emit(run::CheckpointSaved{"fibrosis", 2, "best", "checkpoints/fibrosis.best.safetensors",
                                0.5});
      return listen(60'000);
    }
    for (int epoch = 1; epoch <= 3; ++epoch) emitEpoch(epoch, 0.25 * epoch);
    // As after a resume from the checkpoint of epoch 1, while somebody looks on.
    if (mode_ == "repeat") {
      std::this_thread::sleep_for(milliseconds(1000));
      for (int epoch = 2; epoch <= 3; ++epoch) emitEpoch(epoch, 0.11 * epoch);
    }
    checkpoint();
    std::ofstream(folder_.calibration()) << R"({"fibrosis_threshold":0.5})";
    return finished();
  }

 private:
  void put(const std::string& text) const {
    if (detached_) return;
    if (mode_ != "half-lines") {
      write(STDOUT_FILENO, text);
      return;
    }
    for (std::size_t at = 0; at < text.size(); at += 7) {
      write(STDOUT_FILENO, text.substr(at, 7));
      std::this_thread::sleep_for(milliseconds(1));
    }
  }
  static void write(int descriptor, std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::write(descriptor, text.data(), text.size());
      if (n <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void emit(run::EventBody body) {
    const std::string line =
        run::encode({++seq_, "2026-01-01T00:00:00.000Z", std::move(body)}) + "\n";
    write(events_, line);
    if (mode_ == "gap" && seq_ == 4) return;  // lost on the pipe, there in the file
    put(line);
  }
  void emitEpoch(int epoch, double val_dice) {
    run::Epoch body;
    body.stage = "fibrosis";
    body.epoch = epoch;
    body.epochs = 3;
    body.train_loss = 1.0 / epoch;
    body.val_dice = val_dice;
    body.seconds = 0.01;
    emit(body);
  }
  void checkpoint(const std::string& stage = "fibrosis") {
    std::filesystem::create_directories(folder_.checkpoints());
    std::ofstream(folder_.checkpoint(stage, "latest")) << "weights";
    emit(run::CheckpointSaved{
        stage, 1, "latest", "checkpoints/" + stage + ".latest.safetensors", {}});
  }
  int finished() {
    emit(run::Done{"finished", "", ""});
    return run::exit_finished;
  }
  /// Waits for "cancel" in `control` and, attached, on stdin; the end of stdin counts as well.
  int listen(int limit_ms) {
    for (int waited = 0; waited < limit_ms; waited += 20) {
      pollfd in{detached_ ? -1 : STDIN_FILENO, POLLIN, 0};
      if (::poll(&in, 1, 20) > 0) return cancelled();
      if (std::filesystem::remove(folder_.control())) return cancelled();
      if (mode_ == "endless") emit(run::Heartbeat{100, {}});
    }
    return run::exit_finished;
  }
  int cancelled() {
    emit(run::Done{"cancelled", "", "cancelled"});
    return run::exit_cancelled;
  }

  std::string mode_;
  run::RunFolder folder_;
  bool detached_;
  int lock_ = -1;
  int events_ = -1;
  std::uint64_t seq_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  if (argc == 2 && std::string(argv[1]) == "version") {
    std::puts(R"({"program":"gadolin-worker","version":"0.1.0","torch":"fake","cuda":false})");
    return 0;
  }
  std::string folder;
  bool detached = false, resume = false;
  for (int i = 2; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--run-dir" && i + 1 < argc) folder = argv[++i];
    detached = detached || argument == "--detached";
    resume = resume || argument == "--resume";
  }
  const char* mode = std::getenv("GADOLIN_FAKE_MODE");
  return FakeWorker(resume || mode == nullptr ? "ok" : mode, folder, detached).work();
}
