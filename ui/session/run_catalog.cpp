#include "ui/session/run_catalog.h"

#include <QFuture>
#include <algorithm>
#include <chrono>
#include <set>

#include "core/run/run_config.h"
#include "database/runs.h"
#include "ui/session/project.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

struct Verdict {
  db::RunState state;
  std::string message;
};

/// What the folder says of a run whose row says that it is running although no worker is there.
Verdict verdictOf(const run::RunFolder& folder) {
  auto history = readCurves(folder);
  if (!history) return {db::RunState::Failed, history.error().message};
  if (history->done) {
    if (history->done->status == "finished") return {db::RunState::Finished, {}};
    if (history->done->status == "cancelled")
      return {db::RunState::Cancelled, history->done->message};
  }
  std::string message =
      history->done ? history->done->message
                    : "The worker ended without a word; it was killed, or the machine went down.";
  if (hasCheckpoint(folder)) message += can_go_on;
  return {db::RunState::Failed, message};
}

/// Folders that a preparation left behind when its process died.
void removeAbandoned(const fs::path& runs) {
  std::error_code code;
  std::vector<fs::path> abandoned;
  for (fs::directory_iterator at(runs, code), end; !code && at != end; at.increment(code)) {
    if (!at->path().filename().string().starts_with(".new-")) continue;
    const auto age = fs::file_time_type::clock::now() - at->last_write_time(code);
    if (!code && age > std::chrono::hours(1)) abandoned.push_back(at->path());
  }
  for (const fs::path& path : abandoned) fs::remove_all(path, code);
}

Result<int> adoptFolders(db::Database& database, const ProjectPaths& paths,
                         const std::set<std::string>& known) {
  int adopted = 0;
  std::error_code code;
  for (fs::directory_iterator at(paths.runs(), code), end; !code && at != end; at.increment(code)) {
    const run::RunFolder folder{at->path()};
    if (folder.id().starts_with('.') || known.contains(folder.id())) continue;
    auto config = run::readRunConfig(folder.config());
    if (!config || config->id != folder.id()) continue;  // `check` speaks of such folders
    db::RunRecord row;
    row.id = config->id;
    row.supervision = toText(config->supervision);
    row.preset = config->preset;
    row.stage = config->stage;
    row.device = config->device;
    row.seed = config->seed;
    row.created_utc = config->created_utc;
    GADOLIN_CHECK(db::addRun(database, row));
    auto history = readCurves(folder);
    if (history && history->lives > 0 && !workerAlive(folder)) {
      const Verdict verdict = verdictOf(folder);
      GADOLIN_CHECK(db::setRunState(database, row.id, verdict.state, verdict.message));
    }
    ++adopted;
  }
  return adopted;
}

}  // namespace

Result<std::vector<RunInfo>> listRuns(db::Database& database, const ProjectPaths& paths) {
  GADOLIN_TRY(const auto rows, db::runs(database));
  std::vector<RunInfo> infos;
  for (const db::RunRecord& row : rows) {
    RunInfo info{row};
    const run::RunFolder folder = paths.run(row.id);
    std::error_code code;
    info.has_folder = fs::is_directory(folder.root, code);
    info.alive = workerAlive(folder);
    info.resumable = !info.alive && row.state != db::RunState::Finished && hasCheckpoint(folder);
    infos.push_back(std::move(info));
  }
  return infos;
}

Result<int> reconcileRuns(db::Database& database, const ProjectPaths& paths) {
  GADOLIN_TRY(const auto rows, db::runs(database));
  int changed = 0;
  std::set<std::string> known;
  for (const db::RunRecord& row : rows) {
    known.insert(row.id);
    const run::RunFolder folder = paths.run(row.id);
    const bool alive = workerAlive(folder);
    if (alive && row.state != db::RunState::Running) {
      // A worker that predicts holds the lock of a finished run too.
      if (row.state == db::RunState::Finished) continue;
      GADOLIN_CHECK(db::setRunState(database, row.id, db::RunState::Running, {}));
      ++changed;
    } else if (!alive && row.state == db::RunState::Running) {
      const Verdict verdict = verdictOf(folder);
      GADOLIN_CHECK(db::setRunState(database, row.id, verdict.state, verdict.message));
      ++changed;
    }
  }
  GADOLIN_TRY(const int adopted, adoptFolders(database, paths, known));
  removeAbandoned(paths.runs());
  return changed + adopted;
}

RunCatalog::RunCatalog(Project& project, QObject* parent) : QObject(parent), project_(project) {
  connect(&project_, &Project::runsChanged, this, &RunCatalog::refresh);
}

void RunCatalog::refresh() {
  if (reconciled_ || project_.access() == Access::ReadOnly) {
    list();
    return;
  }
  reconciled_ = true;
  const ProjectPaths paths = project_.paths();
  project_.write<int>([paths](db::Database& database) { return reconcileRuns(database, paths); })
      .then(this, [this](const Result<int>& changed) {
        if (!changed) Q_EMIT failed(QString::fromStdString(changed.error().message));
        list();
      });
}

void RunCatalog::list() {
  const ProjectPaths paths = project_.paths();
  project_
      .read<std::vector<RunInfo>>(
          [paths](db::Database& database) { return listRuns(database, paths); })
      .then(this, [this](const Result<std::vector<RunInfo>>& infos) {
        if (!infos) {
          Q_EMIT failed(QString::fromStdString(infos.error().message));
          return;
        }
        runs_ = *infos;
        Q_EMIT changed();
      });
}

}  // namespace gadolin::session
