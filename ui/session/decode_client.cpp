#include "ui/session/decode_client.h"

#include <unistd.h>

#include <QCoreApplication>
#include <QDeadlineTimer>

namespace gadolin::session {

QString gadolinctlProgram() {
  const QString named = qEnvironmentVariable("GADOLINCTL");
  return named.isEmpty() ? QCoreApplication::applicationDirPath() + QStringLiteral("/gadolinctl")
                         : named;
}

DecodeClient::DecodeClient(QString program) : program_(std::move(program)) {}

DecodeClient::~DecodeClient() {
  if (!child_) return;
  child_->closeWriteChannel();  // its end of file: it leaves by itself
  if (!child_->waitForFinished(2000)) end();
}

bool DecodeClient::start() {
  if (child_ && child_->state() == QProcess::Running) return true;
  child_ = std::make_unique<QProcess>();
  child_->setStandardErrorFile(QProcess::nullDevice());
  // Ctrl-C in a terminal goes to the whole group, from the child's first moment on: the file at hand would be
  // refused as one that kills its reader. The child ends when its input is closed.
  child_->setChildProcessModifier([] { ::setpgid(0, 0); });
  child_->start(program_, {QStringLiteral("decode")});
  return child_->waitForStarted(10000);
}

void DecodeClient::end() {
  if (child_->state() != QProcess::NotRunning) {
    child_->kill();
    child_->waitForFinished(5000);
  }
  child_.reset();
}

DecodeOutcome DecodeClient::ask(const DecodeRequest& request, std::chrono::milliseconds limit) {
  if (!start()) {
    end();
    return {Error{ErrorCode::WorkerLost,
                  "The reader of image files (" + program_.toStdString() +
                      ") cannot be started: install Gadolin again, or set GADOLINCTL."},
            "reader-missing"};
  }
  child_->write(QByteArray::fromStdString(toLine(request)) + '\n');
  const QDeadlineTimer deadline(limit);
  while (!child_->canReadLine()) {
    const bool more = child_->waitForReadyRead(static_cast<int>(deadline.remainingTime()));
    if (more || child_->canReadLine()) continue;
    const bool hung = child_->state() == QProcess::Running && deadline.hasExpired();
    if (!hung && child_->state() == QProcess::Running) continue;
    end();
    if (hung) {
      return {Error{ErrorCode::WorkerLost, "Reading it took longer than " +
                                               std::to_string(limit.count() / 1000.0).substr(0, 5) +
                                               " s and was given up."},
              "reader-hung"};
    }
    return {Error{ErrorCode::WorkerLost, "It made the reader crash; the file is probably damaged."},
            "reader-crashed"};
  }
  auto answer = decodeAnswerFromLine(child_->readLine().toStdString());
  if (!answer) {
    end();
    return {answer.error(), "reader-crashed"};
  }
  std::string code;
  if (const auto* error = std::get_if<Error>(&*answer)) code = codeName(error->code);
  return {std::move(*answer), std::move(code)};
}

}  // namespace gadolin::session
