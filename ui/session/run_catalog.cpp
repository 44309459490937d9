#include "ui/session/run_catalog.h"

#include <QFuture>
#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "core/run/pseudo_review.h"
#include "core/run/run_config.h"
#include "database/runs.h"
#include "ui/session/project.h"
#include "ui/session/when_done.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

constexpr const char* ended_without_a_word =
    "The worker ended without a word; it was killed, or the machine went down.";

struct Verdict {
  db::RunState state;
  std::string message;
};

/// What the folder says of a training that no worker is at.
Verdict verdictOf(const Result<RunHistory>& history, const run::RunFolder& folder) {
  if (!history) return {db::RunState::Failed, history.error().message};
  if (history->done) {
    if (history->done->status == "finished") return {db::RunState::Finished, {}};
    if (history->done->status == "cancelled")
      return {db::RunState::Cancelled, history->done->message};
  }
  std::string message = history->done ? history->done->message : ended_without_a_word;
  if (hasCheckpoint(folder)) message += can_go_on;
  return {db::RunState::Failed, message};
}

/// What becomes of this row; nothing when it is true as it is.
std::optional<Verdict> correction(const db::RunRecord& row, const run::RunFolder& folder) {
  const auto work = workAt(folder);
  if (work == run::Work::Predict) return std::nullopt;
  if (work == run::Work::Train) {
    // A worker still holds its lock while its last word is stored.
    if (row.state == db::RunState::Running || row.state == db::RunState::Finished)
      return std::nullopt;
    return Verdict{db::RunState::Running, {}};
  }
  if (row.state == db::RunState::Cancelled || row.state == db::RunState::Failed) {
    // Unless it went on elsewhere, and its folder came back.
    if (run::trainedOf(folder) != run::Trained::Whole) return std::nullopt;
    const auto history = readCurves(folder);
    if (!history || !history->done || history->done->status != "finished") return std::nullopt;
    return Verdict{db::RunState::Finished, {}};
  }
  // One that is whole has its calibration; its events need not be read.
  if (row.state == db::RunState::Finished && run::trainedOf(folder) == run::Trained::Whole)
    return std::nullopt;
  const auto history = readCurves(folder);
  if (row.state == db::RunState::Prepared) {
    // Nobody looked when it began, and perhaps nobody when it ended.
    if (run::isImported(folder)) return Verdict{db::RunState::Finished, {}};
    if (history && history->lives == 0 && !history->done) return std::nullopt;
  }
  if (row.state == db::RunState::Finished) {
    // The last word of a prediction was once taken for the training's.
    if (!history || !history->done || history->done->status == "finished") return std::nullopt;
  }
  return verdictOf(history, folder);
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
    if (const auto verdict = correction(row, folder))
      GADOLIN_CHECK(db::setRunState(database, row.id, verdict->state, verdict->message));
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
    const auto work = workAt(folder);
    info.alive = work == run::Work::Train;
    info.predicting = work == run::Work::Predict;
    info.resumable = !work && row.state != db::RunState::Finished && hasCheckpoint(folder);
    info.trained = run::trainedOf(folder);
    info.imported = run::isImported(folder);
    info.has_pseudo_masks =
        fs::directory_iterator(folder.pseudoMasks(), code) != fs::directory_iterator();
    info.waits_for_review = !info.alive && run::waitsForReview(folder);
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
    const auto verdict = correction(row, paths.run(row.id));
    if (!verdict) continue;
    GADOLIN_CHECK(db::setRunState(database, row.id, verdict->state, verdict->message));
    ++changed;
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
  whenDone(this, project_.write<int>([paths](db::Database& database) {
    return reconcileRuns(database, paths);
  }),
           [this](const Result<int>& changed) {
             if (!changed) Q_EMIT failed(QString::fromStdString(changed.error().message));
             list();
           });
}

void RunCatalog::list() {
  const ProjectPaths paths = project_.paths();
  whenDone(this,
           project_.read<std::vector<RunInfo>>(
               [paths](db::Database& database) { return listRuns(database, paths); }),
           [this](const Result<std::vector<RunInfo>>& infos) {
             if (!infos) {
               Q_EMIT failed(QString::fromStdString(infos.error().message));
               return;
             }
             runs_ = *infos;
             Q_EMIT changed();
           });
}

}  // namespace gadolin::session
