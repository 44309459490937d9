#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "app/worker/exit_status.h"
#include "core/base/files.h"
#include "core/run/event.h"
#include "tests/ml/ring_cohort.h"
#include "tests/ml/worker_process.h"

namespace gadolin {
namespace {

using namespace std::chrono_literals;
using test::Worker;
using test::WorkerTest;

TEST_F(WorkerTest, TrainsAndPredictsAndItsEventsAreTheFile) {
  prepare(test::ringConfig(run::Supervision::Pixel));
  Worker worker = start();
  EXPECT_EQ(worker.exitStatus(), run::exit_finished) << said();
  ASSERT_FALSE(worker.events.empty());
  ASSERT_TRUE(std::holds_alternative<run::Hello>(worker.events.front().body));
  ASSERT_TRUE(std::holds_alternative<run::Done>(worker.events.back().body));
  EXPECT_EQ(std::get<run::Done>(worker.events.back().body).status, "finished");
  for (std::size_t i = 0; i < worker.events.size(); ++i) EXPECT_EQ(worker.events[i].seq, i + 1);
  std::ifstream file(folder_.events());
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line); ++lines)
    EXPECT_EQ(line, run::encode(worker.events.at(lines)));
  EXPECT_EQ(lines, worker.events.size());

  Worker predictor = start({}, "predict");
  EXPECT_EQ(predictor.exitStatus(), run::exit_finished) << said();
  for (const auto& stack : cohort_.stacks)
    EXPECT_TRUE(std::filesystem::exists(folder_.prediction(stack.stack))) << stack.stack;
  EXPECT_EQ(predictor.events.front().seq, 1U) << "every life counts from one";

  Worker again = start();
  EXPECT_EQ(again.exitStatus(), run::exit_bad_input) << "a finished run is not trained over";
}

TEST_F(WorkerTest, CancelLeavesACheckpointAndASecondWorkerIsRefusedMeanwhile) {
  prepare(longConfig());
  Worker worker = start();
  ASSERT_TRUE(worker.waitFor<run::Batch>()) << said();
  Worker second = start({"--resume"});
  EXPECT_EQ(second.exitStatus(), run::exit_bad_input);
  EXPECT_NE(said().find("another worker"), std::string::npos) << said();
  worker.say("cancel");
  EXPECT_EQ(worker.exitStatus(), run::exit_cancelled);
  EXPECT_EQ(std::get<run::Done>(worker.events.back().body).status, "cancelled");
  EXPECT_TRUE(std::filesystem::exists(folder_.checkpoint("myocardium", "latest")));

  Worker resumed = start({"--resume"});
  ASSERT_TRUE(resumed.waitFor<run::Batch>()) << "the lock is free again: " << said();
  resumed.say("checkpoint-now");
  EXPECT_TRUE(resumed.waitFor<run::CheckpointSaved>());
  resumed.say("stop-after-epoch");
  EXPECT_EQ(resumed.exitStatus(), run::exit_cancelled);
}

TEST_F(WorkerTest, ATrainingTakesTheCoresThatTheWindowLeaves) {
  prepare(longConfig());
  Worker worker = start();
  ASSERT_TRUE(worker.waitFor<run::Batch>()) << said();
  // Threads inherit it: those that compute are below the window too.
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(worker.pid()) + "/task")) {
    const auto thread = static_cast<id_t>(std::stol(task.path().filename().string()));
    EXPECT_EQ(::getpriority(PRIO_PROCESS, thread), 10) << task.path();
  }
}

TEST_F(WorkerTest, EndOfStdinMeansTheParentIsGone) {
  prepare(longConfig());
  Worker worker = start();
  ASSERT_TRUE(worker.waitFor<run::Batch>()) << said();
  worker.closeStdin();
  EXPECT_EQ(worker.exitStatus(), run::exit_cancelled);
  EXPECT_TRUE(std::filesystem::exists(folder_.checkpoint("myocardium", "latest")));
}

TEST_F(WorkerTest, DetachedObeysTheControlFileAndOutlivesAClosedStdin) {
  prepare(longConfig());
  Worker worker = start({"--detached"});
  worker.closeStdin();
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  const auto batches = [&] {
    const auto text = readFile(folder_.events());
    return text && text->find("\"batch\"") != std::string::npos;
  };
  while (!batches() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(100ms);
  ASSERT_TRUE(batches());
  ASSERT_TRUE(writeFileAtomically(folder_.control(), std::string_view("stop-after-epoch\n")));
  EXPECT_EQ(worker.exitStatus(), run::exit_cancelled);
  EXPECT_TRUE(worker.events.empty()) << "a detached worker says nothing on stdout";
  EXPECT_FALSE(std::filesystem::exists(folder_.control()));
}

TEST_F(WorkerTest, AnAttachedWorkerIsStoppedByTheControlFileToo) {
  prepare(longConfig());
  Worker worker = start();
  ASSERT_TRUE(worker.waitFor<run::Batch>()) << said();
  const auto holder = readFile(folder_.lock());
  ASSERT_TRUE(holder);
  EXPECT_EQ(*holder, std::to_string(worker.pid()) + "\ntrain\n");
  ASSERT_TRUE(writeFileAtomically(folder_.control(), std::string_view("cancel\n")));
  EXPECT_EQ(worker.exitStatus(), run::exit_cancelled);
  EXPECT_EQ(std::get<run::Done>(worker.events.back().body).status, "cancelled");
  EXPECT_TRUE(std::filesystem::exists(folder_.checkpoint("myocardium", "latest")));
  EXPECT_FALSE(std::filesystem::exists(folder_.control()));
  EXPECT_FALSE(std::filesystem::exists(folder_.controlTaken()));
}

TEST_F(WorkerTest, ATerminatedWorkerWritesItsCheckpointFirst) {
  prepare(longConfig());
  for (const int signal_number : {SIGTERM, SIGHUP}) {
    Worker worker = start({"--resume"});
    ASSERT_TRUE(worker.waitFor<run::Batch>()) << said();
    std::filesystem::remove(folder_.checkpoint("myocardium", "latest"));
    ASSERT_EQ(::kill(worker.pid(), signal_number), 0);
    EXPECT_EQ(worker.exitStatus(), run::exit_cancelled) << signal_number;
    EXPECT_EQ(std::get<run::Done>(worker.events.back().body).status, "cancelled");
    EXPECT_TRUE(std::filesystem::exists(folder_.checkpoint("myocardium", "latest")));
  }
}

TEST_F(WorkerTest, ACommandForAWorkerThatDiedDoesNotStopTheNextOne) {
  prepare(longConfig());
  ASSERT_TRUE(writeFileAtomically(folder_.control(), std::string_view("cancel\n")));
  std::this_thread::sleep_for(100ms);  // the start of a process is known to 10 ms
  Worker worker = start();
  ASSERT_TRUE(worker.waitFor<run::Heartbeat>());
  ASSERT_TRUE(worker.waitFor<run::Heartbeat>()) << "the file is looked at once a second";
  ASSERT_TRUE(worker.waitFor<run::Batch>()) << said();
  EXPECT_FALSE(std::filesystem::exists(folder_.control()));
  worker.say("cancel");
  EXPECT_EQ(worker.exitStatus(), run::exit_cancelled);
}

TEST_F(WorkerTest, WhatAKilledWorkerWasWritingIsRemovedByTheNextOne) {
  auto config = test::ringConfig(run::Supervision::Pixel);
  config.stage = "myocardium";
  prepare(config);
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(dead, nullptr, 0), dead);
  const std::string name = ".tmp-" + std::to_string(dead) + "-4";
  for (const auto& path : {folder_.root, folder_.checkpoints(), folder_.predictions()}) {
    ASSERT_TRUE(makePrivateFolder(path));
    std::ofstream(path / name) << "half a checkpoint";
  }
  Worker worker = start();
  EXPECT_EQ(worker.exitStatus(), run::exit_finished) << said();
  for (const auto& path : {folder_.root, folder_.checkpoints(), folder_.predictions()})
    EXPECT_FALSE(std::filesystem::exists(path / name)) << path;
}

TEST_F(WorkerTest, ARunOfTheFirstStageAloneIsNotPredictedWith) {
  auto config = test::ringConfig(run::Supervision::Pixel);
  config.stage = "myocardium";
  prepare(config);
  Worker worker = start();
  ASSERT_EQ(worker.exitStatus(), run::exit_finished) << said();
  Worker predictor = start({}, "predict");
  EXPECT_EQ(predictor.exitStatus(), run::exit_bad_input);
  EXPECT_EQ(std::get<run::Hello>(predictor.events.front().body).work, run::Work::Predict);
  EXPECT_NE(said().find("no fibrosis network"), std::string::npos) << said();
  EXPECT_FALSE(std::filesystem::exists(folder_.prediction("s0")));
}

TEST_F(WorkerTest, KilledWorkerIsResumedFromItsFile) {
  auto config = longConfig();
  prepare(config);
  {
    Worker worker = start();
    ASSERT_TRUE(worker.waitFor<run::Epoch>()) << said();
    worker.say("checkpoint-now");
    ASSERT_TRUE(worker.waitFor<run::CheckpointSaved>());
  }  // kill -9
  Worker resumed = start({"--resume"});
  ASSERT_TRUE(resumed.waitFor<run::Epoch>()) << said();
  EXPECT_GE(std::get<run::Epoch>(resumed.events.back().body).epoch, 1);
  resumed.say("cancel");
  EXPECT_EQ(resumed.exitStatus(), run::exit_cancelled);
}

TEST_F(WorkerTest, AModelFolderThatIsNoneEndsAsBadInputDoesAndNotAsAFaultOfTheProgram) {
  const auto statusOf = [this](const std::string& verb) {
    Worker worker = verb == "export" ? start({"--out", (temporary_.path() / "out").string()}, verb)
                                     : start({}, verb);
    return worker.exitStatus();
  };
  for (const char* verb : {"check-model", "export"}) {
    std::filesystem::remove_all(folder_.root);
    EXPECT_EQ(statusOf(verb), run::exit_bad_input) << "no run.json: " << said();
    EXPECT_NE(said().find("run.json"), std::string::npos) << said();
    prepare(test::ringConfig(run::Supervision::Pixel));
    EXPECT_EQ(statusOf(verb), run::exit_bad_input) << "no weights: " << said();
    EXPECT_NE(said().find("myocardium"), std::string::npos) << said();
    ASSERT_TRUE(makePrivateFolder(folder_.checkpoints()));
    for (const char* stage : {"myocardium", "fibrosis"})
      std::ofstream(folder_.checkpoint(stage, "best")) << "no tensors";
    EXPECT_EQ(statusOf(verb), run::exit_bad_input) << "broken weights: " << said();
    EXPECT_NE(said().find("myocardium.best.safetensors"), std::string::npos) << said();
  }
}

TEST(ExitStatus, TellsMemoryAndInputFromFaultsOfTheProgram) {
  EXPECT_EQ(exitStatus(ErrorCode::OutOfMemory), run::exit_out_of_memory);
  EXPECT_EQ(exitStatus(ErrorCode::Cancelled), run::exit_cancelled);
  for (const auto code : {ErrorCode::NotFound, ErrorCode::InvalidInput, ErrorCode::Corrupt,
                          ErrorCode::NewerVersion, ErrorCode::Conflict})
    EXPECT_EQ(exitStatus(code), run::exit_bad_input) << codeName(code);
  for (const auto code : {ErrorCode::Internal, ErrorCode::NoSpace, ErrorCode::Io})
    EXPECT_EQ(exitStatus(code), run::exit_internal) << codeName(code);
}

TEST_F(WorkerTest, BadInputIsTwentyWithASentence) {
  Worker nowhere = start();
  EXPECT_EQ(nowhere.exitStatus(), run::exit_bad_input);
  EXPECT_NE(said().find("no such run folder"), std::string::npos);

  for (auto& stack : cohort_.stacks) stack.labels.clear();
  prepare(test::ringConfig(run::Supervision::Stack));
  Worker unlabelled = start();
  EXPECT_EQ(unlabelled.exitStatus(), run::exit_bad_input);
  const auto& done = std::get<run::Done>(unlabelled.events.back().body);
  EXPECT_EQ(done.status, "failed");
  EXPECT_NE(done.message.find("labelled fibrosis"), std::string::npos) << done.message;

  prepare(test::ringConfig(run::Supervision::Pixel));
  cohort_.images[0][0] += 1;
  ASSERT_TRUE(dataset::writeFrozenDataset(folder_.dataset(), cohort_.stacks));
  Worker changed = start();
  EXPECT_EQ(changed.exitStatus(), run::exit_bad_input);
  EXPECT_NE(said().find("not the dataset"), std::string::npos) << said();

  std::ofstream(folder_.config()) << "{}";
  Worker broken = start();
  EXPECT_EQ(broken.exitStatus(), run::exit_bad_input);
  EXPECT_TRUE(std::holds_alternative<run::Hello>(broken.events.front().body))
      << "whose last word it is must be known even when it fails at once";
}

}  // namespace
}  // namespace gadolin
