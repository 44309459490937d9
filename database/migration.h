#pragma once
// Schema versions. A migration is one SQL file below database/migrations, embedded into the
// program; how to add one: database/README.md.

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::db {

struct Migration {
  int version = 0;        // 1, 2, 3, ... without a gap
  std::string_view name;  // file name: "0001_initial.sql"
  std::string_view sql;
};

/// All migrations of this program, in order (generated from database/migrations).
std::span<const Migration> migrations();
/// The version that this program reads and writes.
int currentSchemaVersion();

/// Ok when this program can read the file: NewerVersion for a file of a later Gadolin, Corrupt for
/// a database that is not a project, Conflict when it must be migrated first.
Result<void> checkSchemaVersion(Database& database);

/// Brings the file to the last of `steps`. Each step is one transaction: BEGIN IMMEDIATE, the SQL,
/// foreign_key_check, user_version, COMMIT; a step that fails or a process that dies leaves the
/// version before it. When the file holds something already, a verified copy goes to `backups`
/// first. Two processes may try at once: the second finds the work done. Returns the copy that was
/// made, if any. NewerVersion leaves the file untouched.
Result<std::optional<std::filesystem::path>> migrate(
    Database& database, const std::filesystem::path& backups,
    std::span<const Migration> steps = migrations());

}  // namespace gadolin::db
