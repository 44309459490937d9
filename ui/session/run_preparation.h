#pragma once
// The steps around a worker that touch disk or database: making a run folder, admitting it to the
// project, looking whether a run can go on, reaching a detached worker, judging how one ended.

#include <atomic>
#include <filesystem>
#include <string>

#include "core/run/event.h"
#include "core/run/run_config.h"
#include "core/run/run_folder.h"
#include "database/records.h"
#include "ui/session/dataset_freezer.h"
#include "ui/session/run_request.h"
#include "ui/session/run_status.h"
#include "ui/session/worker_client.h"

namespace gadolin::session {

/// A run folder under a temporary name, complete but not yet part of the project.
struct PreparedRun {
  std::string id;
  std::filesystem::path temporary;
  db::RunRecord row;
  /// Of mixed supervision: of how many training patients the run sees how much, as a sentence.
  std::string seen;

  /// Removes the folder.
  void discard() const;
};

/// Checks (preflight), freezes, writes run.json. An error leaves nothing behind. Thread: the
/// connection's, in a pool.
Result<PreparedRun> prepareRun(db::Database& database, const ProjectPaths& paths,
                               const RunRequest& request, const FreezeProgress& progress,
                               const std::atomic<bool>& cancel);

/// Adds the row and gives the folder its name, both within the caller's transaction, so that nobody
/// sees one without the other. An error removes the folder. Thread: the writer's.
Result<void> admitRun(db::Database& database, const ProjectPaths& paths,
                      const PreparedRun& prepared);

/// Makes the folder of a run ready to go on: closes a torn last line of events.jsonl and removes a
/// command that nobody has read. True: there is a checkpoint to go on from; false: start from the
/// beginning. NotFound, Busy (a worker is at it), Conflict (it has finished).
///
/// `extra_epochs` above 0: the last stage gets so many epochs more than it was last trained for,
/// which is written into run.json, and a run that has finished goes on as well. Asked again before
/// an epoch of them is trained (the worker did not start), they are not added twice. InvalidInput
/// when they are too many, Conflict before the last stage has begun. Thread: the connection's.
Result<bool> prepareResume(db::Database& database, const ProjectPaths& paths,
                           const std::string& run_id, int extra_epochs = 0);

/// The file `control`, which every worker obeys within a second.
Result<void> writeControl(const run::RunFolder& folder, run::Command command);

/// Sends a signal to the worker that trains this run and to no other process. False when none does.
bool signalWorker(const run::RunFolder& folder, int signal_number);

/// Finished, Cancelled or Failed with a sentence. `asked_to_stop`: a death is what was wanted. Only
/// a training can go on.
RunStatus judgeEnd(const WorkerEnd& end, const run::RunFolder& folder, run::Work work,
                   bool asked_to_stop);

}  // namespace gadolin::session
