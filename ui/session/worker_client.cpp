#include "ui/session/worker_client.h"

#include <QElapsedTimer>
#include <csignal>
#include <utility>

#include "core/base/files.h"
#include "ui/session/event_tail.h"
#include "ui/session/in_pool.h"

namespace gadolin::session {
namespace {

constexpr qint64 turn_ms = 5;
constexpr qint64 piece_bytes = 1 << 16;

QString text(const std::string& from) {
  return QString::fromStdString(from);
}

}  // namespace

WorkerClient::WorkerClient(WorkerTimings timings, QObject* parent)
    : QObject(parent), timings_(timings), process_(new QProcess(this)) {
  for (QTimer* timer : {&silence_, &polite_, &terminate_}) timer->setSingleShot(true);
  connect(process_, &QProcess::readyReadStandardOutput, this, &WorkerClient::drain);
  connect(process_, &QProcess::started, this, [this] { silence_.start(timings_.silence_ms); });
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;
    refuse({ErrorCode::WorkerLost, process_->program().toStdString() + " could not be started: " +
                                       process_->errorString().toStdString() +
                                       ". Reinstall gadolin-worker or its libraries."});
    process_over_ = true;
    endIfDone();
  });
  connect(process_, &QProcess::finished, this, [this](int code, QProcess::ExitStatus how) {
    if (how == QProcess::NormalExit) end_.exit_status = code;
    process_over_ = true;
    for (QTimer* timer : {&silence_, &polite_, &terminate_}) timer->stop();
    drain();
  });
  connect(&silence_, &QTimer::timeout, this, [this] {
    responding_ = false;
    Q_EMIT respondingChanged(false);
  });
  connect(&polite_, &QTimer::timeout, this, [this] {
    process_->terminate();
    terminate_.start(timings_.terminate_ms);
  });
  connect(&terminate_, &QTimer::timeout, this, [this] { process_->kill(); });
}

WorkerClient::~WorkerClient() {
  process_->disconnect(this);
  if (process_->state() == QProcess::NotRunning) return;
  // ~QProcess would kill it and wait for its death. Its stdin ends with the object below instead,
  // and the worker leaves with a checkpoint as soon as it sees that.
  process_->setParent(nullptr);
  process_->closeWriteChannel();
  connect(process_, &QProcess::finished, process_, &QObject::deleteLater);
}

void WorkerClient::start(const std::filesystem::path& program, const QStringList& arguments,
                         const std::filesystem::path& log, const std::filesystem::path& events) {
  events_file_ = events;
  // QProcess would make it readable for everybody.
  if (auto made = makePrivateFile(log); !made) {
    end_.fault = made.error();
    process_over_ = true;
    QTimer::singleShot(0, this, &WorkerClient::endIfDone);
    return;
  }
  process_->setProgram(text(program.string()));
  process_->setArguments(arguments);
  process_->setStandardErrorFile(text(log.string()), QIODevice::Append);
  process_->setProcessChannelMode(QProcess::SeparateChannels);
  // Ctrl-C in a terminal reaches the whole process group; the worker must hear of it from us alone,
  // as a command, or it would die without a checkpoint.
  process_->setChildProcessModifier([] { ::signal(SIGINT, SIG_IGN); });
  process_->start();
}

void WorkerClient::send(run::Command command) {
  if (process_->state() == QProcess::NotRunning) return;
  const std::string_view word = run::toText(command);
  process_->write(word.data(), static_cast<qint64>(word.size()));
  process_->write("\n", 1);
}

void WorkerClient::cancel() {
  send(run::Command::Cancel);
  if (!polite_.isActive() && !terminate_.isActive()) polite_.start(timings_.polite_ms);
}

void WorkerClient::drain() {
  if (fetching_) return;  // what is missing comes first
  QElapsedTimer turn;
  turn.start();
  std::vector<run::Event> batch;
  while (!fetching_ && turn.elapsed() < turn_ms) {
    if (auto line = lines_.next()) {
      take(*line, batch);
      continue;
    }
    const QByteArray piece = process_->read(piece_bytes);
    if (piece.isEmpty()) break;
    lines_.feed({piece.constData(), static_cast<std::size_t>(piece.size())});
  }
  const bool more = process_->bytesAvailable() > 0 || lines_.hasLine();
  deliver(std::move(batch));
  if (fetching_) return;
  if (more) {
    if (drain_queued_) return;
    drain_queued_ = true;
    QTimer::singleShot(0, this, [this] {
      drain_queued_ = false;
      drain();
    });
    return;
  }
  endIfDone();
}

void WorkerClient::take(const std::string& line, std::vector<run::Event>& batch) {
  if (end_.fault) return;
  auto event = run::decode(line);
  if (!event) {
    if (event.error().code == ErrorCode::Unsupported) {
      refuse(event.error());
      return;
    }
    ++bad_lines_;
    Q_EMIT warning(text(event.error().message + " It begins with: " + line.substr(0, 80)));
    if (bad_lines_ >= bad_lines_allowed) {
      refuse(
          {ErrorCode::WorkerLost,
           process_->program().toStdString() + " has said " + std::to_string(bad_lines_) +
               " lines that are no events (the last: " + line.substr(0, 80) +
               "). It is not a gadolin-worker of this version, or it is broken; see worker.log."});
    }
    return;
  }
  if (event->seq < expected_seq_) return;  // read from the file already
  if (event->seq > expected_seq_) {
    held_back_.push_back(std::move(*event));
    fetchMissing(held_back_.back().seq);
    return;
  }
  ++expected_seq_;
  batch.push_back(std::move(*event));
}

void WorkerClient::heard() {
  silence_.start(timings_.silence_ms);
  if (responding_) return;
  responding_ = true;
  Q_EMIT respondingChanged(true);
}

void WorkerClient::refuse(Error fault) {
  if (end_.fault) return;
  end_.fault = std::move(fault);
  if (process_->state() != QProcess::NotRunning) {
    process_->closeWriteChannel();
    process_->terminate();
    terminate_.start(timings_.terminate_ms);
  }
}

void WorkerClient::fetchMissing(std::uint64_t before) {
  fetching_ = true;
  inPool(
      this,
      [file = events_file_, from = expected_seq_, before] {
        return readLastLife(file, from, before);
      },
      [this](std::vector<run::Event> batch) {
        fetching_ = false;
        for (run::Event& event : held_back_) batch.push_back(std::move(event));
        held_back_.clear();
        if (!batch.empty()) expected_seq_ = batch.back().seq + 1;
        deliver(std::move(batch));
        drain();
      });
}

void WorkerClient::deliver(std::vector<run::Event> batch) {
  if (batch.empty()) return;
  heard();
  for (const run::Event& event : batch) {
    if (const auto* done = std::get_if<run::Done>(&event.body)) end_.done = *done;
  }
  Q_EMIT events(batch);
}

void WorkerClient::endIfDone() {
  if (!process_over_ || told_ || fetching_) return;
  told_ = true;
  Q_EMIT ended(end_);
}

}  // namespace gadolin::session
