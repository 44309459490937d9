#include "ui/session/run_preparation.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/files.h"
#include "core/run/pseudo_review.h"
#include "core/base/time.h"
#include "database/runs.h"
#include "ui/session/run_history.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

Result<void> fill(db::Database& database, const ProjectPaths& paths, const RunRequest& request,
                  PreparedRun& prepared, const FreezeProgress& progress,
                  const std::atomic<bool>& cancel) {
  const run::RunFolder folder{prepared.temporary};
  GADOLIN_CHECK(makePrivateFolder(folder.root));
  GADOLIN_TRY(const run::Settings settings, settingsOf(request));
  SightPlan plan{request.supervision, settings.integer("mixed.pixel_patients"),
                 settings.integer("mixed.slice_patients"), request.seed, request.at_most};
  GADOLIN_TRY(const FreezeSummary frozen, freezeForTraining(database, paths, plan, folder.dataset(),
                                                            progress, cancel, request.parts));
  // Known only when the masks have been read; the worker would say it after its first stage.
  if (request.supervision == run::Supervision::Pixel && request.stage != "myocardium" &&
      frozen.scar_masks_in_training == 0) {
    return Error{ErrorCode::Conflict,
                 "Pixel supervision learns fibrosis from masks, and no mask of the training part "
                 "holds any. Draw or import masks of patients with fibrosis, or train from slice "
                 "labels instead (--supervision slice)."};
  }
  if (frozen.outlines_in_training == 0) {
    return Error{
        ErrorCode::Conflict,
        "The myocardium stage needs outlines, and no mask of the training part holds healthy "
        "myocardium: masks of scar alone do not say where the ventricle is. Draw the "
        "myocardium on some stacks in the Contour workspace, or import such masks."};
  }
  if (request.supervision == run::Supervision::Mixed) {
    prepared.seen = "The run sees the masks of " + std::to_string(frozen.pixel_patients) +
                    " training patients, the slice labels of " +
                    std::to_string(frozen.slice_patients) + " more, and of " +
                    std::to_string(frozen.stack_patients) + " what is said of whole stacks.";
  }
  run::RunConfig config;
  config.id = prepared.id;
  config.created_utc = prepared.row.created_utc;
  config.gadolin_version = GADOLIN_VERSION;
  config.supervision = request.supervision;
  config.preset = request.preset;
  config.stage = request.stage;
  config.device = request.device;
  config.seed = request.seed;
  config.threads = request.threads;
  config.settings = settings;
  config.dataset_sha256 = frozen.sha256;
  GADOLIN_CHECK(run::writeRunConfig(folder.config(), config));
  return syncFolder(folder.root);
}

/// A worker that was killed in the middle of a line must not spoil the first line of the next life.
Result<void> closeTornLine(const fs::path& events) {
  const int descriptor = ::open(events.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) {
    return errno == ENOENT ? Result<void>() : systemError(errno, "write", events.string());
  }
  const off_t size = ::lseek(descriptor, 0, SEEK_END);
  char last = '\n';
  const bool torn = size > 0 && ::pread(descriptor, &last, 1, size - 1) == 1 && last != '\n';
  const bool failed = torn && ::write(descriptor, "\n", 1) != 1;
  const int reason = errno;
  ::close(descriptor);
  if (failed) return systemError(reason, "write", events.string());
  return {};
}

/// How many of the epochs asked for later the last stage has been at: run.json may speak of more,
/// for which no worker has started yet. An epoch's record says of how many it was one. Conflict
/// before that stage has begun: nobody could tell later how long it was to be.
Result<int> extraTrained(const run::RunFolder& folder, const run::RunConfig& config) {
  GADOLIN_TRY(const RunHistory history, readCurves(folder));
  const std::string last = config.stage == "all" ? "fibrosis" : config.stage;
  const auto planned = history.planned_epochs.find(last);
  if (planned == history.planned_epochs.end()) {
    return Error{
        ErrorCode::Conflict,
        "The last stage of run " + folder.id() + " (" + last +
            ") has not begun, so that it cannot be made longer yet. Resume the run first."};
  }
  int most = planned->second;
  for (const run::Epoch& epoch : history.epochs)
    if (epoch.stage == last) most = std::max(most, epoch.epochs);
  return std::min(most - planned->second, config.extra_epochs);
}

/// One rename: whatever dies here, the run is as it was or it is longer.
Result<void> extend(const run::RunFolder& folder, run::RunConfig config, int extra_epochs) {
  if (extra_epochs == 0) return {};
  GADOLIN_TRY(config.extra_epochs, extraTrained(folder, config));
  const int most = run::most_extra_epochs - config.extra_epochs;
  if (extra_epochs < 0 || extra_epochs > most) {
    return Error{ErrorCode::InvalidInput, "Run " + folder.id() + " can get 1 to " +
                                              std::to_string(most) + " epochs more, not " +
                                              std::to_string(extra_epochs) + "."};
  }
  config.extra_epochs += extra_epochs;
  return run::writeRunConfig(folder.config(), config);
}

}  // namespace

void PreparedRun::discard() const {
  std::error_code ignored;
  fs::remove_all(temporary, ignored);
}

Result<PreparedRun> prepareRun(db::Database& database, const ProjectPaths& paths,
                               const RunRequest& request, const FreezeProgress& progress,
                               const std::atomic<bool>& cancel) {
  GADOLIN_CHECK(preflight(database, paths, request));
  PreparedRun prepared;
  prepared.id = request.id.empty() ? newRunId(request) : request.id;
  prepared.temporary = paths.runs() / (".new-" + prepared.id);
  prepared.row.id = prepared.id;
  prepared.row.supervision = toText(request.supervision);
  prepared.row.preset = request.preset;
  prepared.row.stage = request.stage;
  prepared.row.device = request.device;
  prepared.row.seed = request.seed;
  prepared.row.created_utc = utcNow();
  if (auto filled = fill(database, paths, request, prepared, progress, cancel); !filled) {
    prepared.discard();
    return filled.error();
  }
  return prepared;
}

Result<void> admitRun(db::Database& database, const ProjectPaths& paths,
                      const PreparedRun& prepared) {
  const auto admit = [&]() -> Result<void> {
    GADOLIN_CHECK(db::addRun(database, prepared.row));
    std::error_code code;
    fs::rename(prepared.temporary, paths.run(prepared.id).root, code);
    if (code) return systemError(code.value(), "rename", prepared.temporary.string());
    return syncFolder(paths.runs());
  };
  auto admitted = admit();
  if (!admitted) prepared.discard();
  return admitted;
}

Result<bool> prepareResume(db::Database& database, const ProjectPaths& paths,
                           const std::string& run_id, int extra_epochs) {
  GADOLIN_TRY(const db::RunRecord row, db::runById(database, run_id));
  const run::RunFolder folder = paths.run(run_id);
  if (const auto work = workAt(folder)) {
    return Error{
        ErrorCode::Busy,
        work == run::Work::Train
            ? "A worker is at run " + run_id + " already. Stop it first, or wait for its end."
            : "Run " + run_id + " is predicting. Wait for the end of the prediction."};
  }
  if (run::isImported(folder)) {
    return Error{ErrorCode::Conflict,
                 "Run " + run_id +
                     " is an imported model: it predicts, and has neither the data nor the state "
                     "to train on. Train a run of this project instead."};
  }
  bool finished = row.state == db::RunState::Finished;
  // Nobody saw its end, or not even its beginning.
  if (row.state == db::RunState::Running || row.state == db::RunState::Prepared) {
    const auto history = readCurves(folder);
    finished = history && history->done && history->done->status == "finished";
  }
  if (finished && extra_epochs == 0) {
    return Error{ErrorCode::Conflict,
                 "Run " + run_id +
                     " has finished; there is nothing to resume. To train it longer, say by how "
                     "many epochs (`gadolinctl runs resume PROJECT RUN --epochs +N`)."};
  }
  GADOLIN_TRY(run::RunConfig config, run::readRunConfig(folder.config()));
  std::error_code code;
  if (config.id != run_id || !fs::is_regular_file(folder.dataset(), code)) {
    return Error{ErrorCode::Corrupt, "The folder of run " + run_id +
                                         " is not whole (run.json or dataset.safetensors). Start a "
                                         "new run instead."};
  }
  if (run::waitsForReview(folder)) {
    return Error{ErrorCode::Conflict,
                 "The pseudo-masks of run " + run_id +
                     " wait to be judged: in the Train workspace, or with gadolinctl runs pseudo. "
                     "Resume the run when that is done."};
  }
  GADOLIN_CHECK(extend(folder, config, extra_epochs));
  GADOLIN_CHECK(closeTornLine(folder.events()));
  // A command that the dead worker never read is not meant for the next one.
  fs::remove(folder.control(), code);
  return hasCheckpoint(folder);
}

Result<void> writeControl(const run::RunFolder& folder, run::Command command) {
  return writeFileAtomically(folder.control(), std::string(run::toText(command)) + "\n");
}

bool signalWorker(const run::RunFolder& folder, int signal_number) {
  if (workAt(folder) != run::Work::Train) return false;
  const auto pid = workerPid(folder);
  return pid && ::kill(static_cast<pid_t>(*pid), signal_number) == 0;
}

RunStatus judgeEnd(const WorkerEnd& end, const run::RunFolder& folder, run::Work work,
                   bool asked_to_stop) {
  const bool resumable = work == run::Work::Train && hasCheckpoint(folder);
  const run::Trained trained = run::trainedOf(folder);
  const auto failed = [resumable, trained](Error error) {
    if (resumable) error.message += can_go_on;
    return Failed{std::move(error), resumable, trained};
  };
  if (end.fault) return failed(*end.fault);
  if (end.done) {
    if (end.done->status == "finished") return Finished{trained};
    if (end.done->status == "cancelled") return Cancelled{resumable, trained};
    return failed({codeFromName(end.done->code), end.done->message});
  }
  if (end.exit_status == run::exit_cancelled || asked_to_stop) return Cancelled{resumable, trained};
  Error error{ErrorCode::WorkerLost, "The worker ended without a word"};
  if (end.exit_status == run::exit_out_of_memory) {
    error = {ErrorCode::OutOfMemory,
             "The worker ran out of memory. Use a smaller batch or image size"};
  } else if (end.exit_status == run::exit_bad_input) {
    error = {ErrorCode::InvalidInput, "The worker refused its input"};
  } else if (end.exit_status) {
    error.message += " (exit status " + std::to_string(*end.exit_status) + ")";
  } else {
    error.message += "; it was killed, or it crashed";
  }
  const std::string last_words = logTail(folder);
  error.message += last_words.empty() ? "." : ". The end of worker.log: " + last_words;
  return failed(std::move(error));
}

}  // namespace gadolin::session
