#include "ui/session/label_desk.h"

#include "database/consensus.h"

#include <signal.h>

#include <QProcess>

#include "database/labels.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"

namespace gadolin::session {
namespace {
using enum SliceLabel;

class Desk : public test::SampleProject {
 protected:
  Desk() : desk(*project) { desk.setReader(QStringLiteral("ann")); }
  Result<LabelOutcome> wait(LabelDesk::Future future) {
    future.waitForFinished();
    return future.result();
  }
  /// A step whose own outcome is not what the test looks at; it must succeed.
  void done(LabelDesk::Future future) {
    const auto outcome = wait(std::move(future));
    EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().message);
  }
  std::vector<SliceLabel> labels(const std::string& stack) {
    return *db::consensusLabels(project->reader(), stack);
  }
  LabelDesk desk;
};

TEST_F(Desk, KeyIsOnDiskWhenItsFutureCompletes) {
  const auto outcome = wait(desk.label("P1-s1", 3, Fibrosis, 0.8));
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->slice, 3);
  ASSERT_EQ(outcome->events.size(), 1u);
  EXPECT_EQ(outcome->events[0].reader, "ann");
  EXPECT_EQ(outcome->events[0].seconds, 0.8);
  EXPECT_EQ(labels("P1-s1")[3], Fibrosis);
}

TEST_F(Desk, LabelSurvivesAProcessKilledRightAfterItsFuture) {
  QProcess child;
  child.start(QStringLiteral(LABEL_WRITER),
              {QString::fromStdString(root().string()), QStringLiteral("P2-s1"),
               QStringLiteral("kim"), QStringLiteral("7")});
  QByteArray said;
  while (!said.contains("done 7") && child.waitForReadyRead(30'000)) said += child.readAll();
  ASSERT_TRUE(said.contains("done 7")) << child.readAllStandardError().toStdString();
  ASSERT_EQ(::kill(static_cast<pid_t>(child.processId()), SIGKILL), 0);
  ASSERT_TRUE(child.waitForFinished());
  EXPECT_EQ(child.exitStatus(), QProcess::CrashExit);
  EXPECT_EQ(db::labelHistory(project->reader(), "P2-s1")->size(), 7u);
  EXPECT_EQ(labels("P2-s1")[0], Fibrosis);
  EXPECT_TRUE(project->reader().findFaults(false)->empty());
}

TEST_F(Desk, FillLeavesTheReadersOwnLabelsAndIsOneStepOfUndo) {
  done(desk.label("P2-s1", 1, Unsure, 1));
  const auto filled = wait(desk.fillRemainingNone("P2-s1", 2));
  ASSERT_TRUE(filled.ok());
  EXPECT_EQ(filled->events.size(), 4u);
  EXPECT_EQ(filled->events[0].seconds, 0.5);
  EXPECT_EQ(labels("P2-s1"), (std::vector{None, Unsure, None, None, None}));
  done(desk.undo());
  EXPECT_EQ(labels("P2-s1"), (std::vector{Unlabelled, Unsure, Unlabelled, Unlabelled, Unlabelled}));
}

TEST_F(Desk, UndoGoesBackAcrossStacksAndSaysWhere) {
  done(desk.label("P1-s1", 0, None, 1));
  done(desk.label("P1-s1", 0, Fibrosis, 1));
  done(desk.label("P2-s1", 4, Fibrosis, 1));
  auto undone = wait(desk.undo());
  EXPECT_EQ(undone->stack, "P2-s1");
  EXPECT_EQ(undone->slice, 4);
  EXPECT_EQ(labels("P2-s1")[4], Unlabelled);
  undone = wait(desk.undo());
  EXPECT_EQ(undone->stack, "P1-s1");
  EXPECT_EQ(labels("P1-s1")[0], None) << "what was there before, not nothing";
  EXPECT_TRUE(desk.canRedo());
  EXPECT_EQ(wait(desk.redo())->stack, "P1-s1");
  EXPECT_EQ(labels("P1-s1")[0], Fibrosis);
  const auto history = db::labelHistory(project->reader(), "P1-s1");
  ASSERT_EQ(history->size(), 4u);
  EXPECT_EQ(history->at(2).origin, "undo");
  EXPECT_EQ(history->at(3).origin, "redo");
  done(desk.label("P1-s1", 1, None, 1));
  EXPECT_FALSE(desk.canRedo());
}

TEST_F(Desk, ADecisionIsUndoneLikeALabelAndChangesNoLabel) {
  done(desk.label("P1-s1", 0, Fibrosis, 1));
  done(desk.decide("P1-s1", 0, None, 2));
  EXPECT_EQ(labels("P1-s1")[0], None) << "counts before the label";
  EXPECT_EQ(db::sliceLabels(project->reader(), "P1-s1")->at(0).label, Fibrosis);
  EXPECT_EQ(db::consensusDecisions(project->reader())->at(0).author, desk.reader().toStdString());
  done(desk.decide("P1-s1", 0, Unsure, 2));
  const auto undone = wait(desk.undo());
  ASSERT_TRUE(undone.ok());
  EXPECT_EQ(undone->slice, 0);
  EXPECT_EQ(labels("P1-s1")[0], None);
  done(desk.undo());
  EXPECT_EQ(labels("P1-s1")[0], Fibrosis);
  EXPECT_TRUE(db::consensusDecisions(project->reader())->empty());
  done(desk.redo());
  EXPECT_EQ(labels("P1-s1")[0], None);
  const auto history = db::consensusHistory(project->reader(), "P1-s1");
  ASSERT_EQ(history->size(), 5u);
  EXPECT_EQ(history->at(2).origin, "undo");
  EXPECT_EQ(history->at(4).origin, "redo");
  EXPECT_EQ(history->at(0).seconds, 2.0);
  // Decided elsewhere since: left alone.
  ASSERT_TRUE(project
                  ->writeNow<db::LabelEventRecord>([](db::Database& database) {
                    return db::decideConsensus(database, "P1-s1", 0, Fibrosis, "eve", 0, "key");
                  })
                  .ok());
  EXPECT_EQ(wait(desk.undo()).error().code, ErrorCode::Conflict);
  EXPECT_EQ(labels("P1-s1")[0], Fibrosis);
}

TEST_F(Desk, UndoOfADecisionLeavesAnothersDecisionAnothers) {
  const auto decideAs = [&](const char* author, SliceLabel label) {
    ASSERT_TRUE(project
                    ->writeNow<db::LabelEventRecord>([&](db::Database& database) {
                      return db::decideConsensus(database, "P1-s1", 0, label, author, 1, "key");
                    })
                    .ok());
  };
  const auto standing = [&] {
    const auto all = db::consensusDecisions(project->reader());
    return all->empty() ? std::pair(Unlabelled, std::string())
                        : std::pair(all->at(0).label, all->at(0).author);
  };
  ASSERT_NO_FATAL_FAILURE(decideAs("bob", Fibrosis));
  done(desk.decide("P1-s1", 0, None, 1));
  EXPECT_EQ(standing(), std::pair(None, std::string("ann")));
  done(desk.undo());
  EXPECT_EQ(standing(), std::pair(Fibrosis, std::string("bob")));
  done(desk.redo());
  EXPECT_EQ(standing(), std::pair(None, std::string("ann")));
  done(desk.undo());
  // The same word: ann stands by it until she takes that back.
  done(desk.decide("P1-s1", 0, Fibrosis, 1));
  EXPECT_EQ(standing(), std::pair(Fibrosis, std::string("ann")));
  done(desk.undo());
  EXPECT_EQ(standing(), std::pair(Fibrosis, std::string("bob")));
  // One after another, all the way back and forth.
  done(desk.decide("P1-s1", 0, None, 1));
  done(desk.decide("P1-s1", 0, Unsure, 1));
  done(desk.decide("P1-s1", 0, Unsure, 1));
  for (int i = 0; i < 3; ++i) done(desk.undo());
  EXPECT_EQ(standing(), std::pair(Fibrosis, std::string("bob")));
  for (int i = 0; i < 3; ++i) done(desk.redo());
  EXPECT_EQ(standing(), std::pair(Unsure, std::string("ann")));
  // Bob says the same since: no longer ann's to take back.
  ASSERT_NO_FATAL_FAILURE(decideAs("bob", Unsure));
  EXPECT_EQ(wait(desk.undo()).error().code, ErrorCode::Conflict);
  EXPECT_EQ(standing(), std::pair(Unsure, std::string("bob")));
}

TEST_F(Desk, KeysFasterThanTheDiskKeepTheirOrder) {
  desk.label("P1-s1", 0, Fibrosis, 1);
  desk.label("P1-s1", 1, Fibrosis, 1);
  desk.undo();  // before the labels are on disk
  const auto last = wait(desk.label("P1-s1", 2, None, 1));
  ASSERT_TRUE(last.ok());
  EXPECT_EQ(labels("P1-s1"),
            (std::vector{Fibrosis, Unlabelled, None, Unlabelled, Unlabelled, Unlabelled}));
}

TEST_F(Desk, UndoLeavesALabelThatWasChangedElsewhere) {
  done(desk.label("P1-s1", 0, Fibrosis, 1));
  const db::SliceChange change{0, None};
  ASSERT_TRUE(project
                  ->writeNow<int>([&](db::Database& database) -> Result<int> {
                    GADOLIN_CHECK(db::setSliceLabels(database, "P1-s1", std::span(&change, 1),
                                                     "ann", 0, "import"));
                    return 0;
                  })
                  .ok());
  EXPECT_EQ(wait(desk.undo()).error().code, ErrorCode::Conflict);
  EXPECT_EQ(labels("P1-s1")[0], None);
  EXPECT_EQ(wait(desk.undo()).error().message, "There is nothing to undo.");
}

TEST_F(Desk, LabelWithoutAReaderIsRefusedAndAnotherReaderUndoesNothingOfTheirs) {
  done(desk.label("P1-s1", 0, Fibrosis, 1));
  desk.setReader(QStringLiteral("bob"));
  EXPECT_FALSE(desk.canUndo());
  EXPECT_EQ(wait(desk.undo()).error().code, ErrorCode::Conflict);
  desk.setReader(QString());
  EXPECT_EQ(wait(desk.label("P1-s1", 0, None, 1)).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(labels("P1-s1")[0], Fibrosis);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
