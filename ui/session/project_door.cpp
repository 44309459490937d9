#include "ui/session/project_door.h"

#include <QFile>
#include <QFileInfo>

namespace gadolin::session {

Result<EnteredProject> enterProject(const QString& folder, QThread* home) {
  EnteredProject entered;
  // A folder that holds no project must not receive a lock file.
  const bool exists = QFileInfo::exists(folder + QStringLiteral("/project.sqlite"));
  Access access = Access::ReadWrite;
  if (exists) {
    entered.lock = std::make_unique<QLockFile>(folder + QStringLiteral("/window.lock"));
    entered.lock->setStaleLockTime(0);
    if (entered.lock->tryLock(0)) {
      // QLockFile makes it readable for everyone; nothing in a project is.
      QFile::setPermissions(entered.lock->fileName(), QFile::ReadOwner | QFile::WriteOwner);
    } else {
      access = Access::ReadOnly;
      entered.held_elsewhere = entered.lock->error() == QLockFile::LockFailedError;
      entered.lock.reset();
    }
  }
  GADOLIN_TRY(entered.project, Project::open(folder.toStdString(), access));
  entered.project->moveToThread(home);
  return entered;
}

Result<EnteredProject> makeAndEnterProject(const QString& folder, QThread* home) {
  // Closed and opened again, with its lock.
  GADOLIN_TRY(auto made, Project::create(folder.toStdString()));
  made.reset();
  return enterProject(folder, home);
}

}  // namespace gadolin::session
