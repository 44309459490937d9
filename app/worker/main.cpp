// gadolin-worker: trains and predicts in one run folder, speaks in events, and owns LibTorch.

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>

#include "app/worker/exit_status.h"
#include "app/worker/folder_lock.h"
#include "app/worker/model_orders.h"
#include "app/worker/pipe_reporter.h"
#include "app/worker/selftest.h"
#include "core/base/files.h"
#include "core/base/hash.h"
#include "ml/cascade/cascade.h"

namespace gadolin {
namespace {

struct Order {
  bool train = false;
  std::string run_dir;
  std::string input;  // of a prediction
  std::string out;    // of an export
  bool resume = false, detached = false;

  [[nodiscard]] run::Work work() const { return train ? run::Work::Train : run::Work::Predict; }
};

/// A log that outlives the terminal: stdout and stderr go to worker.log, stdin to nowhere.
Result<void> detachStreams(const run::RunFolder& folder) {
  const int log = ::open(folder.log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return systemError(errno, "open", folder.log().string());
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  ::close(log);
  if (nothing >= 0) ::close(nothing);
  return {};
}

Result<void> checkDataset(const run::RunFolder& folder, const run::RunConfig& config) {
  if (config.dataset_sha256.empty()) return {};
  GADOLIN_TRY(const std::string hash, sha256HexOfFile(folder.dataset()));
  if (hash != config.dataset_sha256)
    return Error{ErrorCode::Corrupt,
                 folder.dataset().string() +
                     ": this is not the dataset that the run was prepared with. "
                     "Prepare the run again."};
  return {};
}

Result<void> checkFresh(const run::RunFolder& folder) {
  std::error_code ignored;
  for (const char* stage : {"myocardium", "classifier", "fibrosis"})
    if (std::filesystem::exists(folder.checkpoint(stage, "latest"), ignored))
      return Error{ErrorCode::Conflict,
                   folder.root.string() +
                       ": this run has checkpoints already. Resume it, or prepare a "
                       "new run."};
  return {};
}

/// What an earlier worker of this run was writing when it was killed: up to a checkpoint's 90 MB.
void sweep(const run::RunFolder& folder, PipeReporter& reporter) {
  for (const auto& path : {folder.root, folder.checkpoints(), folder.previews(),
                           folder.pseudoMasks(), folder.trimmedPseudoMasks(),
                           folder.predictions()})
    if (const auto swept = removeDeadTemporaries(path); !swept)
      reporter.emit(run::Warning{"temporaries", swept.error().message});
}

Result<void> obey(const Order& order, const run::RunFolder& folder, PipeReporter& reporter) {
  const auto config_or_error = run::readRunConfig(folder.config());
  const Result<std::string> device = config_or_error ? ml::describeDevice(config_or_error->device)
                                                     : Result<std::string>(config_or_error.error());
  // First, whatever comes: whoever reads the file later must know whose last word "failed" is.
  run::Hello hello;
  hello.program_version = GADOLIN_VERSION;
  hello.torch_version = ml::torchVersion();
  if (device) hello.device = *device;
  hello.threads = ml::setThreads(config_or_error ? config_or_error->threads : 0);
  hello.pid = ::getpid();
  hello.work = order.work();
  reporter.emit(hello);
  GADOLIN_CHECK(device);
  const run::RunConfig& config = *config_or_error;
  sweep(folder, reporter);
  if (order.train) {
    GADOLIN_CHECK(checkDataset(folder, config));
    if (!order.resume) GADOLIN_CHECK(checkFresh(folder));
  }
  const std::filesystem::path input =
      order.train || order.input.empty() ? folder.dataset() : std::filesystem::path(order.input);
  GADOLIN_TRY(const dataset::FrozenDataset dataset, dataset::FrozenDataset::open(input));
  for (const auto& path : {folder.checkpoints(), folder.previews()})
    GADOLIN_CHECK(makePrivateFolder(path));
  ml::CascadeRun run;
  run.folder = folder;
  run.config = config;
  run.dataset = &dataset;
  run.reporter = &reporter;
  return order.train ? ml::trainCascade(run) : ml::predictCascade(run);
}

int work(const Order& order) {
  PipeReporter::obeySignals();
  // An absolute folder: everything else is named from it.
  std::error_code failed;
  const run::RunFolder folder{std::filesystem::absolute(order.run_dir, failed).lexically_normal()};
  if (failed || !std::filesystem::is_directory(folder.root, failed)) {
    std::fprintf(stderr, "%s: there is no such run folder.\n", order.run_dir.c_str());
    return run::exit_bad_input;
  }
  const auto lock = FolderLock::take(folder.lock(), order.work());
  if (!lock) {
    std::fprintf(stderr, "%s\n", lock.error().message.c_str());
    return exitStatus(lock.error().code);
  }
  if (order.detached)
    if (const auto detached = detachStreams(folder); !detached) {
      std::fprintf(stderr, "%s\n", detached.error().message.c_str());
      return exitStatus(detached.error().code);
    }
  auto reporter = PipeReporter::start(folder, order.detached);
  if (!reporter) {
    std::fprintf(stderr, "%s\n", reporter.error().message.c_str());
    return exitStatus(reporter.error().code);
  }
  const Result<void> result = obey(order, folder, **reporter);
  run::Done done;
  if (result) {
    done.status = "finished";
  } else {
    done.status = result.error().code == ErrorCode::Cancelled ? "cancelled" : "failed";
    done.message = result.error().message;
    done.code = codeName(result.error().code);
    std::fprintf(stderr, "%s\n", done.message.c_str());
  }
  (*reporter)->emit(done);
  return result ? run::exit_finished : exitStatus(result.error().code);
}

/// Threads of OpenMP that wait must sleep, not spin: the window needs the cores too. OpenBLAS gets
/// no threads of its own: they spin for milliseconds after each of the small products of a step, on
/// the cores that OpenMP computes on (58 images a second where 101 are possible, 2 cores). Both
/// read their environment when they are loaded, so the program starts itself once more.
void settleThreads(char** arguments) {
  bool changed = false;
  const auto unlessSet = [&changed](const char* name, const char* value) {
    if (std::getenv(name) != nullptr) return;
    ::setenv(name, value, 1);
    changed = true;
  };
  unlessSet("OPENBLAS_NUM_THREADS", "1");
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) unlessSet("GOMP_SPINCOUNT", "2000");
  if (changed) ::execv("/proc/self/exe", arguments);
}

/// Whoever sits at the machine comes first: a training takes what the window leaves. Not the lowest
/// priority, or another program that computes for hours would stop it.
void stepBack() {
  constexpr int less_urgent = 10;
  if (::setpriority(PRIO_PROCESS, 0, less_urgent) != 0) return;
  // A detached worker is a session of its own, and Linux shares between sessions before it looks
  // at the priorities of their processes. Absent on kernels without such groups.
  if (std::FILE* group = std::fopen("/proc/self/autogroup", "w")) {
    std::fprintf(group, "%d", less_urgent);
    std::fclose(group);
  }
}

}  // namespace
}  // namespace gadolin

int main(int argc, char** argv) {
  using namespace gadolin;
  settleThreads(argv);
  stepBack();
  std::signal(SIGPIPE, SIG_IGN);
  ::umask(077);  // images of patients: nobody else's, whichever library makes the file
  // Freed tensors stay with the process: giving their pages back and faulting them in again at
  // every step takes longer than the step.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, 2147483647);
  ::mallopt(M_TOP_PAD, 64 << 20);

  CLI::App app{"Trains Gadolin's cascade and predicts with it, in one run folder.",
               "gadolin-worker"};
  app.require_subcommand(1);
  Order order;
  auto* train = app.add_subcommand("train", "Train the run of a folder");
  auto* predict = app.add_subcommand("predict", "Predict with the run of a folder");
  for (auto* command : {train, predict}) {
    command->add_option("--run-dir", order.run_dir, "The run folder")->required();
    command->add_flag(
        "--detached", order.detached,
        "No pipes: commands come in the file 'control' alone, the log goes to worker.log");
  }
  train->add_flag("--resume", order.resume, "Go on where the checkpoints end");
  predict->add_option("--input", order.input, "Frozen dataset to predict instead of the run's own");
  auto* model =
      app.add_subcommand("export", "Write the networks of a run as TorchScript and safetensors");
  model->add_option("--run-dir", order.run_dir, "The run folder")->required();
  model->add_option("--out", order.out, "The folder to write to")->required();
  auto* check =
      app.add_subcommand("check-model", "Whether the weights of a run folder fit its settings");
  check->add_option("--run-dir", order.run_dir, "The run folder")->required();
  auto* selftest = app.add_subcommand("selftest", "Learn a small phantom and say how well");
  auto* version = app.add_subcommand("version", "Print one JSON line");
  CLI11_PARSE(app, argc, argv);
  try {
    if (version->parsed()) {
      std::printf("%s\n", nlohmann::json{{"program", "gadolin-worker"},
                                         {"version", GADOLIN_VERSION},
                                         {"torch", ml::torchVersion()},
                                         {"cuda", ml::cudaAvailable()}}
                              .dump()
                              .c_str());
      return 0;
    }
    if (selftest->parsed()) {
      ml::setThreads(0);
      const auto tested = selfTest();
      if (!tested) std::fprintf(stderr, "%s\n", tested.error().message.c_str());
      return tested ? run::exit_finished : exitStatus(tested.error().code);
    }
    if (model->parsed()) return exportModel(order.run_dir, order.out);
    if (check->parsed()) return checkModel(order.run_dir);
    order.train = train->parsed();
    return work(order);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "The memory of this machine is used up.\n");
    return run::exit_out_of_memory;
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return run::exit_internal;
  }
}
