#include "database/runs.h"

#include <charconv>

#include "core/base/id.h"
#include "core/base/time.h"
#include "database/connection.h"

namespace gadolin::db {
namespace {

#define GADOLIN_RUN_COLUMNS \
  "id, supervision, preset, stage, device, seed, state, message, created_utc, ended_utc"

RunRecord runFromRow(const Query& query) {
  RunRecord run;
  run.id = query.text(0);
  run.supervision = query.text(1);
  run.preset = query.text(2);
  run.stage = query.text(3);
  run.device = query.text(4);
  const std::string seed = query.text(5);
  std::from_chars(seed.data(), seed.data() + seed.size(), run.seed);
  run.state = runStateFromText(query.text(6)).value_or(RunState::Failed);
  run.message = query.text(7);
  run.created_utc = query.text(8);
  run.ended_utc = query.text(9);
  return run;
}

Error noSuchRun(std::string_view id) {
  return {ErrorCode::NotFound, "There is no run '" + std::string(id) +
                                   "' in this project. 'gadolinctl runs PROJECT' lists them."};
}

}  // namespace

Result<void> addRun(Database& database, const RunRecord& run) {
  if (!isSafeName(run.id)) {
    return Error{ErrorCode::InvalidInput, "'" + run.id + "' is no name for a run."};
  }
  return database.transaction([&] {
    return guarded(database, "add run " + run.id, [&]() -> Result<void> {
      {
        Query same(database, "SELECT 1 FROM run WHERE id = ?", run.id);
        if (same.next()) {
          return Error{ErrorCode::Conflict, "There is a run '" + run.id + "' already."};
        }
      }
      Query(database, "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", run.id,
            run.supervision, run.preset, run.stage, run.device, std::to_string(run.seed),
            toText(run.state), run.message, run.created_utc.empty() ? utcNow() : run.created_utc,
            run.ended_utc)
          .run();
      database.connection().changes.runs = true;
      return {};
    });
  });
}

Result<void> setRunState(Database& database, std::string_view id, RunState state,
                         std::string_view message) {
  const bool ended =
      state == RunState::Finished || state == RunState::Cancelled || state == RunState::Failed;
  return database.transaction([&] {
    return guarded(database, "store the state of run " + std::string(id), [&]() -> Result<void> {
      Query update(database, "UPDATE run SET state = ?, message = ?, ended_utc = ? WHERE id = ?",
                   toText(state), message, ended ? utcNow() : std::string(), id);
      if (update.run() == 0) return noSuchRun(id);
      database.connection().changes.runs = true;
      return {};
    });
  });
}

Result<RunRecord> runById(Database& database, std::string_view id) {
  return guarded(database, "read the runs", [&]() -> Result<RunRecord> {
    Query query(database, "SELECT " GADOLIN_RUN_COLUMNS " FROM run WHERE id = ?", id);
    if (!query.next()) return noSuchRun(id);
    return runFromRow(query);
  });
}

Result<std::vector<RunRecord>> runs(Database& database) {
  return guarded(database, "read the runs", [&]() -> Result<std::vector<RunRecord>> {
    std::vector<RunRecord> all;
    Query query(database,
                "SELECT " GADOLIN_RUN_COLUMNS " FROM run ORDER BY created_utc DESC, rowid DESC");
    while (query.next()) all.push_back(runFromRow(query));
    return all;
  });
}

}  // namespace gadolin::db
