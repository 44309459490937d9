#include "database/migration.h"

#include "core/base/hash.h"
#include "core/base/time.h"
#include "database/backup.h"
#include "database/connection.h"

namespace gadolin::db {
namespace {

Error newerVersion(const Database& database, int found, int known) {
  return {ErrorCode::NewerVersion,
          database.file().string() + " was written by a newer Gadolin (format " +
              std::to_string(found) + "; this program knows formats up to " +
              std::to_string(known) + "). Update Gadolin to open it; nothing was changed."};
}

Result<bool> hasTables(Database& database) {
  return guarded(database, "read the schema", [&]() -> Result<bool> {
    Query query(database, "SELECT count(*) FROM sqlite_master");
    query.next();
    return query.number(0) > 0;
  });
}

Error notAProject(const Database& database) {
  return {ErrorCode::Corrupt, database.file().string() +
                                  " is a database, but not that of a Gadolin project. Nothing was "
                                  "changed."};
}

/// One step within its transaction. Does nothing when another process has been here already.
Result<void> apply(Database& database, const Migration& step) {
  return database.transaction([&]() -> Result<void> {
    GADOLIN_TRY(const int version, database.schemaVersion());
    if (version >= step.version) return {};
    SQLite::Database& sqlite = database.connection().sqlite;
    sqlite.exec(std::string(step.sql));
    {
      SQLite::Statement keys(sqlite, "PRAGMA foreign_key_check");
      if (keys.executeStep()) {
        return Error{ErrorCode::Corrupt,
                     "Migration " + std::string(step.name) + " of " + database.file().string() +
                         " would leave rows of table " + keys.getColumn(0).getString() +
                         " that point to nothing. Nothing was changed."};
      }
    }
    SQLite::Statement note(sqlite, "INSERT INTO schema_migration VALUES (?, ?, ?, ?)");
    note.bind(1, step.version);
    note.bind(2, std::string(step.name));
    note.bind(3, sha256Hex(step.sql));
    note.bind(4, utcNow());
    note.exec();
    sqlite.exec("PRAGMA user_version = " + std::to_string(step.version));
    return {};
  });
}

}  // namespace

int currentSchemaVersion() {
  return migrations().back().version;
}

Result<void> checkSchemaVersion(Database& database) {
  GADOLIN_TRY(const int version, database.schemaVersion());
  if (version > currentSchemaVersion()) {
    return newerVersion(database, version, currentSchemaVersion());
  }
  if (version == 0) return notAProject(database);
  if (version < currentSchemaVersion()) {
    return Error{ErrorCode::Conflict,
                 database.file().string() + " has the older format " + std::to_string(version) +
                     ". Open the project once where it can be written; it is then brought up to "
                     "date."};
  }
  return {};
}

Result<std::optional<std::filesystem::path>> migrate(Database& database,
                                                     const std::filesystem::path& backups,
                                                     std::span<const Migration> steps) {
  std::optional<std::filesystem::path> copy;
  GADOLIN_TRY(const int version, database.schemaVersion());
  const int target = steps.empty() ? 0 : steps.back().version;
  if (version > target) return newerVersion(database, version, target);
  if (version == target) return copy;
  GADOLIN_TRY(const bool filled, hasTables(database));
  if (filled && version == 0) return notAProject(database);
  if (filled) {
    GADOLIN_TRY(copy, makeBackup(database, backups));
  }
  for (const Migration& step : steps) {
    if (step.version <= version) continue;
    if (auto done = apply(database, step); !done) {
      return done.error().within("Bringing the project to format " + std::to_string(step.version));
    }
  }
  return copy;
}

}  // namespace gadolin::db
