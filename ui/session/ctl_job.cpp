#include "ui/session/ctl_job.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <utility>

#include "ui/session/worker_locator.h"

namespace gadolin::session {
namespace {

constexpr int kill_after_ms = 5'000;
constexpr qint64 turn_ms = 5;
constexpr qint64 piece_bytes = 1 << 16;
constexpr qsizetype stderr_bytes = 4096;

}  // namespace

CtlJob::CtlJob(QString title, QObject* parent)
    : QObject(parent), title_(std::move(title)), process_(new QProcess(this)) {
  kill_.setSingleShot(true);
  connect(&kill_, &QTimer::timeout, process_, &QProcess::kill);
  connect(process_, &QProcess::readyReadStandardOutput, this, &CtlJob::drain);
  connect(process_, &QProcess::readyReadStandardError, this, [this] {
    stderr_tail_ += process_->readAllStandardError();
    if (stderr_tail_.size() > stderr_bytes) stderr_tail_ = stderr_tail_.right(stderr_bytes);
  });
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;
    Q_EMIT failed({ErrorCode::NotFound,
                   "gadolinctl could not be started: " + process_->errorString().toStdString()});
  });
  connect(process_, &QProcess::finished, this, [this](int code, QProcess::ExitStatus how) {
    kill_.stop();
    exit_ = std::pair(code, how);
    drain();
  });
}

CtlJob::~CtlJob() {
  process_->disconnect(this);
  if (process_->state() == QProcess::NotRunning) return;
  process_->setParent(nullptr);
  process_->terminate();
  connect(process_, &QProcess::finished, process_, &QObject::deleteLater);
}

void CtlJob::start(const QStringList& arguments) {
  auto program = findCtl();
  if (!program) {
    // Never from within start(): the caller may connect after it.
    QTimer::singleShot(0, this, [this, error = program.error()] { Q_EMIT failed(error); });
    return;
  }
  process_->start(QString::fromStdString(program->string()),
                  QStringList{QStringLiteral("--json")} + arguments);
  process_->closeWriteChannel();
}

void CtlJob::cancel() {
  if (process_->state() == QProcess::NotRunning || cancelled_) return;
  cancelled_ = true;
  process_->terminate();
  kill_.start(kill_after_ms);
}

void CtlJob::stop() {
  if (process_->state() != QProcess::NotRunning) process_->terminate();
}

void CtlJob::drain() {
  QElapsedTimer turn;
  turn.start();
  bool more = true;
  while (turn.elapsed() < turn_ms) {
    if (auto line = lines_.next()) {
      take(*line);
      continue;
    }
    const QByteArray piece = process_->read(piece_bytes);
    if (piece.isEmpty()) {
      more = false;
      break;
    }
    lines_.feed({piece.constData(), static_cast<std::size_t>(piece.size())});
  }
  if (more) {
    if (std::exchange(drain_queued_, true)) return;
    QTimer::singleShot(0, this, [this] {
      drain_queued_ = false;
      drain();
    });
    return;
  }
  if (!exit_) return;
  const auto [code, how] = *std::exchange(exit_, std::nullopt);
  over(code, how);
}

void CtlJob::take(const std::string& line) {
  const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(line));
  if (!document.isObject()) return;
  const QJsonObject object = document.object();
  const QString type = object.value(QLatin1String("type")).toString();
  const auto field = [&object](const char* key) { return object.value(QLatin1String(key)); };
  if (type == QLatin1String("progress")) {
    Q_EMIT progress(field("what").toString(), field("done").toInteger(),
                    field("total").toInteger());
  } else if (type == QLatin1String("refused")) {
    Q_EMIT refused(field("path").toString(), field("reason").toString(), field("code").toString());
  } else if (type == QLatin1String("error")) {
    error_ = Error{codeFromName(field("code").toString().toStdString()),
                   field("message").toString().toStdString()};
  } else if (type == QLatin1String("summary") || type.isEmpty()) {
    summary_ = object;  // commands that do not speak while working have one untyped object
  } else {
    Q_EMIT message(object);
  }
}

void CtlJob::over(int exit_code, QProcess::ExitStatus how) {
  if (cancelled_ && !(error_ && error_->code == ErrorCode::Cancelled)) {
    Q_EMIT failed({ErrorCode::Cancelled, title_.toStdString() + ": cancelled."});
  } else if (error_) {  // also when it was done in part
    Q_EMIT failed(*error_);
  } else if (how == QProcess::NormalExit && (exit_code == 0 || exit_code == 1)) {
    Q_EMIT finished(summary_, exit_code);
  } else {
    const std::string words = stderr_tail_.trimmed().toStdString();
    Q_EMIT failed(
        {how == QProcess::NormalExit ? ErrorCode::Internal : ErrorCode::WorkerLost,
         words.empty() ? title_.toStdString() + ": gadolinctl ended unexpectedly." : words});
  }
}

}  // namespace gadolin::session
