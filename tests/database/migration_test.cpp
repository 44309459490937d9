#include "database/migration.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "core/base/hash.h"
#include "database/backup.h"
#include "database/journal.h"
#include "tests/database/sample.h"

namespace gadolin::db {
namespace {
namespace fs = std::filesystem;
using test::Sample;

class Migrations : public Sample {
 protected:
  std::vector<Migration> stepsWith(std::string_view sql) {
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    steps.push_back({currentSchemaVersion() + 1, "9999_next.sql", sql});
    return steps;
  }
  std::size_t backupCount() {
    std::size_t count = 0;
    std::error_code code;
    for ([[maybe_unused]] const auto& entry :
         fs::directory_iterator(folder.path() / "backups", code)) {
      ++count;
    }
    return count;
  }
  bool runs(std::string_view sql) {
    auto steps = stepsWith(sql);
    return migrate(database, folder.path() / "backups", steps).ok();
  }
};

TEST(ReleasedMigrations, AreNeverEdited) {
  // A released file keeps its hash for ever; a new schema is a new file and a new line here.
  const std::map<int, std::string> released{
      {1, "50daaa1c412f92df98151427a384518a5cc620bc169a5e9370f3b19486cff8fa"},
      {2, "0eb304f7bbf04a3314af242daae28b8d61237b4fb6aac9afe56669cc1337fff7"},
      {3, "50c4a3b83b268c5f9198374eb0b87741fba4dc9a72bca20ff0f0543581d561c5"},
      {4, "ec9cd5921078c3a6fb5e02c621637b0893f3093daeee78183a8963e0f3b11e21"},
      {5, "307855e73945515c404faa01a912530057ccf6083ef7e7993bdf20fa7f6d00b2"},
      {6, "ac5b904e718a032302ee473111ff6c3f80492ef642503590d4bdccf399c5908d"},
      {7, "86da8c278f0398688bbc102ea67c493d63dc65c8c0800200e53771d1163517d9"},
      {8, "598ee9a600a0cd4ae81462bdba1259f67f46b59652f3c3661f221142f5a2718c"},
      {9, "e0a5805ccf0440fed5af9deba30b231adfc389a010be12f2e17800f46ffc8dc8"},
  };
  ASSERT_EQ(migrations().size(), released.size());
  int expected = 1;
  for (const Migration& step : migrations()) {
    EXPECT_EQ(step.version, expected++);
    EXPECT_EQ(sha256Hex(step.sql), released.at(step.version)) << step.name;
  }
}

TEST_F(Migrations, NewDatabaseHasTheCurrentVersionAndNoFaults) {
  EXPECT_EQ(*database.schemaVersion(), currentSchemaVersion());
  EXPECT_TRUE(checkSchemaVersion(database).ok());
  EXPECT_TRUE(database.findFaults(false)->empty());
  EXPECT_EQ(backupCount(), 0u) << "there was nothing to copy";
}

TEST(ReleasedMigrations, RefusalsOfAnOlderProjectStayAndAreForgottenByTheirName) {
  const gadolin::test::TempFolder folder;
  auto database = Database::create(folder.path() / "project.sqlite");
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(migrate(*database, folder.path() / "backups", migrations().first(4)).ok());
  std::vector<Migration> steps(migrations().begin(), migrations().begin() + 4);
  // A row as version 4 wrote it, before what comes next.
  const std::string sql =
      "INSERT INTO refusal VALUES ('a/b.dcm', 'Cut short.', 'corrupt', '2025-01-01T00:00:00Z');" +
      std::string(migrations()[4].sql);
  steps.push_back({5, "0005_refusal_place.sql", sql});
  ASSERT_TRUE(migrate(*database, folder.path() / "backups", steps).ok());
  ASSERT_EQ(refusals(*database)->size(), 1u);
  EXPECT_EQ(refusals(*database)->at(0).path, "a/b.dcm");
  EXPECT_EQ(refusals(*database)->at(0).reason, "Cut short.");
  ASSERT_TRUE(removeRefusal(*database, "a/b.dcm").ok());
  EXPECT_TRUE(refusals(*database)->empty());
}

TEST_F(Migrations, NextVersionIsReachedWithAVerifiedCopyBefore) {
  ASSERT_TRUE(addStack(database, test::sampleStack("P1", 1)).ok());
  ASSERT_TRUE(runs("ALTER TABLE patient ADD COLUMN site TEXT NOT NULL DEFAULT '';"));
  EXPECT_EQ(*database.schemaVersion(), currentSchemaVersion() + 1);
  ASSERT_EQ(backupCount(), 1u);
  const auto copy = fs::directory_iterator(folder.path() / "backups")->path();
  auto opened = Database::open(copy, Mode::ReadOnly);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened->schemaVersion(), currentSchemaVersion());
  EXPECT_EQ(stackById(*opened, "P1-s1")->patient, "P1");
  EXPECT_EQ(fs::status(copy).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Migrations, NewerFileIsRefusedAndUntouched) {
  ASSERT_TRUE(runs("CREATE TABLE later (x INTEGER) STRICT;"));
  const auto refused = migrate(database, folder.path() / "backups");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::NewerVersion);
  EXPECT_NE(refused.error().message.find("newer Gadolin"), std::string::npos);
  EXPECT_EQ(checkSchemaVersion(database).error().code, ErrorCode::NewerVersion);
  EXPECT_EQ(*database.schemaVersion(), currentSchemaVersion() + 1);
}

TEST_F(Migrations, StepThatFailsHalfWayLeavesTheOldVersion) {
  EXPECT_FALSE(runs("CREATE TABLE half (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1);"));
  EXPECT_EQ(*database.schemaVersion(), currentSchemaVersion());
  EXPECT_TRUE(runs("CREATE TABLE half (x INTEGER) STRICT;")) << "the table was left behind";
}

TEST_F(Migrations, StepThatBreaksAReferenceIsRolledBack) {
  // Deferred keys are the only way past the immediate check; COMMIT must never see them.
  EXPECT_FALSE(
      runs("PRAGMA defer_foreign_keys = ON;"
           "INSERT INTO split VALUES ('nobody', 'train', NULL);"));
  EXPECT_EQ(*database.schemaVersion(), currentSchemaVersion());
  EXPECT_TRUE(database.findFaults(false)->empty());
}

TEST_F(Migrations, ProcessKilledInTheMiddleOfAStepLeavesTheOldVersion) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // Hours of work in one step; the parent kills it long before.
    auto own = Database::open(folder.path() / "project.sqlite", Mode::ReadWrite);
    auto steps = stepsWith(
        "CREATE TABLE half (x INTEGER) STRICT;"
        "INSERT INTO half WITH RECURSIVE c(x) AS "
        "(SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 10000000000) SELECT x FROM c;");
    const bool ended = migrate(*own, folder.path() / "backups", steps).ok();
    ::_exit(ended ? 0 : 1);
  }
  // The step is at work once its rows spill from the cache into the -wal file.
  const fs::path log = folder.path() / "project.sqlite-wal";
  std::error_code code;
  for (int i = 0; i < 1000 && (!fs::exists(log, code) || fs::file_size(log, code) < 4'000'000);
       ++i) {
    ::usleep(20'000);
  }
  ASSERT_GE(fs::file_size(log, code), 4'000'000u);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(backupCount(), 1u);
  auto again = Database::open(folder.path() / "project.sqlite", Mode::ReadWrite);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again->schemaVersion(), currentSchemaVersion());
  EXPECT_TRUE(again->findFaults(false)->empty());
  EXPECT_TRUE(runs("CREATE TABLE half (x INTEGER) STRICT;")) << "half the step was left behind";
}

TEST(Opening, OtherDatabasesAndOtherFilesAreNamed) {
  gadolin::test::TempFolder folder;
  auto made = Database::create(folder.path() / "other.sqlite");
  ASSERT_TRUE(made.ok());
  const Migration foreign{1, "foreign.sql",
                          "CREATE TABLE schema_migration (a, b, c, d); CREATE TABLE x (y);"};
  ASSERT_TRUE(migrate(*made, folder.path(), std::span(&foreign, 1)).ok());
  EXPECT_EQ(Database::create(folder.path() / "other.sqlite").error().code, ErrorCode::Conflict);
  EXPECT_EQ(Database::open(folder.path() / "none.sqlite", Mode::ReadOnly).error().code,
            ErrorCode::NotFound);
  {
    std::FILE* file = std::fopen((folder.path() / "text.sqlite").c_str(), "w");
    for (int i = 0; i < 100; ++i) std::fputs("This is a letter, not a database.\n", file);
    std::fclose(file);
  }
  EXPECT_EQ(Database::open(folder.path() / "text.sqlite", Mode::ReadWrite).error().code,
            ErrorCode::Corrupt);
}

TEST_F(Migrations, FilesArePrivate) {
  ASSERT_TRUE(addStack(database, test::sampleStack("P1", 1)).ok());
  const auto mode = fs::perms::owner_read | fs::perms::owner_write;
  for (const char* name : {"project.sqlite", "project.sqlite-wal", "project.sqlite-shm"}) {
    EXPECT_EQ(fs::status(folder.path() / name).permissions(), mode) << name;
  }
}

/// Runs `body` as a user for whom the folder is read-only; returns its value.
template <typename Body>
int asStranger(const fs::path& folder, Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::getuid() == 0) {
      for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (::chown(entry.path().c_str(), 65534, 65534) != 0) ::_exit(100);
      }
      if (::chown(folder.c_str(), 65534, 65534) != 0) ::_exit(100);
    }
    if (::chmod(folder.c_str(), 0500) != 0) ::_exit(101);
    if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(102);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ::chmod(folder.c_str(), 0700);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 200;
}

TEST(Opening, ReadOnlyFolderCanBeReadAndSaysWhyItCannotBeWritten) {
  gadolin::test::TempFolder folder;
  {
    auto database = Database::create(folder.path() / "project.sqlite");
    ASSERT_TRUE(migrate(*database, folder.path() / "backups").ok());
    ASSERT_TRUE(addStack(*database, test::sampleStack("P1", 1)).ok());
  }
  const fs::path file = folder.path() / "project.sqlite";
  EXPECT_EQ(asStranger(folder.path(),
                       [&] {
                         auto writer = Database::open(file, Mode::ReadWrite);
                         if (writer.ok() || writer.error().code != ErrorCode::ReadOnly) return 1;
                         auto reader = Database::open(file, Mode::ReadOnly);
                         if (!reader.ok()) return 2;
                         if (!stackById(*reader, "P1-s1").ok()) return 3;
                         const auto refused = addStack(*reader, test::sampleStack("P2", 1));
                         return refused.error().code == ErrorCode::ReadOnly ? 0 : 4;
                       }),
            0);
}

TEST_F(Migrations, TenCopiesAreKeptAndTheOldestGo) {
  const fs::path backups = folder.path() / "backups";
  EXPECT_TRUE(backupIsDue(backups));
  std::vector<fs::path> made;
  for (int i = 0; i < kept_backups + 2; ++i) {
    auto copy = makeBackup(database, backups);
    ASSERT_TRUE(copy.ok());
    made.push_back(*copy);
    ::usleep(2000);  // names carry milliseconds
  }
  EXPECT_FALSE(backupIsDue(backups));
  EXPECT_TRUE(backupIsDue(backups, std::chrono::hours(-1)));
  EXPECT_EQ(backupCount(), static_cast<std::size_t>(kept_backups));
  EXPECT_FALSE(fs::exists(made[0]));
  EXPECT_FALSE(fs::exists(made[1]));
  EXPECT_TRUE(fs::exists(made[2]));
  EXPECT_TRUE(fs::exists(made.back()));
}

}  // namespace
}  // namespace gadolin::db
