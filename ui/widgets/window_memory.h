#pragma once
// What the window remembers between two starts: geometry, scheme, reader, recent projects and, for
// every project, the workspace and the stack in front. Kept by QSettings of the user, not in the
// project: two readers of one project do not disturb each other.

#include <QByteArray>
#include <QString>
#include <QStringList>

#include "ui/widgets/theme.h"
#include "ui/widgets/workspace.h"

namespace gadolin::widgets::memory {

QByteArray geometry();
void setGeometry(const QByteArray& geometry);
Scheme savedScheme();
void saveScheme(Scheme scheme);

/// The name that goes with every label and verdict; empty until it was asked for.
QString reader();
void setReader(const QString& name);

/// Folders of projects, newest first; those that are gone are left out.
QStringList recentProjects();
void addRecentProject(const QString& folder);

Place lastPlace(const QString& project_folder);
void setLastPlace(const QString& project_folder, Place place);
QString lastStack(const QString& project_folder);
void setLastStack(const QString& project_folder, const QString& stack);

}  // namespace gadolin::widgets::memory
