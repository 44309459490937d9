#pragma once
// Rolling verified copies of project.sqlite in the project's backups/ folder.

#include <chrono>
#include <filesystem>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::db {

inline constexpr int kept_backups = 10;

/// Writes backups/project-<UTC time>-v<schema version>.sqlite and removes the oldest beyond
/// `kept_backups`. The copy has passed quick_check. Makes the folder when it is missing.
Result<std::filesystem::path> makeBackup(Database& database, const std::filesystem::path& folder);

/// True when the newest copy in the folder is older than `age`, or there is none.
bool backupIsDue(const std::filesystem::path& folder,
                 std::chrono::hours age = std::chrono::hours(24));

}  // namespace gadolin::db
