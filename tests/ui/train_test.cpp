// A training as a person sees it: one click, curves, stop, a worker that dies, a window that
// closes.

#include <signal.h>

#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>

#include "core/base/files.h"
#include "core/run/run_folder.h"
#include "database/runs.h"
#include "tests/ui/window_fixture.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/run_panel.h"
#include "ui/widgets/train_workspace.h"

namespace gadolin {
namespace {

class Training : public test::WindowFixture {
 protected:
  void openTrain(const char* worker) {
    qputenv("GADOLIN_WORKER", FAKE_WORKER);
    qputenv("GADOLIN_FAKE_MODE", worker);
    test::PhantomOptions options;
    options.patients = 8;
    options.labels_from_masks = true;
    ASSERT_NO_FATAL_FAILURE(openWindow(options));
    show<widgets::TrainWorkspace>(widgets::Place::Train);
  }
  QPushButton& button(const char* name) {
    auto* found = window_->findChild<QPushButton*>(QString::fromLatin1(name));
    EXPECT_NE(found, nullptr) << name;
    return *found;
  }
  void click(const char* name) {
    ASSERT_TRUE(button(name).isVisible() && button(name).isEnabled()) << name;
    QTest::mouseClick(&button(name), Qt::LeftButton);
  }
  /// Until its first stage is shown.
  void startWorker(pid_t& pid) {
    ASSERT_NO_FATAL_FAILURE(click("startTraining"));
    ASSERT_TRUE(waitForState(QStringLiteral("Fibrosis"))) << state().toStdString();
    pid = worker();
    ASSERT_GT(pid, 1);
  }
  QString state() { return window_->findChild<QLabel*>(QStringLiteral("runState"))->text(); }
  bool waitForState(const QString& words) {
    return QTest::qWaitFor([&] { return state().contains(words); }, 15'000);
  }
  std::string run() { return window_->findChild<widgets::RunPanel*>()->runId(); }
  db::RunRecord row() {
    auto database = disk();
    const auto record = db::runById(database, run());
    EXPECT_TRUE(record.ok());
    return record.ok() ? *record : db::RunRecord{};
  }
  /// The window shows an end at once; the writer thread stores it a moment later.
  void waitForRow(db::RunState state) {
    (void)QTest::qWaitFor([&] { return row().state == state; }, 5'000);
  }
  /// The worker's own process, from its lock; 0 when it has none.
  pid_t worker() {
    const auto text = readFile(run::RunFolder{root_ / "runs" / run()}.lock());
    return text ? static_cast<pid_t>(std::atoi(text->c_str())) : 0;
  }
};

TEST_F(Training, WithoutAWorkerTheFormSaysWhatToInstall) {
  ASSERT_NO_FATAL_FAILURE(openTrain("ok"));
  qputenv("GADOLIN_WORKER", "");  // beside the program, where tests have none
  window_->showPlace(widgets::Place::Label);
  show<widgets::TrainWorkspace>(widgets::Place::Train);
  auto* obstacles = window_->findChild<QLabel*>(QStringLiteral("trainObstacles"));
  EXPECT_TRUE(QTest::qWaitFor([obstacles] {
    return obstacles->text().contains(QStringLiteral("Install the package gadolin-worker"));
  }))
      << obstacles->text().toStdString();
  EXPECT_TRUE(obstacles->isVisible());
  EXPECT_FALSE(button("startTraining").isEnabled());
}

TEST_F(Training, OneClickShowsTheCurvesOfEveryEpochAndEndsInPredictAll) {
  ASSERT_NO_FATAL_FAILURE(openTrain("ok"));
  ASSERT_NO_FATAL_FAILURE(click("startTraining"));
  ASSERT_TRUE(waitForState(QStringLiteral("Finished"))) << state().toStdString();
  auto* panel = window_->findChild<widgets::RunPanel*>();
  EXPECT_TRUE(QTest::qWaitFor([&] { return panel->pointCount() == 6; }, 5'000))
      << "three epochs with a loss and a Dice each: " << panel->pointCount();
  EXPECT_TRUE(button("predictAll").isVisible());
  EXPECT_FALSE(button("stopTraining").isVisible());
  waitForRow(db::RunState::Finished);
  EXPECT_EQ(row().state, db::RunState::Finished);
}

TEST_F(Training, TheBestEpochIsMarkedWhileTheRunGoesOn) {
  ASSERT_NO_FATAL_FAILURE(openTrain("best"));
  pid_t pid = 0;
  ASSERT_NO_FATAL_FAILURE(startWorker(pid));
  const auto& curves = window_->findChild<widgets::RunPanel*>()->curves();
  // The number beside the ring; QCustomPlot's items are objects with properties.
  const auto marked = [&curves](const QString& text) {
    for (const QObject* item : curves.findChildren<QObject*>())
      if (item->inherits("QCPItemText") && item->property("visible").toBool() &&
          item->property("text").toString() == text)
        return true;
    return false;
  };
  EXPECT_TRUE(QTest::qWaitFor([&] { return marked(QStringLiteral("0.50")); }, 5'000))
      << "the best of two epochs has a Dice of 0.50";
  EXPECT_FALSE(marked(QStringLiteral("0.25")));
  EXPECT_EQ(::kill(pid, 0), 0) << "the run was to be under way";
  ASSERT_NO_FATAL_FAILURE(click("stopTraining"));
  EXPECT_TRUE(QTest::qWaitFor([&] { return ::kill(pid, 0) != 0; }, 10'000));
}

TEST_F(Training, AnEpochThatIsTrainedAgainReplacesTheOldOneOnTheLiveCurves) {
  ASSERT_NO_FATAL_FAILURE(openTrain("repeat"));
  ASSERT_NO_FATAL_FAILURE(click("startTraining"));
  ASSERT_TRUE(waitForState(QStringLiteral("Finished"))) << state().toStdString();
  auto* panel = window_->findChild<widgets::RunPanel*>();
  EXPECT_TRUE(QTest::qWaitFor([&] { return panel->pointCount() == 6; }, 5'000))
      << "an epoch is counted once: " << panel->pointCount();
  auto* curves = panel->findChild<plots::CurvePlot*>();
  ASSERT_NE(curves, nullptr);
  auto* canvas = curves->findChild<QWidget*>();
  QTest::qWait(300);  // replots are queued
  QString readings;
  for (int x = 0; x < canvas->width(); x += 4) {
    const QPointF at(x, canvas->height() / 2.0);
    QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(canvas, &move);
    readings += curves->readout() + QLatin1Char('\n');
  }
  for (const char* value : {"0.250", "0.220", "0.330"})
    EXPECT_TRUE(readings.contains(QLatin1String("Dice, validation  ") + QLatin1String(value)))
        << value << "\n" << readings.toStdString();
  for (const char* value : {"0.500", "0.750"})
    EXPECT_FALSE(readings.contains(QLatin1String("Dice, validation  ") + QLatin1String(value)))
        << value << " is of the epoch as it was trained before";
}

TEST_F(Training, ARunWithoutAFibrosisNetworkOffersNoPrediction) {
  ASSERT_NO_FATAL_FAILURE(openTrain("myocardium-only"));
  ASSERT_NO_FATAL_FAILURE(click("startTraining"));
  ASSERT_TRUE(waitForState(QStringLiteral("Finished"))) << state().toStdString();
  EXPECT_TRUE(state().contains(QStringLiteral("no fibrosis network"))) << state().toStdString();
  EXPECT_FALSE(button("predictAll").isVisible());
}

TEST_F(Training, StopEndsTheWorkerAndOffersToGoOn) {
  ASSERT_NO_FATAL_FAILURE(openTrain("endless"));
  ASSERT_NO_FATAL_FAILURE(click("startTraining"));
  ASSERT_TRUE(waitForState(QStringLiteral("Fibrosis"))) << state().toStdString();
  ASSERT_NO_FATAL_FAILURE(click("stopTraining"));
  ASSERT_TRUE(waitForState(QStringLiteral("It can go on"))) << state().toStdString();
  EXPECT_TRUE(button("resumeTraining").isVisible());
  EXPECT_TRUE(button("predictAll").isVisible());
  EXPECT_TRUE(state().contains(QStringLiteral("provisional"))) << state().toStdString();
  waitForRow(db::RunState::Cancelled);
  EXPECT_EQ(row().state, db::RunState::Cancelled);
  ASSERT_NO_FATAL_FAILURE(click("resumeTraining"));
  EXPECT_TRUE(waitForState(QStringLiteral("Finished"))) << state().toStdString();
}

TEST_F(Training, AWorkerThatIsKilledShowsAsFailedWithItsCheckpointToGoOnFrom) {
  ASSERT_NO_FATAL_FAILURE(openTrain("endless"));
  pid_t pid = 0;
  ASSERT_NO_FATAL_FAILURE(startWorker(pid));
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  ASSERT_TRUE(waitForState(QStringLiteral("Failed"))) << state().toStdString();
  EXPECT_EQ(state().count(QStringLiteral("last checkpoint")), 1) << state().toStdString();
  waitForRow(db::RunState::Failed);
  EXPECT_EQ(row().state, db::RunState::Failed);
  EXPECT_TRUE(button("resumeTraining").isVisible());
}

TEST_F(Training, AClosedWindowLeavesTheTrainingAliveAndTheNextWindowFindsIt) {
  ASSERT_NO_FATAL_FAILURE(openTrain("endless"));
  pid_t pid = 0;
  ASSERT_NO_FATAL_FAILURE(startWorker(pid));
  const std::string before = run();
  window_->close();
  window_.reset();
  QTest::qWait(300);
  ASSERT_EQ(::kill(pid, 0), 0) << "the worker ended with the window";

  window_ = std::make_unique<widgets::MainWindow>();
  window_->resize(1400, 900);
  window_->show();
  ASSERT_NO_FATAL_FAILURE(openProject(widgets::Place::Train));
  ASSERT_TRUE(waitForState(QStringLiteral("Fibrosis"))) << state().toStdString();
  EXPECT_EQ(run(), before);
  ASSERT_NO_FATAL_FAILURE(click("stopTraining"));
  EXPECT_TRUE(waitForState(QStringLiteral("Stopped"))) << state().toStdString();
  EXPECT_TRUE(QTest::qWaitFor([&] { return ::kill(pid, 0) != 0; }, 5'000));
}

}  // namespace
}  // namespace gadolin
