#include "ui/session/run_controller.h"

#include <signal.h>

#include <QFuture>
#include <QPointer>
#include <QProcess>
#include <utility>

#include "core/base/files.h"
#include "database/runs.h"
#include "ui/session/event_tail.h"
#include "ui/session/in_pool.h"
#include "ui/session/project.h"
#include "ui/session/run_preparation.h"
#include "ui/session/worker_locator.h"
#include "ui/session/worker_probe.h"

namespace gadolin::session {
namespace {

/// A worker loads LibTorch and perhaps CUDA before it takes its lock.
constexpr int start_patience_ms = 60'000;

QString text(const std::string& from) {
  return QString::fromStdString(from);
}

Error noCuda(const WorkerFacts& facts) {
  return {ErrorCode::Unsupported,
          "The worker (LibTorch " + facts.torch +
              ") finds no CUDA device. Train on the processor (--device cpu "
              "or auto), or install a driver and a worker that was built "
              "with CUDA."};
}

struct DetachedStart {
  qint64 process_id = 0;
  std::optional<Error> error;
};

DetachedStart startDetached(const QString& program, const QStringList& arguments,
                            const QString& log) {
  QProcess process;
  process.setProgram(program);
  process.setArguments(arguments);
  process.setStandardInputFile(QProcess::nullDevice());
  process.setStandardOutputFile(log, QIODevice::Append);
  process.setStandardErrorFile(log, QIODevice::Append);
  DetachedStart started;
  // QProcess would make it readable for everybody.
  if (const auto made = makePrivateFile(log.toStdString()); !made) {
    started.error = made.error();
    return started;
  }
  if (!process.startDetached(&started.process_id)) {
    started.error = Error{ErrorCode::WorkerLost, program.toStdString() + " could not be started: " +
                                                     process.errorString().toStdString() + "."};
  }
  return started;
}

}  // namespace

RunController::RunController(Project& project, QObject* parent)
    : QObject(parent),
      project_(project),
      cancel_preparation_(std::make_shared<std::atomic<bool>>(false)) {
  ladder_.setSingleShot(true);
  connect(&ladder_, &QTimer::timeout, this, &RunController::climb);
}

RunController::~RunController() {
  *cancel_preparation_ = true;
}

run::RunFolder RunController::folder() const {
  return project_.paths().run(run_id_);
}

void RunController::start(const RunRequest& request, Launch how) {
  setStatus(Preparing{});
  auto worker = findWorker();
  if (!worker) {
    refuse(worker.error());
    return;
  }
  const QPointer<RunController> self(this);
  const FreezeProgress progress = [self](int done, int total) {
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [self, done, total] {
          if (self && std::holds_alternative<Preparing>(self->status_)) {
            self->setStatus(Preparing{done, total});
          }
        },
        Qt::QueuedConnection);
  };
  const ProjectPaths paths = project_.paths();
  project_
      .read<PreparedRun>(
          [paths, request, progress, program = *worker,
           cancel = cancel_preparation_](db::Database& database) -> Result<PreparedRun> {
            if (request.device == "cuda") {
              GADOLIN_TRY(const WorkerFacts facts, askWorker(program));
              if (!facts.cuda) return noCuda(facts);
            }
            return prepareRun(database, paths, request, progress, *cancel);
          })
      .then(&project_, [self, paths, how, program = *worker](const Result<PreparedRun>& prepared) {
        if (!self) {
          if (prepared) prepared->discard();
          return;
        }
        if (!prepared) {
          self->refuse(prepared.error());
          return;
        }
        self->project_
            .write<bool>([paths, prepared = *prepared](db::Database& database) -> Result<bool> {
              GADOLIN_CHECK(admitRun(database, paths, prepared));
              return true;
            })
            .then(&self->project_, [self, how, program, id = prepared->id,
                                    seen = prepared->seen](const Result<bool>& admitted) {
              if (!self) return;
              if (!admitted) {
                self->refuse(admitted.error());
                return;
              }
              self->run_id_ = id;
              Q_EMIT self->prepared(text(id));
              if (self && !seen.empty()) Q_EMIT self->seen(text(seen));
              if (!self) return;
              self->launch(program, false, how);
            });
      });
}

void RunController::resume(const std::string& run_id, Launch how, int extra_epochs) {
  setStatus(Starting{});
  auto worker = findWorker();
  if (!worker) {
    refuse(worker.error());
    return;
  }
  const ProjectPaths paths = project_.paths();
  const QPointer<RunController> self(this);
  project_
      .read<bool>([paths, run_id, extra_epochs](db::Database& database) {
        return prepareResume(database, paths, run_id, extra_epochs);
      })
      .then(&project_, [self, run_id, how, program = *worker](const Result<bool>& has_checkpoint) {
        if (!self) return;
        if (!has_checkpoint) {
          self->refuse(has_checkpoint.error());
          return;
        }
        self->run_id_ = run_id;
        Q_EMIT self->prepared(text(run_id));
        if (!self) return;
        self->launch(program, *has_checkpoint, how);
      });
}

void RunController::follow(const std::string& run_id) {
  run_id_ = run_id;
  setStatus(Starting{});
  tail();
  tail_->start(EventTail::From::Start);
}

void RunController::refuse(Error error) {
  over_ = true;
  if (error.code == ErrorCode::Cancelled) {
    setStatus(Cancelled{});
  } else {
    setStatus(Failed{std::move(error), false});
  }
  Q_EMIT ended();
}

void RunController::launch(const std::filesystem::path& worker, bool resume, Launch how) {
  if (stop_requested_) {
    over_ = true;
    setStatus(Cancelled{resume});
    storeState();
    return;
  }
  setStatus(Starting{});
  QStringList arguments{QStringLiteral("train"), QStringLiteral("--run-dir"),
                        text(folder().root.string())};
  if (resume) arguments << QStringLiteral("--resume");
  if (how == Launch::Detached) {
    launchDetached(worker, arguments << QStringLiteral("--detached"));
    return;
  }
  client_ = std::make_unique<WorkerClient>(timings_);
  connect(client_.get(), &WorkerClient::events, this, &RunController::takeEvents);
  connect(client_.get(), &WorkerClient::respondingChanged, this, &RunController::takeResponding);
  connect(client_.get(), &WorkerClient::warning, this, [this](const QString& sentence) {
    Q_EMIT warning(QStringLiteral("protocol"), sentence);
  });
  connect(client_.get(), &WorkerClient::ended, this, &RunController::workerEnded);
  client_->start(worker, arguments, folder().log(), folder().events());
}

void RunController::launchDetached(const std::filesystem::path& worker,
                                   const QStringList& arguments) {
  tail();
  const QPointer<RunController> self(this);
  // The end of the file as it is before the worker begins: its hello must not be missed.
  inPool(
      this,
      [program = text(worker.string()), arguments, log = text(folder().log().string()),
       reader = tail_->positionAtEnd()] {
        reader();
        return startDetached(program, arguments, log);
      },
      [this](const DetachedStart& started) {
        if (started.error) {
          workerEnded({std::nullopt, std::nullopt, started.error});
          return;
        }
        tail_->expectWorkerWithin(start_patience_ms, started.process_id);
        tail_->start(EventTail::From::Here);
      });
}

void RunController::tail() {
  tail_ = std::make_unique<EventTail>(folder(), timings_);
  connect(tail_.get(), &EventTail::events, this, &RunController::takeEvents);
  connect(tail_.get(), &EventTail::respondingChanged, this, &RunController::takeResponding);
  connect(tail_.get(), &EventTail::warning, this, [this](const QString& sentence) {
    Q_EMIT warning(QStringLiteral("protocol"), sentence);
  });
  connect(tail_.get(), &EventTail::ended, this, &RunController::workerEnded);
}

// ---- what the worker says ----------------------------------------------------------------------

void RunController::takeEvents(const std::vector<run::Event>& events) {
  const QPointer<RunController> self(this);
  const run::Batch* last_batch = nullptr;
  for (const run::Event& one : events) {
    Q_EMIT event(one);
    if (!self) return;
    takeEvent(one);
    if (!self) return;
    if (const auto* body = std::get_if<run::Batch>(&one.body)) last_batch = body;
  }
  if (last_batch != nullptr) Q_EMIT batch(*last_batch);
  if (self) publishProgress();
}

void RunController::takeEvent(const run::Event& one) {
  if (const auto* hello = std::get_if<run::Hello>(&one.body)) {
    progress_ = RunProgress{};
    progress_.device = text(hello->device);
    markRunning();
  } else if (const auto* stage = std::get_if<run::StageBegin>(&one.body)) {
    progress_.stage = text(stage->stage);
    progress_.stage_index = stage->index;
    progress_.stage_count = stage->count;
    progress_.epochs = stage->epochs;
    progress_.epoch = progress_.step = progress_.steps = 0;
    progress_.stage_seconds_left.reset();
    epoch_seconds_ = 0;
    Q_EMIT stageBegan(*stage);
  } else if (const auto* step = std::get_if<run::Batch>(&one.body)) {
    progress_.epoch = step->epoch;
    progress_.step = step->step;
    progress_.steps = step->steps;
    progress_.loss = step->loss;
    progress_.images_per_s = step->images_per_s;
    if (epoch_seconds_ > 0 && step->steps > 0) {
      const double done = step->epoch - 1 + static_cast<double>(step->step) / step->steps;
      progress_.stage_seconds_left = std::max(0.0, (progress_.epochs - done) * epoch_seconds_);
    }
  } else if (const auto* whole = std::get_if<run::Epoch>(&one.body)) {
    progress_.epoch = whole->epoch;
    progress_.epochs = whole->epochs;
    progress_.images_per_s = whole->images_per_s;
    epoch_seconds_ = whole->seconds;
    progress_.stage_seconds_left = std::max(0, whole->epochs - whole->epoch) * epoch_seconds_;
    Q_EMIT epoch(*whole);
  } else if (const auto* picture = std::get_if<run::Preview>(&one.body)) {
    Q_EMIT preview(*picture);
  } else if (const auto* saved = std::get_if<run::CheckpointSaved>(&one.body)) {
    Q_EMIT checkpointSaved(*saved);
  } else if (const auto* worry = std::get_if<run::Warning>(&one.body)) {
    Q_EMIT warning(text(worry->code), text(worry->text));
  } else if (const auto* beat = std::get_if<run::Heartbeat>(&one.body)) {
    progress_.memory_mb = beat->memory_mb;
    progress_.device_memory_mb = beat->device_memory_mb;
  }
}

void RunController::takeResponding(bool responding) {
  progress_.responding = responding;
  publishProgress();
}

void RunController::publishProgress() {
  if (over_) return;
  if (stop_requested_) {
    setStatus(Stopping{progress_});
  } else if (!progress_.device.isEmpty()) {  // it has said hello
    setStatus(Running{progress_});
  }
}

void RunController::markRunning() {
  const QPointer<RunController> self(this);
  project_
      .write<bool>([id = run_id_](db::Database& database) -> Result<bool> {
        GADOLIN_TRY(const db::RunRecord row, db::runById(database, id));
        if (row.state != db::RunState::Running) {
          GADOLIN_CHECK(db::setRunState(database, id, db::RunState::Running, {}));
        }
        return true;
      })
      .then(&project_, [self](const Result<bool>& stored) {
        if (self && !stored) self->sayNotStored(stored.error());
      });
}

void RunController::sayNotStored(const Error& error) {
  Q_EMIT warning(QStringLiteral("database"), text(error.message));
}

// ---- commands ----------------------------------------------------------------------------------

void RunController::stop() {
  if (over_ || stop_requested_) return;
  stop_requested_ = true;
  *cancel_preparation_ = true;
  if (client_) {
    client_->cancel();
  } else if (tail_) {
    command(run::Command::Cancel);
    rung_ = 1;
    ladder_.start(timings_.polite_ms);
  }
  setStatus(Stopping{progress_});
}

void RunController::stopAfterEpoch() {
  command(run::Command::StopAfterEpoch);
}

void RunController::command(run::Command what) {
  if (over_) return;
  if (client_) {
    client_->send(what);
  } else if (tail_) {
    inPool(
        this, [folder = folder(), what] { return writeControl(folder, what); },
        [this](const Result<void>& written) {
          if (!written) Q_EMIT warning(QStringLiteral("control"), text(written.error().message));
        });
  }
}

void RunController::climb() {
  if (over_ || rung_ == 0 || rung_ > 2) return;
  const int signal_number = rung_ == 1 ? SIGTERM : SIGKILL;
  if (++rung_ == 2) ladder_.start(timings_.terminate_ms);
  inPool(
      this, [folder = folder(), signal_number] { return signalWorker(folder, signal_number); },
      [](bool) {});
}

// ---- the end -----------------------------------------------------------------------------------

void RunController::workerEnded(const WorkerEnd& end) {
  ladder_.stop();
  inPool(
      this,
      [end, folder = folder(), asked = stop_requested_] {
        // A command that the worker did not read any more must not stop the next one.
        std::error_code ignored;
        std::filesystem::remove(folder.control(), ignored);
        return judgeEnd(end, folder, run::Work::Train, asked);
      },
      [this](RunStatus verdict) {
        over_ = true;
        setStatus(std::move(verdict));
        storeState();
      });
}

void RunController::storeState() {
  db::RunState state = db::RunState::Finished;
  std::string message;
  bool lost = false;  // dead without a word, after it had said hello
  if (const auto* failed = std::get_if<Failed>(&status_)) {
    state = db::RunState::Failed;
    message = failed->error.message;
    lost = failed->error.code == ErrorCode::WorkerLost && !progress_.device.isEmpty();
  } else if (std::holds_alternative<Cancelled>(status_)) {
    state = db::RunState::Cancelled;
  }
  const QPointer<RunController> self(this);
  project_
      .write<bool>([id = run_id_, state, message, lost](db::Database& database) -> Result<bool> {
        if (lost) {
          // Its hello made the row Running: a controller in another process had to kill it and has
          // said so already.
          GADOLIN_TRY(const db::RunRecord row, db::runById(database, id));
          if (row.state == db::RunState::Cancelled) return true;
        }
        GADOLIN_CHECK(db::setRunState(database, id, state, message));
        return true;
      })
      .then(&project_, [self](const Result<bool>& stored) {
        if (!self) return;
        if (!stored) self->sayNotStored(stored.error());
        if (self) Q_EMIT self->ended();
      });
}

void RunController::setStatus(RunStatus status) {
  status_ = std::move(status);
  Q_EMIT statusChanged(status_);
}

}  // namespace gadolin::session
