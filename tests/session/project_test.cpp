#include "ui/session/project.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include <QProcess>
#include <QThread>
#include <fstream>
#include <thread>

#include "database/backup.h"
#include "database/journal.h"
#include "database/labels.h"
#include "database/masks.h"
#include "tests/database/raw_sql.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"
#include "ui/session/project_check.h"
#include "ui/session/project_door.h"
#include "ui/session/split_planner.h"

namespace gadolin::session {
namespace {
namespace fs = std::filesystem;
using test::SampleProject;
using ::testing::HasSubstr;

TEST_F(SampleProject, FolderIsCompletePrivateAndNamed) {
  EXPECT_EQ(project->name(), QStringLiteral("lab"));
  for (const fs::path& path : {root(), project->paths().stacks(), project->paths().masks(),
                               project->paths().runs(), project->paths().backups()}) {
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all) << path;
  }
  const auto report = checkProject(project->reader(), project->paths(), {}, [](int, int) {});
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->problems.empty()) << report->problems.front().reason;
  EXPECT_EQ(report->stacks, 3);
  EXPECT_EQ(report->masks, 2);
}

TEST_F(SampleProject, NothingIsMadeOverSomethingThatIsThere) {
  const auto again = Project::create(root());
  EXPECT_EQ(again.error().code, ErrorCode::Conflict);
  EXPECT_THAT(again.error().message, HasSubstr("exists already"));
  EXPECT_EQ(Project::create(folder.path() / "no" / "such.gadolin").error().code,
            ErrorCode::NotFound);
  EXPECT_FALSE(fs::exists(folder.path() / "no"));
  std::ofstream(folder.path() / "file").put('x');
  EXPECT_EQ(Project::create(folder.path() / "file").error().code, ErrorCode::Conflict);
}

TEST(Opening, SaysWhatIsWrong) {
  gadolin::test::TempFolder folder;
  EXPECT_EQ(Project::open(folder.path() / "none").error().code, ErrorCode::NotFound);
  const auto empty = Project::open(folder.path());
  EXPECT_EQ(empty.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(empty.error().message, HasSubstr("not a Gadolin project"));
  EXPECT_EQ(fs::directory_iterator(folder.path()), fs::directory_iterator()) << "left something";
  std::ofstream(folder.path() / "project.sqlite");
  EXPECT_EQ(Project::open(folder.path()).error().code, ErrorCode::Corrupt);
}

TEST(Opening, AProjectBelowALinkedFolderIsMadeAndOpened) {
  gadolin::test::TempFolder folder;
  fs::create_directory(folder.path() / "disk");
  fs::create_directory_symlink("disk", folder.path() / "data");
  const auto made = Project::create(folder.path() / "data" / "lab.gadolin");
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_TRUE(fs::exists(folder.path() / "disk" / "lab.gadolin" / "project.sqlite"));
  EXPECT_EQ((*made)->paths().root.filename(), "lab.gadolin");
  EXPECT_TRUE(Project::open(folder.path() / "data" / "lab.gadolin").ok());
  // The project itself may be a link.
  fs::create_directory_symlink("disk/lab.gadolin", folder.path() / "mine.gadolin");
  EXPECT_TRUE(Project::open(folder.path() / "mine.gadolin").ok());
  EXPECT_EQ(Project::create(folder.path() / "mine.gadolin").error().code, ErrorCode::Conflict);
}

TEST_F(SampleProject, WhatAKilledProgramWasWritingGoesWithTheNextOpening) {
  QProcess gone;
  gone.start(QStringLiteral("true"), QStringList());
  const qint64 pid = gone.processId();
  ASSERT_TRUE(gone.waitForFinished());
  const fs::path old = project->paths().masks() / (".tmp-" + std::to_string(pid) + "-0");
  const fs::path young = project->paths().stacks() / (".tmp-" + std::to_string(pid) + "-1");
  const fs::path alive = root() / (".tmp-" + std::to_string(::getpid()) + "-2");
  for (const fs::path& file : {old, young, alive}) std::ofstream(file).put('x');
  for (const fs::path& file : {old, alive})
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(2));
  ASSERT_TRUE(Project::open(root()).ok());
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young)) << "its writer may be on another machine";
  EXPECT_TRUE(fs::exists(alive));
}

TEST_F(SampleProject, AnOlderProjectIsBroughtUpToDateForReadingToo) {
  project.reset();
  ASSERT_TRUE(db::test::execute(root() / "project.sqlite",
                                "DROP TABLE consensus_event; DROP TABLE rv_insertion; DROP VIEW withdrawn_mask; DROP TABLE mask_drawn; DROP TABLE mask_edit; DROP TABLE stack_label; DROP VIEW stack_in_use; DROP TABLE set_aside; DROP TABLE clinical_value; DROP TABLE clinical_column;"
                                "PRAGMA user_version = 1;"
                                "DELETE FROM schema_migration WHERE version > 1"));
  const auto read = Project::open(root(), Access::ReadOnly);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(db::latestPersonMasks((*read)->reader()).ok());
}

TEST_F(SampleProject, ClosedProjectIsOneFileWithoutALog) {
  project.reset();
  EXPECT_FALSE(fs::exists(root() / "project.sqlite-wal"));
  EXPECT_FALSE(fs::exists(root() / "project.sqlite-shm"));
}

TEST_F(SampleProject, ReadOnlyProjectRefusesToWriteInASentence) {
  project.reset();
  const auto opened = Project::open(root(), Access::ReadOnly);
  ASSERT_TRUE(opened.ok());
  const auto refused = (*opened)->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::setSetting(database, "a", "b"));
    return 1;
  });
  EXPECT_EQ(refused.error().code, ErrorCode::ReadOnly);
  EXPECT_EQ(db::stackById((*opened)->reader(), "P1-s1")->patient, "P1");
}

TEST_F(SampleProject, WritesRunInTheOrderOfTheCallsAndNoneIsLostByClosing) {
  std::vector<int> order;  // touched by the writer thread alone, read after it has ended
  for (int i = 0; i < 200; ++i) {
    project->write<int>([&order, i](db::Database& database) -> Result<int> {
      order.push_back(i);
      GADOLIN_CHECK(db::setSetting(database, "last", std::to_string(i)));
      return i;
    });
  }
  project.reset();
  ASSERT_EQ(order.size(), 200u);
  EXPECT_TRUE(std::ranges::is_sorted(order));
  const auto again = Project::open(root());
  EXPECT_EQ(**db::setting((*again)->reader(), "last"), "199");
}

TEST_F(SampleProject, ErrorRollsBackAndExceptionBecomesAnError) {
  const auto failed = project->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::setSetting(database, "half", "1"));
    return Error{ErrorCode::Cancelled, "stop"};
  });
  EXPECT_EQ(failed.error().code, ErrorCode::Cancelled);
  const auto thrown = project->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::setSetting(database, "half", "1"));
    throw std::runtime_error("oops");
  });
  EXPECT_EQ(thrown.error().code, ErrorCode::Internal);
  EXPECT_FALSE(db::setting(project->reader(), "half")->has_value());
}

TEST_F(SampleProject, ReadsHappenOutsideTheCallersThread) {
  auto future =
      project->read<int>([here = QThread::currentThread()](db::Database& database) -> Result<int> {
        EXPECT_NE(QThread::currentThread(), here);
        GADOLIN_TRY(const auto rows, db::cohortRows(database));
        return static_cast<int>(rows.size());
      });
  future.waitForFinished();
  EXPECT_EQ(*future.result(), 3);
}

TEST_F(SampleProject, SignalsFollowTheCommitAndNameTheStack) {
  QStringList stacks;
  int cohort = 0;
  QObject::connect(project.get(), &Project::labelsChanged, project.get(),
                   [&](const QString& stack) { stacks << stack; });
  QObject::connect(project.get(), &Project::cohortChanged, project.get(), [&] { ++cohort; });
  // Its answer comes after the signals of what the fixture wrote have been posted.
  ASSERT_TRUE(project->writeNow<int>([](db::Database&) -> Result<int> { return 0; }).ok());
  QCoreApplication::processEvents();
  stacks.clear();
  cohort = 0;
  const db::SliceChange change{0, SliceLabel::None};
  ASSERT_TRUE(project
                  ->writeNow<int>([&](db::Database& database) -> Result<int> {
                    GADOLIN_CHECK(db::setSliceLabels(database, "P2-s1", std::span(&change, 1),
                                                     "ann", 1, "key"));
                    return 0;
                  })
                  .ok());
  EXPECT_TRUE(gadolin::test::waitFor([&] { return !stacks.isEmpty(); }));
  EXPECT_EQ(stacks, QStringList{QStringLiteral("P2-s1")});
  EXPECT_EQ(cohort, 0);
}

TEST_F(SampleProject, ChangeByAnotherProcessIsNoticed) {
  int cohort = 0;
  QObject::connect(project.get(), &Project::cohortChanged, project.get(), [&] { ++cohort; });
  gadolin::test::waitFor([] { return false; }, 200);
  cohort = 0;
  QProcess other;
  other.start(QStringLiteral(LABEL_WRITER),
              {QString::fromStdString(root().string()), QStringLiteral("P1-s1"),
               QStringLiteral("bob"), QStringLiteral("1")});
  EXPECT_TRUE(gadolin::test::waitFor([&] { return cohort > 0; }));
  other.closeWriteChannel();
  EXPECT_TRUE(other.waitForFinished());
  EXPECT_EQ(other.exitCode(), 0) << other.readAllStandardError().toStdString();
}

/// As a window does it: in another thread than the one that uses the project.
EnteredProject enterElsewhere(const fs::path& root) {
  Result<EnteredProject> entered = Error{ErrorCode::Internal, "not entered"};
  std::thread([&, home = QThread::currentThread()] {
    entered = enterProject(QString::fromStdString(root.string()), home);
  }).join();
  EXPECT_TRUE(entered.ok()) << (entered.ok() ? "" : entered.error().message);
  return entered.ok() ? std::move(entered).value() : EnteredProject{};
}

TEST_F(SampleProject, TheSecondWindowReadsAndHearsOfChangesToo) {
  const EnteredProject first = enterElsewhere(root());
  const EnteredProject second = enterElsewhere(root());
  ASSERT_TRUE(first.project && second.project);
  EXPECT_EQ(first.project->access(), Access::ReadWrite);
  EXPECT_TRUE(first.lock);
  EXPECT_EQ(second.project->access(), Access::ReadOnly);
  EXPECT_FALSE(second.lock);
  EXPECT_TRUE(second.held_elsewhere);
  EXPECT_EQ(second.project->thread(), QThread::currentThread());
  int heard = 0;
  QObject::connect(second.project.get(), &Project::labelsChanged, second.project.get(),
                   [&] { ++heard; });
  const auto written = first.project->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::setSliceLabels(database, "P1-s1",
                                     std::vector<db::SliceChange>{{0, SliceLabel::Unsure}}, "anna",
                                     1, "key"));
    return 0;
  });
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_TRUE(gadolin::test::waitFor([&] { return heard > 0; }))
      << "what a project that moved to its window's thread waits with, must move too";
}

TEST_F(SampleProject, TheDoorLeavesNothingInAFolderThatHoldsNoProject) {
  const fs::path empty = folder.path() / "empty";
  fs::create_directory(empty);
  const auto refused =
      enterProject(QString::fromStdString(empty.string()), QThread::currentThread());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_TRUE(fs::is_empty(empty));
}

TEST_F(SampleProject, TwoProcessesWriteWithoutLosingALabel) {
  QProcess ann;
  QProcess bob;
  const QString path = QString::fromStdString(root().string());
  ann.start(QStringLiteral(LABEL_WRITER),
            {path, QStringLiteral("P1-s1"), QStringLiteral("ann"), QStringLiteral("40")});
  bob.start(QStringLiteral(LABEL_WRITER),
            {path, QStringLiteral("P1-s1"), QStringLiteral("bob"), QStringLiteral("40")});
  for (QProcess* process : {&ann, &bob}) {
    process->closeWriteChannel();
    ASSERT_TRUE(process->waitForFinished(60'000));
    EXPECT_EQ(process->exitCode(), 0) << process->readAllStandardError().toStdString();
  }
  EXPECT_EQ(db::labelHistory(project->reader(), "P1-s1")->size(), 80u);
}

TEST_F(SampleProject, OpeningMakesTheDailyCopy) {
  project.reset();
  fs::remove_all(root() / "backups");
  { ASSERT_TRUE(Project::open(root()).ok()); }
  EXPECT_FALSE(db::backupIsDue(root() / "backups"));
}

TEST_F(SampleProject, CheckNamesADamagedMaskAMissingStackAndAForeignRun) {
  const std::string blob = contentHash(test::sampleMask(6, 2));
  ASSERT_TRUE(writeMask(project->paths().mask(blob), test::sampleMask(6, 3)).ok());
  fs::remove(project->paths().stack("P2-s1"));
  fs::create_directory(project->paths().runs() / "stray");
  const auto report = checkProject(project->reader(), project->paths(), {}, [](int, int) {});
  ASSERT_TRUE(report.ok());
  std::map<std::string, std::string> found;
  for (const auto& problem : report->problems) found[problem.kind] = problem.what;
  ASSERT_EQ(report->problems.size(), 3u);
  EXPECT_THAT(found["mask"], HasSubstr(blob));
  EXPECT_THAT(found["stack"], HasSubstr("P2-s1"));
  EXPECT_THAT(found["run"], HasSubstr("stray"));
}

TEST_F(SampleProject, SplitFromATableNamesUnknownPatients) {
  const auto run = [&](const char* table) {
    return project->writeNow<SplitSummary>(
        [&](db::Database& database) { return importSplit(database, table, "split.csv"); });
  };
  const auto refused = run("patient,split\nP1,train\nP9,test\n");
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("P9"));
  const auto done = run("patient;split\r\nP1;train\r\nP2;test\r\n");
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(done->train, 1);
  EXPECT_EQ(done->test, 1);
  EXPECT_EQ(done->without_part, 1);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
