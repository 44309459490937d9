#pragma once
// What the window remembers between two starts: geometry, scheme, reader, the grey window of each
// image kind, recent projects and, for every project, the workspace and the stack in front. Kept by
// QSettings of the user, not in the project: two readers of one project do not disturb each other.

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>

#include "ui/view/window_level.h"
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

/// The grey window that was last chosen for images of this kind; nothing until one was.
std::optional<view::RelativeWindow> imageWindow(ImageKind kind);
void setImageWindow(ImageKind kind, const view::RelativeWindow& window);

/// As whom and where this person last received from a PACS. Never whether: that is off at every start.
struct ReceiveSetup {
  QString ae_title = QStringLiteral("GADOLIN");
  int port = 11112;
  bool all_networks = false;
};
ReceiveSetup receiveSetup();
void setReceiveSetup(const ReceiveSetup& setup);

/// Folders of projects, newest first; those that are gone are left out.
QStringList recentProjects();
void addRecentProject(const QString& folder);

/// "a4" or "letter": on what reports are printed.
QString paper();
void setPaper(const QString& paper);

/// Titles of columns of the cohort that the person does not want to see.
QStringList hiddenColumns();
void setHiddenColumns(const QStringList& titles);

Place lastPlace(const QString& project_folder);
void setLastPlace(const QString& project_folder, Place place);
QString lastStack(const QString& project_folder);
void setLastStack(const QString& project_folder, const QString& stack);
/// The seed with which this person last drew the split; nothing before.
std::optional<int> lastSplitSeed(const QString& project_folder);
void setLastSplitSeed(const QString& project_folder, int seed);

}  // namespace gadolin::widgets::memory
