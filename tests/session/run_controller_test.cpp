#include "ui/session/run_controller.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <fstream>

#include "core/base/files.h"
#include "database/runs.h"
#include "tests/session/qt_main.h"
#include "tests/session/trainable_project.h"
#include "ui/session/run_catalog.h"
#include "ui/session/run_preparation.h"
#include "ui/session/run_request.h"

namespace gadolin::session {
namespace {

using gadolin::test::waitFor;

class RunControl : public test::TrainableProject {
 protected:
  RunControl() { qputenv("GADOLIN_WORKER", FAKE_WORKER); }
  void listen(RunController& controller) {
    controller.setTimings(
        {.silence_ms = 400, .polite_ms = 400, .terminate_ms = 300, .poll_ms = 30});
    QObject::connect(&controller, &RunController::statusChanged, &controller,
                     [this](const RunStatus& status) {
                       const QString name = statusName(status);
                       if (states.isEmpty() || states.back() != name) states << name;
                     });
    QObject::connect(&controller, &RunController::epoch, &controller,
                     [this](const run::Epoch& epoch) { epochs.push_back(epoch.epoch); });
    QObject::connect(&controller, &RunController::ended, &controller, [this] { ++ended; });
  }
  void start(RunController& controller, const char* mode, Launch launch = Launch::Attached) {
    qputenv("GADOLIN_FAKE_MODE", mode);
    listen(controller);
    controller.start({}, launch);
  }
  bool waitForEnd() {
    return waitFor([this] { return ended > 0; }, 15'000);
  }
  bool waitForState(const RunController& controller, const char* name) {
    return waitFor([&] { return statusName(controller.status()) == QLatin1String(name); }, 10'000);
  }
  db::RunRecord row(const std::string& id) {
    const auto record = db::runById(project->reader(), id);
    EXPECT_TRUE(record.ok());
    return record.ok() ? *record : db::RunRecord{};
  }
  QStringList states;
  std::vector<int> epochs;
  int ended = 0;
};

TEST_F(RunControl, ATrainingGoesFromTheClickToFinished) {
  RunController controller(*project);
  start(controller, "ok");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(states.first(), QStringLiteral("preparing"));
  EXPECT_TRUE(states.contains(QStringLiteral("starting")));
  EXPECT_EQ(states.last(), QStringLiteral("finished"));
  EXPECT_EQ(epochs, (std::vector{1, 2, 3}));
  EXPECT_EQ(row(controller.runId()).state, db::RunState::Finished);
  const auto folder_of_run = controller.folder();
  const auto config = run::readRunConfig(folder_of_run.config());
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->id, controller.runId());
  const auto dataset = dataset::FrozenDataset::open(folder_of_run.dataset());
  ASSERT_TRUE(dataset.ok());
  EXPECT_EQ(dataset->stacks().size(), 6u);
  const auto history = readCurves(folder_of_run);
  ASSERT_TRUE(history.ok());
  ASSERT_EQ(history->epochs.size(), 3u);
  EXPECT_EQ(history->epochs[2].val_dice, 0.75);
}

TEST_F(RunControl, AskingForAGraphicsCardThatIsNotThereMakesNoRun) {
  RunController controller(*project);
  qputenv("GADOLIN_FAKE_MODE", "ok");
  listen(controller);
  RunRequest request;
  request.device = "cuda";
  controller.start(request, Launch::Attached);
  ASSERT_TRUE(waitForEnd());
  const Error error = std::get<Failed>(controller.status()).error;
  EXPECT_NE(error.message.find("--device cpu"), std::string::npos) << error.message;
  EXPECT_TRUE(controller.runId().empty());
  EXPECT_TRUE(std::filesystem::is_empty(project->paths().runs()));
}

TEST_F(RunControl, ARefusalLeavesNothingBehind) {
  ASSERT_TRUE(project
                  ->writeNow<int>([](db::Database& database) -> Result<int> {
                    GADOLIN_CHECK(db::replaceSplit(database, {}));
                    return 0;
                  })
                  .ok());
  RunController controller(*project);
  start(controller, "ok");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(std::get<Failed>(controller.status()).error.code, ErrorCode::Conflict);
  EXPECT_TRUE(controller.runId().empty());
  EXPECT_TRUE(std::filesystem::is_empty(project->paths().runs()));
  EXPECT_TRUE(db::runs(project->reader())->empty());
}

TEST_F(RunControl, AMissingWorkerIsSaidBeforeAnythingIsWritten) {
  qputenv("GADOLIN_WORKER", "/nonexistent/gadolin-worker");
  RunController controller(*project);
  start(controller, "ok");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(std::get<Failed>(controller.status()).error.code, ErrorCode::NotFound);
  EXPECT_TRUE(std::filesystem::is_empty(project->paths().runs()));
}

TEST_F(RunControl, AKilledWorkerShowsFailedAndGoesOnFromItsCheckpoint) {
  RunController controller(*project);
  start(controller, "crash");
  ASSERT_TRUE(waitForEnd());
  const auto& failed = std::get<Failed>(controller.status());
  EXPECT_EQ(failed.error.code, ErrorCode::WorkerLost);
  EXPECT_TRUE(failed.resumable);
  EXPECT_EQ(row(controller.runId()).state, db::RunState::Failed);

  RunController again(*project);
  ended = 0;
  listen(again);
  again.resume(controller.runId(), Launch::Attached);
  ASSERT_TRUE(waitForEnd());
  EXPECT_TRUE(std::holds_alternative<Finished>(again.status()));
  EXPECT_EQ(row(again.runId()).state, db::RunState::Finished);
  EXPECT_EQ(readCurves(again.folder())->lives, 2);

  RunController third(*project);
  ended = 0;
  listen(third);
  third.resume(controller.runId(), Launch::Attached);
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(std::get<Failed>(third.status()).error.code, ErrorCode::Conflict);
  EXPECT_EQ(row(controller.runId()).state, db::RunState::Finished) << "a refusal changes no row";
}

/// Epochs beyond those planned that run.json speaks of after they were asked for.
class TrainedLonger : public RunControl {
 protected:
  Result<bool> longer(int more) {
    return prepareResume(project->reader(), project->paths(), id, more);
  }
  int asked() {
    const auto config = run::readRunConfig(project->paths().run(id).config());
    EXPECT_TRUE(config.ok());
    return config.ok() ? config->extra_epochs : -1;
  }
  /// What a worker writes that begins the stage anew and trains one epoch of it.
  void trainOne(int number, int planned) {
    run::Epoch body;
    body.stage = "fibrosis";
    body.epoch = number;
    body.epochs = planned;
    std::ofstream events(project->paths().run(id).events(), std::ios::app);
    for (const run::EventBody& one :
         {run::EventBody{run::Hello{"0.1.0", "fake", "cpu", 1, 4711}},
          run::EventBody{run::StageBegin{"fibrosis", 0, 1, planned, 20}}, run::EventBody{body}})
      events << run::encode({1, "2026-01-01T00:00:00.000Z", one}) << "\n";
  }
  std::string id;
};

TEST_F(TrainedLonger, AskedForTwiceBeforeAWorkerStartsTheEpochsAreAddedOnce) {
  RunController controller(*project);
  start(controller, "ok");  // three epochs
  ASSERT_TRUE(waitForEnd());
  id = controller.runId();
  ASSERT_TRUE(longer(5).ok());
  EXPECT_EQ(asked(), 5);
  ASSERT_TRUE(longer(5).ok());
  EXPECT_EQ(asked(), 5) << "no worker has been at them";
  ASSERT_TRUE(longer(2).ok());
  EXPECT_EQ(asked(), 2) << "thought better of it";
  trainOne(4, 3 + 2);
  ASSERT_TRUE(longer(5).ok());
  EXPECT_EQ(asked(), 2 + 5) << "those were trained";
  // An epoch that is trained again says of how many it is now.
  for (const int number : {1, 2, 3}) trainOne(number, 3 + 7);
  ASSERT_TRUE(longer(5).ok());
  EXPECT_EQ(asked(), 7 + 5);
  for (const int far : {-1, run::most_extra_epochs}) {
    const auto refused = longer(far);
    ASSERT_FALSE(refused.ok()) << far;
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  }
  EXPECT_EQ(asked(), 12) << "a refusal changes no file";
}

TEST_F(TrainedLonger, ARunWhoseLastStageHasNotBegunCannotBeMadeLongerYet) {
  RunController controller(*project);
  start(controller, "mute");
  ASSERT_TRUE(waitForEnd());
  id = controller.runId();
  const auto refused = longer(5);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
  EXPECT_NE(refused.error().message.find("(fibrosis) has not begun"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(asked(), 0);
  EXPECT_TRUE(longer(0).ok()) << "it can go on";
}

TEST_F(RunControl, StoppingIsPolite) {
  RunController controller(*project);
  start(controller, "endless");
  ASSERT_TRUE(waitForState(controller, "running"));
  controller.stop();
  ASSERT_TRUE(waitForEnd());
  EXPECT_TRUE(std::get<Cancelled>(controller.status()).resumable);
  EXPECT_TRUE(states.contains(QStringLiteral("stopping")));
  EXPECT_EQ(row(controller.runId()).state, db::RunState::Cancelled);
}

TEST_F(RunControl, AnAttachedRunObeysASecondControllerAndBothCallItCancelled) {
  RunController owner(*project);
  start(owner, "endless");
  ASSERT_TRUE(waitForState(owner, "running"));
  RunController other(*project);
  listen(other);
  other.setTimings({.polite_ms = 10'000, .poll_ms = 30});
  other.follow(owner.runId());
  ASSERT_TRUE(waitForState(other, "running"));
  other.stop();
  ASSERT_TRUE(waitFor([this] { return ended == 2; }, 15'000));
  // Its owner did not ask: had the worker been ended by a signal, it would be called failed.
  ASSERT_TRUE(std::holds_alternative<Cancelled>(owner.status()));
  EXPECT_TRUE(std::get<Cancelled>(owner.status()).resumable);
  EXPECT_TRUE(std::holds_alternative<Cancelled>(other.status()));
  EXPECT_EQ(row(owner.runId()).state, db::RunState::Cancelled);
  EXPECT_FALSE(std::filesystem::exists(owner.folder().control()));
}

TEST_F(RunControl, ADeafAttachedRunThatASecondControllerKillsIsCancelledWhoeverStoresLast) {
  RunController owner(*project);
  start(owner, "deaf");
  ASSERT_TRUE(waitForState(owner, "running"));
  RunController other(*project);
  listen(other);
  other.follow(owner.runId());
  ASSERT_TRUE(waitForState(other, "running"));
  other.stop();
  ASSERT_TRUE(waitFor([this] { return ended == 2; }, 15'000));
  EXPECT_TRUE(std::holds_alternative<Cancelled>(other.status()));
  EXPECT_EQ(row(owner.runId()).state, db::RunState::Cancelled);
}

TEST_F(RunControl, ASilentWorkerIsCalledNotResponding) {
  RunController controller(*project);
  start(controller, "silent");
  ASSERT_TRUE(waitForState(controller, "not-responding"));
  controller.stop();
  ASSERT_TRUE(waitForEnd());
  EXPECT_TRUE(std::holds_alternative<Cancelled>(controller.status()));
}

TEST_F(RunControl, ADetachedRunOutlivesItsWindowAndIsFoundAgain) {
  std::string id;
  {
    RunController first(*project);
    start(first, "endless", Launch::Detached);
    ASSERT_TRUE(waitForState(first, "running"));
    id = first.runId();
    ASSERT_TRUE(waitFor([&] { return row(id).state == db::RunState::Running; }));
  }
  EXPECT_TRUE(workerAlive(project->paths().run(id)));
  RunCatalog catalog(*project);
  bool listed = false;
  QObject::connect(&catalog, &RunCatalog::changed, &catalog, [&] { listed = true; });
  catalog.refresh();
  ASSERT_TRUE(waitFor([&] { return listed; }));
  ASSERT_EQ(catalog.runs().size(), 1u);
  EXPECT_TRUE(catalog.runs()[0].alive);
  EXPECT_EQ(catalog.runs()[0].record.state, db::RunState::Running);

  RunController second(*project);
  listen(second);
  second.follow(id);
  ASSERT_TRUE(waitForState(second, "running"));
  second.stop();
  ASSERT_TRUE(waitForEnd());
  EXPECT_TRUE(std::get<Cancelled>(second.status()).resumable);
  EXPECT_EQ(row(id).state, db::RunState::Cancelled);
  EXPECT_FALSE(std::filesystem::exists(second.folder().control()));
}

TEST_F(RunControl, ADetachedWorkerThatIsDeafIsEndedByItsOwnPid) {
  RunController controller(*project);
  start(controller, "deaf", Launch::Detached);
  ASSERT_TRUE(waitForState(controller, "running"));
  QElapsedTimer clock;
  clock.start();
  controller.stop();
  ASSERT_TRUE(waitForEnd());
  EXPECT_GE(clock.elapsed(), 630);
  EXPECT_LT(clock.elapsed(), 4000);
  EXPECT_TRUE(std::holds_alternative<Cancelled>(controller.status()));
  EXPECT_FALSE(workerAlive(controller.folder()));
}

TEST_F(RunControl, ADetachedWorkerKilledFromOutsideIsNoticed) {
  RunController controller(*project);
  start(controller, "endless", Launch::Detached);
  ASSERT_TRUE(waitForState(controller, "running"));
  const auto pid = workerPid(controller.folder());
  ASSERT_TRUE(pid);
  ASSERT_EQ(::kill(static_cast<pid_t>(*pid), SIGKILL), 0);
  ASSERT_TRUE(waitForEnd());
  EXPECT_TRUE(std::get<Failed>(controller.status()).resumable);
}

TEST_F(RunControl, ARunThatBrokeOffWhileNobodyLookedIsSetRight) {
  qputenv("GADOLIN_FAKE_MODE", "ok");
  std::string id;
  {
    RunController controller(*project);
    start(controller, "crash");
    ASSERT_TRUE(waitForEnd());
    id = controller.runId();
  }
  // As it is after a power cut: the row says Running, and no worker is there.
  const auto paths = project->paths();
  const auto reconcile = [&] {
    return project->writeNow<int>([&](db::Database& database) -> Result<int> {
      GADOLIN_CHECK(db::setRunState(database, id, db::RunState::Running, {}));
      return reconcileRuns(database, paths);
    });
  };
  ASSERT_EQ(*reconcile(), 1);
  EXPECT_EQ(row(id).state, db::RunState::Failed);
  EXPECT_TRUE(listRuns(project->reader(), paths)->front().resumable);
  std::ofstream(paths.run(id).events(), std::ios::app)
      << run::encode({9, "t", run::Done{"finished", "", ""}}) << "\n";
  ASSERT_EQ(*reconcile(), 1);
  EXPECT_EQ(row(id).state, db::RunState::Finished);
}

TEST_F(RunControl, ARunThatNobodySawBeginIsNotCalledPreparedForEver) {
  const auto paths = project->paths();
  std::string id;
  {
    RunController controller(*project);
    start(controller, "ok");
    ASSERT_TRUE(waitForEnd());
    id = controller.runId();
  }
  const auto reconcile = [&](db::RunState from) {
    const auto changed = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      GADOLIN_CHECK(db::setRunState(database, id, from, {}));
      return reconcileRuns(database, paths);
    });
    return changed.ok() ? *changed : -1;
  };
  EXPECT_EQ(reconcile(db::RunState::Prepared), 1);
  EXPECT_EQ(row(id).state, db::RunState::Finished);
  EXPECT_EQ(listRuns(project->reader(), paths)->front().trained, run::Trained::Whole);
  // Stopped here, finished on another machine, and its folder came back.
  EXPECT_EQ(reconcile(db::RunState::Cancelled), 1);
  EXPECT_EQ(row(id).state, db::RunState::Finished);
  std::filesystem::remove(paths.run(id).root / "checkpoints/calibration.json");
  EXPECT_EQ(reconcile(db::RunState::Cancelled), 0) << "a part of it";

  // A worker that was never started leaves it as it is.
  std::filesystem::remove(paths.run(id).events());
  EXPECT_EQ(reconcile(db::RunState::Prepared), 0);
  EXPECT_EQ(row(id).state, db::RunState::Prepared);
}

TEST_F(RunControl, APredictionWithAStoppedRunDoesNotMakeItRunOrFinish) {
  const auto paths = project->paths();
  std::string id;
  {
    RunController controller(*project);
    start(controller, "endless");
    ASSERT_TRUE(waitForState(controller, "running"));
    controller.stop();
    ASSERT_TRUE(waitForEnd());
    id = controller.runId();
  }
  const run::RunFolder run = paths.run(id);
  const auto reconcile = [&] {
    const auto changed = project->writeNow<int>(
        [&](db::Database& database) { return reconcileRuns(database, paths); });
    return changed.ok() ? *changed : -1;
  };
  // This process plays the worker that predicts: another open file, so another owner of the lock.
  const int lock = ::open(run.lock().c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  ASSERT_EQ(::pwrite(lock, "4711\npredict\n", 13, 0), 13);
  std::ofstream(run.events(), std::ios::app)
      << run::encode({1, "t", run::Hello{"0.1.0", "fake", "cpu", 1, 4711, run::Work::Predict}})
      << "\n";
  EXPECT_EQ(reconcile(), 0);
  EXPECT_EQ(row(id).state, db::RunState::Cancelled);
  {
    const auto infos = listRuns(project->reader(), paths);
    ASSERT_TRUE(infos.ok());
    EXPECT_FALSE(infos->front().alive) << "the window would follow it as a training";
    EXPECT_TRUE(infos->front().predicting);
    EXPECT_FALSE(infos->front().resumable);
    EXPECT_EQ(infos->front().trained, run::Trained::InPart);
  }
  EXPECT_FALSE(signalWorker(run, SIGTERM)) << "a stop of the training must not end a prediction";
  RunController again(*project);
  ended = 0;
  listen(again);
  again.resume(id, Launch::Attached);
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(std::get<Failed>(again.status()).error.code, ErrorCode::Busy);
  std::ofstream(run.events(), std::ios::app)
      << run::encode({2, "t", run::Done{"finished", "", ""}}) << "\n";
  ::close(lock);
  EXPECT_EQ(reconcile(), 0);
  EXPECT_EQ(row(id).state, db::RunState::Cancelled);
  EXPECT_TRUE(listRuns(project->reader(), paths)->front().resumable);

  // A project in which that had happened is set right.
  ASSERT_TRUE(project
                  ->writeNow<int>([&](db::Database& database) -> Result<int> {
                    GADOLIN_CHECK(db::setRunState(database, id, db::RunState::Finished, {}));
                    return 0;
                  })
                  .ok());
  EXPECT_EQ(reconcile(), 1);
  EXPECT_EQ(row(id).state, db::RunState::Cancelled);
}

TEST_F(RunControl, ARunOfTheFirstStagesAloneOffersNoPrediction) {
  RunController controller(*project);
  start(controller, "myocardium-only");
  ASSERT_TRUE(waitForEnd());
  ASSERT_TRUE(std::holds_alternative<Finished>(controller.status()));
  EXPECT_EQ(trainedOf(controller.status()), run::Trained::Nothing);
  EXPECT_EQ(listRuns(project->reader(), project->paths())->front().trained, run::Trained::Nothing);
}

TEST_F(RunControl, ASettingThatTheWorkerWouldNotTakeMakesNoRun) {
  RunController controller(*project);
  qputenv("GADOLIN_FAKE_MODE", "ok");
  listen(controller);
  RunRequest request;
  request.settings = {{"predict.flips", "3"}};
  controller.start(request, Launch::Attached);
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(std::get<Failed>(controller.status()).error.code, ErrorCode::InvalidInput);
  EXPECT_TRUE(std::filesystem::is_empty(project->paths().runs()));
  EXPECT_TRUE(db::runs(project->reader())->empty());
}

TEST(Obstacles, TheFibrosisStageNeedsWhatTheStagesBeforeItNeed) {
  RunInputs inputs;
  for (PartInputs* part : {&inputs.train, &inputs.validation, &inputs.test}) {
    part->patients = part->stacks = 2;
    part->slices = 8;
  }
  RunRequest request;
  request.stage = "fibrosis";
  EXPECT_EQ(obstacles(inputs, request).size(), 3U) << "labels, labels to validate, masks";
  request.stage = "myocardium";
  EXPECT_EQ(obstacles(inputs, request).size(), 1U) << "masks";
}

TEST_F(RunControl, TheLogOfADetachedWorkerIsItsUsersAlone) {
  RunController controller(*project);
  start(controller, "ok", Launch::Detached);
  ASSERT_TRUE(waitForEnd());
  struct stat status {};
  ASSERT_EQ(::stat(controller.folder().log().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(RunControl, AStateThatTheDatabaseDoesNotTakeIsToldOf) {
  const run::RunFolder stray = project->paths().run("stray");  // a folder that has no row
  std::filesystem::create_directories(stray.root);
  std::ofstream(stray.events()) << run::encode(
                                       {1, "t", run::Hello{"0.1.0", "fake", "cpu", 1, 4711}})
                                << "\n"
                                << run::encode({2, "t", run::Done{"finished", "", ""}}) << "\n";
  RunController controller(*project);
  listen(controller);
  QStringList codes;
  QObject::connect(&controller, &RunController::warning, &controller,
                   [&codes](const QString& code) { codes << code; });
  controller.follow("stray");
  ASSERT_TRUE(waitForEnd());
  EXPECT_EQ(codes, (QStringList{QStringLiteral("database"), QStringLiteral("database")}))
      << "neither that it runs nor how it ended";
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
