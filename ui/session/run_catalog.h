#pragma once
// All runs of a project with what their folders say: which are alive, which broke off and can go
// on.

#include <QObject>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/run/run_folder.h"
#include "database/records.h"
#include "ui/session/run_history.h"

namespace gadolin::db {
class Database;
}

namespace gadolin::session {

class Project;
struct ProjectPaths;

struct RunInfo {
  db::RunRecord record;
  bool alive = false;       // a worker trains
  bool predicting = false;  // a worker predicts
  bool resumable = false;   // neither, not finished, and a checkpoint is there
  bool has_folder = true;
  bool has_pseudo_masks = false;
  bool waits_for_review = false;  // it has stopped for a person to judge them
  bool imported = false;    // a model that was made elsewhere: predicts, is never trained
  run::Trained trained = run::Trained::Nothing;  // what a prediction would be made with
};

/// Rows and folders together, newest first. Thread: the connection's; reads small files, so not the
/// GUI thread's.
Result<std::vector<RunInfo>> listRuns(db::Database& database, const ProjectPaths& paths);

/// Rows whose state does not agree with their folder are set right: Running without a worker, and
/// Prepared although one has lived, become what the training's last event says, or Failed; so does
/// Finished when it has ended otherwise, and Cancelled or Failed when it was finished on another
/// machine; a folder without a row gets one. A worker that only
/// predicts, or did, changes no row. Returns how many changed. For a job in the writer's thread.
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
