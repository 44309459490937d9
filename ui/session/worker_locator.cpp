#include "ui/session/worker_locator.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace gadolin::session {
namespace {

Result<std::filesystem::path> find(const char* variable, const QString& name) {
  const QString named = qEnvironmentVariable(variable);
  const QString path =
      named.isEmpty() ? QCoreApplication::applicationDirPath() + QLatin1Char('/') + name : named;
  const QFileInfo file(path);
  if (file.isFile() && file.isExecutable()) return std::filesystem::path(path.toStdString());
  const std::string why =
      !file.exists() ? " does not exist" : " is not a program that can be started";
  std::string message = path.toStdString() + why + ". ";
  message += named.isEmpty() ? "Install " + name.toStdString() +
                                   " beside this program, or name it in " + variable + "."
                             : "The environment variable " + std::string(variable) +
                                   " names it: correct or remove the variable.";
  return Error{ErrorCode::NotFound, message};
}

}  // namespace

Result<std::filesystem::path> findWorker() {
  return find("GADOLIN_WORKER", QStringLiteral("gadolin-worker"));
}

Result<std::filesystem::path> findCtl() {
  return find("GADOLINCTL", QStringLiteral("gadolinctl"));
}

}  // namespace gadolin::session
