#include "ui/session/contour_desk.h"

#include <QElapsedTimer>

#include "database/mask_edits.h"
#include "tests/database/raw_sql.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"
#include "ui/session/evaluation.h"
#include "ui/session/mask_agreement.h"
#include "ui/session/project_check.h"

namespace gadolin::session {
namespace {

/// Counts a signal and keeps its text.
class Heard {
 public:
  template <typename Signal>
  Heard(ContourDesk* desk, Signal signal) {
    if constexpr (std::is_same_v<Signal, void (ContourDesk::*)(DrawingFault, const QString&)>)
      QObject::connect(desk, signal, &context_, [this](DrawingFault, const QString& said) {
        ++count_;
        last_ = said.toStdString();
      });
    else
      QObject::connect(desk, signal, &context_, [this] { ++count_; });
  }
  [[nodiscard]] int count() const { return count_; }
  [[nodiscard]] const std::string& last() const { return last_; }
  bool wait(int ms) {
    const int before = count_;
    QElapsedTimer clock;
    for (clock.start(); count_ == before && clock.elapsed() < ms;)
      QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    return count_ > before;
  }

 private:
  QObject context_;
  int count_ = 0;
  std::string last_;
};

class DrawingDesk : public test::SampleProject {
 protected:
  DrawingDesk() { start(); }
  void start() {
    store = std::make_unique<StackStore>(project->paths());
    desk = std::make_unique<ContourDesk>(*project, *store);
    desk->setReader(QStringLiteral("ann"));
  }
  /// As if the program were started again.
  void startAgain() {
    desk.reset();
    store.reset();
    project.reset();
    project = Project::open(root()).value();
    start();
  }
  bool open(const std::string& stack) {
    Heard opened(desk.get(), &ContourDesk::opened);
    desk->open(stack);
    return opened.count() > 0 || opened.wait(10'000);
  }
  /// Paints n voxels of slice z from its beginning.
  void paint(int z, std::size_t n, std::uint8_t label) {
    const auto slice = desk->pen(z);
    std::fill_n(slice.begin(), n, label);
    EXPECT_TRUE(desk->commit("brush"));
  }
  void flush() {
    (void)project->writeNow<int>([](db::Database&) -> Result<int> { return 0; });
    while (desk->pending() > 0) QCoreApplication::processEvents();
  }
  std::vector<db::MaskRecord> revisions(const std::string& stack) {
    return db::masksOfStack(project->reader(), stack).value();
  }
  long count(std::uint8_t label) {
    return std::ranges::count(desk->mask()->voxels, label);
  }
  std::unique_ptr<StackStore> store;
  std::unique_ptr<ContourDesk> desk;
};

TEST_F(DrawingDesk, AStrokeIsOnDiskAndARevisionFollowsWhenTheStackIsLeft) {
  ASSERT_TRUE(open("P3-s1")) << "nobody drew on it";
  EXPECT_EQ(count(0), 16 * 12 * 4);
  paint(1, 10, 2);
  paint(2, 5, 2);
  flush();
  EXPECT_EQ(db::pendingMaskEdits(project->reader(), "P3-s1", "ann")->size(), 2u);
  EXPECT_TRUE(revisions("P3-s1").empty()) << "no revision for every stroke";
  ASSERT_TRUE(open("P1-s1"));
  const auto made = revisions("P3-s1");
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].author, "ann");
  EXPECT_EQ(made[0].source, db::MaskSource::Reader);
  const auto mask = readMask(project->paths().mask(made[0].sha256)).value();
  EXPECT_EQ(std::ranges::count(mask.slice(1), 2), 10);
  EXPECT_EQ(std::ranges::count(mask.slice(2), 2), 5);
}

TEST_F(DrawingDesk, GoesOnFromTheReferenceWhichStaysWhatItIs) {
  const auto before = revisions("P1-s1").front();
  ASSERT_TRUE(open("P1-s1"));
  EXPECT_EQ(desk->drawing().author, "reference");
  const long myocardium = count(2);
  paint(5, 3, 3);
  EXPECT_EQ(count(2), myocardium - 3);
  desk->settle();
  flush();
  const auto all = revisions("P1-s1");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].sha256, before.sha256);
  EXPECT_EQ(all[1].parent, before.id);
  EXPECT_TRUE(readMask(project->paths().mask(before.sha256)).ok());
}

TEST_F(DrawingDesk, UndoHasNoEndAndOutlivesRevisionsAndTheProgram) {
  ASSERT_TRUE(open("P1-s1"));
  const auto imported = desk->mask()->voxels;
  for (std::size_t n = 1; n <= 40; ++n) {
    paint(static_cast<int>(n % 6), n, n % 2 == 0 ? 3 : 1);
    if (n % 10 == 0) desk->settle();
  }
  const auto drawn = desk->mask()->voxels;
  flush();
  startAgain();
  ASSERT_TRUE(open("P1-s1"));
  EXPECT_EQ(desk->mask()->voxels, drawn);
  int steps = 0;
  while (desk->canUndo()) {
    EXPECT_GE(desk->undo(), 0);
    ++steps;
    if (steps == 15) desk->settle();
  }
  EXPECT_EQ(steps, 40);
  EXPECT_EQ(desk->mask()->voxels, imported);
  EXPECT_EQ(desk->undo(), -1);
  flush();
  startAgain();
  ASSERT_TRUE(open("P1-s1"));
  EXPECT_EQ(desk->mask()->voxels, imported);
  while (desk->canRedo()) desk->redo();
  EXPECT_EQ(desk->mask()->voxels, drawn) << "and the way forward as well";
}

TEST_F(DrawingDesk, ANewStrokeEndsWhatCouldBeRedone) {
  ASSERT_TRUE(open("P3-s1"));
  paint(0, 4, 2);
  EXPECT_EQ(desk->undo(), 0);
  EXPECT_TRUE(desk->canRedo());
  paint(1, 2, 2);
  EXPECT_FALSE(desk->canRedo());
  flush();
  startAgain();
  ASSERT_TRUE(open("P3-s1"));
  EXPECT_FALSE(desk->canRedo());
  EXPECT_EQ(count(2), 2);
}

TEST_F(DrawingDesk, AProgramThatWasKilledLosesNoStroke) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  flush();
  // What the disk holds at this moment is what a killed program leaves.
  const auto copy = folder.path() / "killed.gadolin";
  std::filesystem::copy(root(), copy, std::filesystem::copy_options::recursive);
  auto opened = Project::open(copy);
  ASSERT_TRUE(opened.ok());
  StackStore other_store((*opened)->paths());
  ContourDesk other(**opened, other_store);  // whoever it is
  (void)(*opened)->writeNow<int>([](db::Database&) -> Result<int> { return 0; });
  const auto made = db::masksOfStack((*opened)->reader(), "P3-s1").value();
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].author, "ann");
  const auto mask = readMask((*opened)->paths().mask(made[0].sha256)).value();
  EXPECT_EQ(std::ranges::count(mask.slice(1), 2), 7);
}

TEST_F(DrawingDesk, StrokesThatComeToNothingMakeNoRevision) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  desk->undo();
  desk->settle();
  flush();
  EXPECT_TRUE(revisions("P3-s1").empty());
  ASSERT_TRUE(open("P1-s1"));
  const auto slice = desk->pen(0);
  slice[0] = slice[0];
  EXPECT_FALSE(desk->commit("brush"));
  EXPECT_EQ(revisions("P1-s1").size(), 1u);
}

TEST_F(DrawingDesk, AStrokeThatWasDroppedWasNeverThere) {
  ASSERT_TRUE(open("P1-s1"));
  const auto before = desk->mask()->voxels;
  std::ranges::fill(desk->pen(2), std::uint8_t{1});
  EXPECT_NE(desk->mask()->voxels, before);
  desk->drop();
  EXPECT_EQ(desk->mask()->voxels, before);
  EXPECT_FALSE(desk->commit("brush"));
  EXPECT_FALSE(desk->canUndo());
}

TEST_F(DrawingDesk, AnotherReaderGoesOnFromItAndCannotUndoIt) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  Heard opened(desk.get(), &ContourDesk::opened);
  desk->setReader(QStringLiteral("ben"));
  ASSERT_TRUE(opened.count() > 0 || opened.wait(10'000));
  EXPECT_EQ(count(2), 7);
  EXPECT_EQ(desk->drawing().author, "ann");
  EXPECT_FALSE(desk->canUndo());
  paint(1, 3, 1);
  desk->settle();
  flush();
  const auto made = revisions("P3-s1");
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[1].author, "ben");
  EXPECT_EQ(made[1].parent, made[0].id);
}

TEST_F(DrawingDesk, AWholeMaskIsOneStep) {
  ASSERT_TRUE(open("P3-s1"));
  EXPECT_TRUE(desk->replace(test::sampleMask(4, 2), 1, "prediction:r1"));
  EXPECT_EQ(count(2), 16 * 12 * 4 - 2);
  EXPECT_EQ(desk->drawing().done.size(), 1u);
  EXPECT_EQ(desk->undo(), 1);
  EXPECT_EQ(count(0), 16 * 12 * 4);
  EXPECT_FALSE(desk->replace(test::sampleMask(5, 2), 1, "other size"));
}

TEST_F(DrawingDesk, AMaskThatStartedFromAPredictionSaysSoWhateverIsDrawnOnIt) {
  const Mask predicted = test::sampleMask(4, 2);
  db::MaskRecord revision;
  revision.stack = "P3-s1";
  revision.source = db::MaskSource::Prediction;
  revision.author = "model";
  revision.sha256 = contentHash(predicted);
  ASSERT_TRUE(writeMask(project->paths().mask(revision.sha256), predicted).ok());
  const auto id = project
                      ->writeNow<std::int64_t>([&](db::Database& database) {
                        return db::addMask(database, revision);
                      })
                      .value();
  ASSERT_TRUE(open("P3-s1"));
  ASSERT_TRUE(desk->replace(predicted, 0, startFromPrediction(id)));
  paint(2, 5, 1);
  desk->settle();
  flush();
  const auto chosen = chooseReference(revisions("P3-s1"));
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->record.parent, id);
  EXPECT_TRUE(chosen->began_as_prediction) << "a score against it flatters";
  // Taken back before anything was stored, it never was.
  ASSERT_TRUE(open("P1-s1"));
  const auto before = revisions("P1-s1").size();
  ASSERT_TRUE(desk->replace(test::sampleMask(6, 5), 0, "prediction 99"));
  desk->undo();
  paint(2, 5, 1);
  desk->settle();
  flush();
  ASSERT_EQ(revisions("P1-s1").size(), before + 1);
  EXPECT_FALSE(chooseReference(revisions("P1-s1"))->began_as_prediction);
}

TEST_F(DrawingDesk, StepsBeforeTheLastRevisionAreTakenBackAndStoredAsOne) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  paint(2, 7, 2);
  desk->settle();
  flush();
  desk->undo();
  desk->undo();
  desk->redo();
  paint(3, 4, 2);
  desk->settle();
  flush();
  const auto made = revisions("P3-s1");
  ASSERT_EQ(made.size(), 2u);
  const auto mask = readMask(project->paths().mask(made[1].sha256)).value();
  EXPECT_EQ(std::ranges::count(mask.slice(1), 2), 7);
  EXPECT_EQ(std::ranges::count(mask.slice(2), 2), 0);
  EXPECT_EQ(std::ranges::count(mask.slice(3), 2), 4);
}

TEST_F(DrawingDesk, SlicesThatNobodyHasDrawnOnYetTeachNothing) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 30, 2);
  paint(2, 30, 2);
  desk->settle();
  flush();
  const auto record = revisions("P3-s1").back();
  const auto mask = readMask(project->paths().mask(record.sha256)).value();
  EXPECT_EQ(undrawnSlices(project->reader(), record, mask).value(), (std::vector<int>{0, 3}));
  // What was imported says of every slice what it holds.
  const auto imported = revisions("P1-s1").front();
  EXPECT_TRUE(undrawnSlices(project->reader(), imported, Mask(test::sampleMask(6, 2).geometry))
                  .value()
                  .empty());
}

TEST_F(DrawingDesk, ASecondReaderWhoDrawsIndependentlyIsComparedWithTheFirst) {
  ASSERT_TRUE(open("P3-s1"));
  for (int z = 0; z < 4; ++z) paint(z, 20, 2);
  desk->settle();
  flush();
  desk->setReader(QStringLiteral("bob"));
  Heard opened(desk.get(), &ContourDesk::opened);
  ASSERT_TRUE(opened.wait(10'000));
  EXPECT_EQ(count(2), 80) << "on what stands, unless told otherwise";
  // A revision on ann's, which agrees with hers because it is hers.
  paint(0, 4, 3);
  desk->setIndependent(true);
  ASSERT_TRUE(opened.wait(10'000));
  EXPECT_EQ(count(0), 16 * 12 * 4) << "nothing of ann's is seen";
  EXPECT_FALSE(desk->drawing().base.has_value());
  EXPECT_FALSE(desk->canUndo()) << "what was drawn on ann's is not in this drawing";
  for (int z = 0; z < 4; ++z) paint(z, 18, 2);
  desk->settle();
  flush();
  const auto all = revisions("P3-s1");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].parent, all[0].id);
  EXPECT_EQ(all[2].author, "bob");
  EXPECT_FALSE(all[2].parent.has_value());
  const auto compared = maskAgreement(project->paths(), project->reader(), {});
  ASSERT_TRUE(compared.ok()) << compared.error().message;
  ASSERT_EQ(compared->pairs.size(), 1u);
  ASSERT_EQ(compared->pairs[0].stacks.size(), 1u) << "two opinions";
  EXPECT_NEAR(*compared->pairs[0].tissues[0].dice_mean, 2 * 18.0 / (20 + 18), 1e-9);

  // On another day, and while ann draws on.
  startAgain();
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 30, 2);
  desk->settle();
  flush();
  desk->setReader(QStringLiteral("bob"));
  desk->setIndependent(true);
  Heard again(desk.get(), &ContourDesk::opened);
  ASSERT_TRUE(again.wait(10'000));
  EXPECT_EQ(desk->drawing().base, all[2].id);
  EXPECT_EQ(count(2), 72);
  paint(0, 2, 3);
  desk->settle();
  flush();
  int steps = 0;
  while (desk->canUndo()) {
    ASSERT_GE(desk->undo(), 0);
    ++steps;
  }
  EXPECT_EQ(steps, 5);
  EXPECT_EQ(count(0), 16 * 12 * 4);
  flush();
}

TEST_F(DrawingDesk, AMaskThatIsImportedMeanwhileIsDrawnOnNext) {
  ASSERT_TRUE(open("P3-s1"));
  const Mask mask = test::sampleMask(4, 1);
  db::MaskRecord revision;
  revision.stack = "P3-s1";
  revision.author = "reference";
  revision.sha256 = contentHash(mask);
  ASSERT_TRUE(writeMask(project->paths().mask(revision.sha256), mask).ok());
  const auto id = project->writeNow<std::int64_t>(
      [&](db::Database& database) { return db::addMask(database, revision); });
  ASSERT_TRUE(id.ok());
  Heard opened(desk.get(), &ContourDesk::opened);
  desk->refresh();
  ASSERT_TRUE(opened.wait(10'000));
  EXPECT_EQ(desk->mask()->voxels, mask.voxels);
  desk->refresh();
  EXPECT_FALSE(opened.wait(300)) << "it is drawn on already";
}

TEST_F(DrawingDesk, ARevisionThatAnotherProgramMadeOfTheStrokesDisturbsNobody) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  flush();
  Heard opened(desk.get(), &ContourDesk::opened), closed(desk.get(), &ContourDesk::closed);
  {
    const auto other = Project::open(root()).value();  // as any command does
    (void)other->writeNow<int>([](db::Database&) -> Result<int> { return 0; });
  }
  ASSERT_EQ(revisions("P3-s1").size(), 1u);
  Heard changed(desk.get(), &ContourDesk::changed);
  desk->refresh();
  ASSERT_TRUE(changed.wait(10'000));
  EXPECT_EQ(closed.count(), 0) << "whoever lays points keeps them";
  EXPECT_EQ(opened.count(), 0);
  EXPECT_EQ(desk->drawing().base, revisions("P3-s1")[0].id);
  paint(2, 5, 2);
  EXPECT_EQ(desk->undo(), 2);
  EXPECT_EQ(desk->undo(), 1);
  desk->redo();
  paint(3, 4, 2);
  desk->settle();
  flush();
  ASSERT_EQ(revisions("P3-s1").size(), 2u);
  EXPECT_EQ(revisions("P3-s1")[1].parent, revisions("P3-s1")[0].id);
  const auto mask = readMask(project->paths().mask(revisions("P3-s1")[1].sha256)).value();
  EXPECT_EQ(std::ranges::count(mask.voxels, 2), 11);
}

TEST_F(DrawingDesk, AStrokeThatCannotBeStoredIsSaidAndIsNotSeenAnyMore) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  flush();
  // A trigger stands for the disk that is full.
  ASSERT_TRUE(db::test::execute(root() / "project.sqlite",
                                "CREATE TRIGGER full BEFORE INSERT ON mask_edit "
                                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"));
  Heard failed(desk.get(), &ContourDesk::failed), opened(desk.get(), &ContourDesk::opened);
  paint(2, 5, 2);
  paint(3, 5, 2);
  ASSERT_TRUE(opened.wait(10'000));
  EXPECT_EQ(failed.count(), 1) << "once, not for every stroke after it";
  EXPECT_TRUE(failed.last().find("full") != std::string::npos) << failed.last();
  EXPECT_EQ(count(2), 7);
}

TEST_F(DrawingDesk, AStepWhoseCommitFailsTakesThoseAfterItAlong) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  flush();
  // Refused when it is committed, as on a disk that fills up at that moment.
  ASSERT_TRUE(db::test::execute(
      root() / "project.sqlite",
      "CREATE TABLE late (stack TEXT REFERENCES stack (id) DEFERRABLE INITIALLY DEFERRED);"
      "CREATE TRIGGER late_step AFTER INSERT ON mask_edit WHEN NEW.slice = 2 "
      "BEGIN INSERT INTO late VALUES ('nobody'); END"));
  Heard failed(desk.get(), &ContourDesk::failed), opened(desk.get(), &ContourDesk::opened);
  paint(2, 5, 2);
  paint(1, 12, 1);  // over the first stroke and beside it: alone it would fit nothing
  paint(3, 5, 2);
  ASSERT_TRUE(opened.wait(10'000));
  EXPECT_EQ(failed.count(), 1);
  EXPECT_EQ(count(2), 7);
  EXPECT_EQ(count(1), 0);
  paint(3, 6, 2);
  desk->settle();
  flush();
  ASSERT_EQ(revisions("P3-s1").size(), 1u) << "what is drawn from here is stored";
  const auto mask = readMask(project->paths().mask(revisions("P3-s1")[0].sha256)).value();
  EXPECT_EQ(std::ranges::count(mask.voxels, 2), 13);
}

TEST_F(DrawingDesk, StepsWaitForNoRevisionToBeRead) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  flush();
  // Another program reads the project, and may not write.
  const auto reader = Project::open(root(), Access::ReadOnly).value();
  const auto image = readStack(project->paths().stack("P3-s1")).value();
  const auto seen = readDrawing(reader->reader(), reader->paths(), "P3-s1", "ann",
                                image.image.geometry);
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(std::ranges::count(seen->mask.voxels, 2), 7);
  EXPECT_EQ(seen->done.size(), 1u);
  EXPECT_FALSE(seen->base.has_value());
}

TEST_F(DrawingDesk, AStrokeThatIsDamagedOnDiskIsFoundByTheCheckAndHurtsNoOther) {
  ASSERT_TRUE(open("P3-s1"));
  paint(1, 7, 2);
  ASSERT_TRUE(open("P1-s1"));
  paint(1, 7, 1);
  flush();
  ASSERT_TRUE(db::test::execute(root() / "project.sqlite",
                                "DROP TRIGGER mask_edit_no_update;"
                                "UPDATE mask_edit SET delta = x'ffff' WHERE stack = 'P1-s1'"));
  const auto report =
      checkProject(project->reader(), project->paths(), KeyTable(), [](int, int) {});
  ASSERT_TRUE(report.ok());
  const auto damaged = std::ranges::count_if(
      report->problems, [](const auto& problem) { return problem.kind == "drawing"; });
  EXPECT_EQ(damaged, 1);
  desk->settle();
  flush();
  startAgain();
  Heard failed(desk.get(), &ContourDesk::failed);
  desk->open("P1-s1");
  ASSERT_TRUE(failed.wait(10'000));
  EXPECT_NE(failed.last().find("damaged"), std::string::npos) << failed.last();
  ASSERT_TRUE(open("P3-s1"));
  EXPECT_EQ(count(2), 7);
}

TEST_F(DrawingDesk, AProjectOpenForReadingIsLookedAtOnly) {
  desk.reset();
  project.reset();
  project = Project::open(root(), Access::ReadOnly).value();
  start();
  ASSERT_TRUE(open("P1-s1"));
  EXPECT_FALSE(desk->canDraw());
  EXPECT_GT(count(2), 0);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
