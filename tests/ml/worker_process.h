#pragma once
// gadolin-worker as a process of its own, and a run folder that it can train.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/hash.h"
#include "core/run/event.h"
#include "core/run/line_buffer.h"
#include "tests/ml/ring_cohort.h"
#include "tests/support/temp_folder.h"

namespace gadolin::test {

/// gadolin-worker with pipes on stdin and stdout; stderr goes to a file.
class Worker {
 public:
  Worker(std::vector<std::string> arguments, const std::filesystem::path& errors) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) std::abort();
    arguments.insert(arguments.begin(), GADOLIN_BIN_DIR "/gadolin-worker");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const std::string error_path = errors.string();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      const int file = ::open(error_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      ::dup2(file, STDERR_FILENO);
      ::signal(SIGHUP, SIG_DFL);  // under nohup it would be ignored
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    stdout_ = out[0];
  }
  ~Worker() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    closeStdin();
    ::close(stdout_);
  }
  void say(const std::string& line) {
    const std::string text = line + "\n";
    EXPECT_EQ(::write(stdin_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void closeStdin() {
    if (stdin_ >= 0) ::close(stdin_);
    stdin_ = -1;
  }
  /// Reads events until one of type T came, or the end; true when it came.
  template <typename T>
  bool waitFor() {
    while (const auto event = next())
      if (std::holds_alternative<T>(event->body)) return true;
    return false;
  }
  std::optional<run::Event> next() {
    for (;;) {
      if (const auto line = lines_.next()) {
        auto event = run::decode(*line);
        EXPECT_TRUE(event) << *line;
        if (!event) continue;
        events.push_back(*event);
        return *event;
      }
      char bytes[4096];
      const ssize_t n = ::read(stdout_, bytes, sizeof bytes);
      if (n <= 0) return std::nullopt;
      lines_.feed({bytes, static_cast<std::size_t>(n)});
    }
  }
  int exitStatus() {
    while (next()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  [[nodiscard]] pid_t pid() const { return pid_; }
  std::vector<run::Event> events;

 private:
  pid_t pid_ = -1;
  int stdin_ = -1, stdout_ = -1;
  run::LineBuffer lines_;
};

class WorkerTest : public ::testing::Test {
 protected:
  void prepare(run::RunConfig config) {
    ASSERT_TRUE(makePrivateFolder(folder_.root));
    ASSERT_TRUE(dataset::writeFrozenDataset(folder_.dataset(), cohort_.stacks));
    config.dataset_sha256 = sha256HexOfFile(folder_.dataset()).value();
    ASSERT_TRUE(run::writeRunConfig(folder_.config(), config));
  }
  run::RunConfig longConfig() {
    auto config = ringConfig(run::Supervision::Pixel);
    EXPECT_TRUE(config.settings.set("myocardium.epochs", "5000"));
    return config;
  }
  Worker start(std::vector<std::string> more = {}, const std::string& verb = "train") {
    std::vector<std::string> arguments{verb, "--run-dir", folder_.root.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Worker(arguments, errors());
  }
  std::filesystem::path errors() const { return temporary_.path() / "stderr"; }
  std::string said() const { return readFile(errors()).value(); }

  TempFolder temporary_;
  run::RunFolder folder_{temporary_.path() / "run"};
  RingCohort cohort_{9};
};

}  // namespace gadolin::test
