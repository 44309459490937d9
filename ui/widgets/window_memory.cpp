#include "ui/widgets/window_memory.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QSettings>
#include <algorithm>

namespace gadolin::widgets::memory {

using namespace Qt::StringLiterals;

namespace {

constexpr int most_recent = 8;

QString projectKey(const QString& folder, const QString& name) {
  const QByteArray hash = QCryptographicHash::hash(QFileInfo(folder).absoluteFilePath().toUtf8(),
                                                   QCryptographicHash::Sha1);
  return u"projects/"_s + QString::fromLatin1(hash.toHex().left(16)) + u"/"_s + name;
}

}  // namespace

QByteArray geometry() {
  return QSettings().value(u"window/geometry"_s).toByteArray();
}
void setGeometry(const QByteArray& geometry) {
  QSettings().setValue(u"window/geometry"_s, geometry);
}

Scheme savedScheme() {
  return QSettings().value(u"window/scheme"_s).toString() == u"light"_s ? Scheme::Light
                                                                        : Scheme::Dark;
}
void saveScheme(Scheme scheme) {
  QSettings().setValue(u"window/scheme"_s, scheme == Scheme::Light ? u"light"_s : u"dark"_s);
}

QString reader() {
  return QSettings().value(u"reader/name"_s).toString();
}
void setReader(const QString& name) {
  QSettings().setValue(u"reader/name"_s, name);
}

QStringList recentProjects() {
  QStringList folders = QSettings().value(u"recent/projects"_s).toStringList();
  folders.removeIf(
      [](const QString& folder) { return !QFileInfo::exists(folder + u"/project.sqlite"_s); });
  return folders;
}

void addRecentProject(const QString& folder) {
  const QString whole = QFileInfo(folder).absoluteFilePath();
  QStringList folders = recentProjects();
  folders.removeAll(whole);
  folders.prepend(whole);
  while (folders.size() > most_recent) folders.removeLast();
  QSettings().setValue(u"recent/projects"_s, folders);
}

Place lastPlace(const QString& project_folder) {
  const int place = QSettings().value(projectKey(project_folder, u"place"_s), 0).toInt();
  return static_cast<Place>(std::clamp(place, 0, place_count - 1));
}
void setLastPlace(const QString& project_folder, Place place) {
  QSettings().setValue(projectKey(project_folder, u"place"_s), static_cast<int>(place));
}

QString lastStack(const QString& project_folder) {
  return QSettings().value(projectKey(project_folder, u"stack"_s)).toString();
}
void setLastStack(const QString& project_folder, const QString& stack) {
  QSettings().setValue(projectKey(project_folder, u"stack"_s), stack);
}

}  // namespace gadolin::widgets::memory
