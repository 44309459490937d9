#pragma once
// All runs of a project with what their folders say: which are alive, which broke off and can go
// on.

#include <QObject>
#include <optional>
#include <vector>

#include "core/run/event.h"
#include "core/run/run_folder.h"
#include "database/records.h"

namespace gadolin::session {

class Project;
struct ProjectPaths;

struct RunInfo {
  db::RunRecord record;
  bool alive = false;      // a worker holds the lock
  bool resumable = false;  // not alive, not finished, and a checkpoint is there
  bool has_folder = true;
};

/// True when a worker holds the lock of this run. Thread: any; a few system calls.
bool workerAlive(const run::RunFolder& folder);
/// The worker's process id as written in the lock; only while it is alive.
std::optional<qint64> workerPid(const run::RunFolder& folder);
/// True when a `latest` checkpoint of any stage is there.
bool hasCheckpoint(const run::RunFolder& folder);

/// One epoch after another of every stage, in the order in which they happened; an epoch that was
/// trained again after a resume is there once, as it was the last time.
struct RunHistory {
  std::vector<run::StageBegin> stages;
  std::vector<run::Epoch> epochs;
  std::vector<run::Preview> previews;  // paths relative to the run folder
  std::vector<run::CheckpointSaved> checkpoints;
  std::vector<run::Warning> warnings;
  std::optional<run::Hello> hello;  // of the last life
  std::optional<run::Done> done;    // of the last life
  int lives = 0;
  int bad_lines = 0;
};
/// Reads events.jsonl. Thread: a pool thread. An absent file is an empty history.
Result<RunHistory> readCurves(const run::RunFolder& folder);

/// Rows and folders together, newest first. Thread: the connection's; reads small files, so not the
/// GUI thread's.
Result<std::vector<RunInfo>> listRuns(db::Database& database, const ProjectPaths& paths);

/// Rows whose state does not agree with their folder are set right: Running without a worker
/// becomes what its last event says, or Failed; a folder without a row gets one. Returns how many
/// changed. For a job in the writer's thread.
Result<int> reconcileRuns(db::Database& database, const ProjectPaths& paths);

/// Thread: the project's.
class RunCatalog : public QObject {
  Q_OBJECT
 public:
  explicit RunCatalog(Project& project, QObject* parent = nullptr);
  [[nodiscard]] const std::vector<RunInfo>& runs() const { return runs_; }
  /// Reconciles (once) and lists; changed() follows. Also called whenever the project's runs
  /// change.
  void refresh();

 Q_SIGNALS:
  void changed();
  /// A question to the disk or database failed.
  void failed(const QString& message);

 private:
  void list();
  Project& project_;
  std::vector<RunInfo> runs_;
  bool reconciled_ = false;
};

}  // namespace gadolin::session
