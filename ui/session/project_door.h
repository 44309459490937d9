#pragma once
// How a window comes into a project: alone to write, or beside another one to look.

#include <QLockFile>
#include <QString>
#include <memory>

#include "ui/session/project.h"

class QThread;

namespace gadolin::session {

/// An open project and the lock (window.lock in its folder) of the window that may write into it.
struct EnteredProject {
  std::unique_ptr<QLockFile> lock;  // null: entered for reading only
  std::unique_ptr<Project> project;
  bool held_elsewhere = false;  // reading only, because another window has the lock
};

/// Opens the project for writing, or for reading where another window holds it or its folder cannot
/// be written; the project's access() says which. It lives in `home` from then on. Errors as of
/// Project::open; a folder that holds no project receives nothing. Blocks, for as long as a backup
/// takes when the project comes from an older version: not for the GUI thread.
Result<EnteredProject> enterProject(const QString& folder, QThread* home);

/// Makes an empty project and enters it. Errors as of Project::create. Blocks.
Result<EnteredProject> makeAndEnterProject(const QString& folder, QThread* home);

}  // namespace gadolin::session
