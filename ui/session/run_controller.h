#pragma once
// One training from the click to its end: freezes the dataset, starts gadolin-worker, follows its
// events, stops it, and keeps the run's row in the database true.

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/run/event.h"
#include "core/run/run_folder.h"
#include "ui/session/run_request.h"
#include "ui/session/run_status.h"
#include "ui/session/worker_client.h"

namespace gadolin::session {

class EventTail;
class Project;

enum class Launch {
  Attached,  // pipes; the worker leaves with a checkpoint when this process dies
  Detached,  // a process of its own that outlives this one; followed through its files
};

/// One object is one run. Thread: the project's; every signal is emitted there. Nothing here waits:
/// files are read and written in pool threads.
class RunController : public QObject {
  Q_OBJECT
 public:
  /// The project must outlive the controller.
  explicit RunController(Project& project, QObject* parent = nullptr);
  /// Leaves a detached worker alone; an attached one sees the end of its stdin and leaves by
  /// itself.
  ~RunController() override;

  /// Checks, freezes the dataset, starts. The end of a refusal is Failed with nothing left behind.
  void start(const RunRequest& request, Launch launch);
  /// Starts the worker again from its last checkpoints. Conflict while a worker is at it.
  /// `extra_epochs` above 0 makes the last stage longer by them, also of a finished run.
  void resume(const std::string& run_id, Launch launch, int extra_epochs = 0);
  /// Watches a run whose worker was started by somebody else (after a restart of the window).
  void follow(const std::string& run_id);

  /// Polite first: the command, after 10 s SIGTERM, after another 5 s SIGKILL to that process
  /// alone.
  void stop();
  void stopAfterEpoch();

  /// For tests; before start(). Defaults: those of WorkerTimings.
  void setTimings(const WorkerTimings& timings) { timings_ = timings; }

  [[nodiscard]] const RunStatus& status() const { return status_; }
  /// Empty until the folder is there.
  [[nodiscard]] const std::string& runId() const { return run_id_; }
  [[nodiscard]] run::RunFolder folder() const;

 Q_SIGNALS:
  void statusChanged(const gadolin::session::RunStatus& status);
  /// The folder is there and has its row; the id is known from here on.
  void prepared(const QString& run_id);
  /// After it: of how many patients a mixed run sees how much.
  void seen(const QString& sentence);
  void stageBegan(const gadolin::run::StageBegin& stage);
  void batch(const gadolin::run::Batch& batch);        // at most one a turn of the event loop
  void epoch(const gadolin::run::Epoch& epoch);        // a resumed run may repeat one: replace it
  void preview(const gadolin::run::Preview& picture);  // its path is relative to the run folder
  void checkpointSaved(const gadolin::run::CheckpointSaved& checkpoint);
  void warning(const QString& code, const QString& text);
  /// Every event of the worker, in order, before the signals above.
  void event(const gadolin::run::Event& event);
  /// Once, with status() being Finished, Cancelled or Failed and the database saying the same. One
  /// exception: a worker that another controller had to kill has failed for this one, and the
  /// database says that the run was cancelled.
  void ended();

 private:
  struct Prepared;
  void refuse(Error error);
  void launch(const std::filesystem::path& worker, bool resume, Launch launch);
  void launchDetached(const std::filesystem::path& worker, const QStringList& arguments);
  void tail();
  void command(run::Command command);
  void climb();  // the next step of the ladder for a detached worker
  void takeEvents(const std::vector<run::Event>& events);
  void takeEvent(const run::Event& event);
  void takeResponding(bool responding);
  void workerEnded(const WorkerEnd& end);
  void setStatus(RunStatus status);
  void publishProgress();
  void storeState();
  void markRunning();
  /// Says that the database did not take what this controller told it.
  void sayNotStored(const Error& error);

  Project& project_;
  WorkerTimings timings_;
  RunStatus status_ = Preparing{};
  std::string run_id_;
  RunProgress progress_;
  double epoch_seconds_ = 0;              // of the last epoch of this stage
  std::unique_ptr<WorkerClient> client_;  // attached
  std::unique_ptr<EventTail> tail_;       // detached
  QTimer ladder_;
  int rung_ = 0;  // 1: asked, 2: SIGTERM sent, 3: SIGKILL sent
  bool stop_requested_ = false;
  bool over_ = false;
  std::shared_ptr<std::atomic<bool>> cancel_preparation_;
};

}  // namespace gadolin::session
