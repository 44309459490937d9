#include "ui/session/worker_probe.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

namespace gadolin::session {
namespace {
constexpr int patience_ms = 30'000;
}  // namespace

Result<WorkerFacts> askWorker(const std::filesystem::path& worker) {
  QProcess process;
  process.start(QString::fromStdString(worker.string()), {QStringLiteral("version")});
  if (!process.waitForFinished(patience_ms)) {
    process.kill();
    process.waitForFinished(patience_ms);
    return Error{ErrorCode::WorkerLost, worker.string() +
                                            " did not say its version. Try it in a terminal: " +
                                            worker.string() + " version"};
  }
  const QJsonObject said = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
  if (process.exitCode() != 0 || !said.contains(QStringLiteral("cuda"))) {
    return Error{ErrorCode::WorkerLost, worker.string() + " cannot run here: " +
                                            process.readAllStandardError().trimmed().toStdString() +
                                            " Install Gadolin again."};
  }
  return WorkerFacts{said.value(QStringLiteral("version")).toString().toStdString(),
                     said.value(QStringLiteral("torch")).toString().toStdString(),
                     said.value(QStringLiteral("cuda")).toBool()};
}

}  // namespace gadolin::session
