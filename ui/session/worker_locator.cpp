#include "ui/session/worker_locator.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace gadolin::session {
namespace {

/// `remedy`: what to install, as the end of a sentence.
Result<std::filesystem::path> find(const char* variable, const QString& name, const char* task,
                                   const char* remedy) {
  const QString named = qEnvironmentVariable(variable);
  const QString path =
      named.isEmpty() ? QCoreApplication::applicationDirPath() + QLatin1Char('/') + name : named;
  const QFileInfo file(path);
  if (file.isFile() && file.isExecutable()) return std::filesystem::path(path.toStdString());
  const std::string why =
      !file.exists() ? " does not exist" : " is not a program that can be started";
  std::string message = task + (" done by " + name.toStdString()) + ", but " +
                        path.toStdString() + why + ". ";
  message += named.isEmpty() ? "Install " + std::string(remedy) + ", or name it in " + variable + "."
                             : "The environment variable " + std::string(variable) +
                                   " names it: correct or remove the variable.";
  return Error{ErrorCode::NotFound, message};
}

}  // namespace

Result<std::filesystem::path> findWorker() {
  return find("GADOLIN_WORKER", QStringLiteral("gadolin-worker"), "Training and prediction are",
              "the package gadolin-worker, or the program itself beside this one");
}

Result<std::filesystem::path> findCtl() {
  return find("GADOLINCTL", QStringLiteral("gadolinctl"), "Work on files is",
              "the package gadolin again, or gadolinctl beside this program");
}

}  // namespace gadolin::session
