#pragma once
// All runs of a project with what their folders say: which are alive, which broke off and can go
// on.

#include <QObject>
#include <optional>
#include <vector>

#include "core/base/result.h"
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
  bool alive = false;      // a worker holds the lock
  bool resumable = false;  // not alive, not finished, and a checkpoint is there
  bool has_folder = true;
};

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
