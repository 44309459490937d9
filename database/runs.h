#pragma once
// Runs as the project knows them; everything a run needs itself is in its folder.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

/// `created_utc` is set when empty. Conflict when the id is taken.
Result<void> addRun(Database& database, const RunRecord& run);
/// Sets `ended_utc` to now for Finished, Cancelled and Failed and clears it for the others.
/// NotFound: no such run.
Result<void> setRunState(Database& database, std::string_view id, RunState state,
                         std::string_view message);
Result<RunRecord> runById(Database& database, std::string_view id);
/// Newest first.
Result<std::vector<RunRecord>> runs(Database& database);

}  // namespace gadolin::db
