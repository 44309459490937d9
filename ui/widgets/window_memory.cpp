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

QString imageWindowKey(ImageKind kind, const QString& name) {
  const std::string_view text = toText(kind);
  return u"image_window/"_s +
         QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size())) + u"/"_s + name;
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

QStringList hiddenColumns() {
  return QSettings().value(u"cohort/hiddenColumns"_s).toStringList();
}
void setHiddenColumns(const QStringList& titles) {
  QSettings().setValue(u"cohort/hiddenColumns"_s, titles);
}

std::optional<view::RelativeWindow> imageWindow(ImageKind kind) {
  const QSettings settings;
  bool shift_ok = false;
  bool factor_ok = false;
  const double shift = settings.value(imageWindowKey(kind, u"shift"_s)).toDouble(&shift_ok);
  const double factor = settings.value(imageWindowKey(kind, u"factor"_s)).toDouble(&factor_ok);
  if (!shift_ok || !factor_ok) return std::nullopt;
  return view::RelativeWindow{shift, factor};
}
void setImageWindow(ImageKind kind, const view::RelativeWindow& window) {
  QSettings settings;
  settings.setValue(imageWindowKey(kind, u"shift"_s), window.shift);
  settings.setValue(imageWindowKey(kind, u"factor"_s), window.factor);
}

ReceiveSetup receiveSetup() {
  const QSettings settings;
  ReceiveSetup setup;
  setup.ae_title = settings.value(u"receive/ae_title"_s, setup.ae_title).toString();
  setup.port = settings.value(u"receive/port"_s, setup.port).toInt();
  setup.all_networks = settings.value(u"receive/all_networks"_s, false).toBool();
  return setup;
}
void setReceiveSetup(const ReceiveSetup& setup) {
  QSettings settings;
  settings.setValue(u"receive/ae_title"_s, setup.ae_title);
  settings.setValue(u"receive/port"_s, setup.port);
  settings.setValue(u"receive/all_networks"_s, setup.all_networks);
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

QString paper() {
  return QSettings().value(u"report/paper"_s).toString() == u"letter"_s ? u"letter"_s : u"a4"_s;
}
void setPaper(const QString& paper) {
  QSettings().setValue(u"report/paper"_s, paper);
}

std::optional<int> lastSplitSeed(const QString& project_folder) {
  bool ok = false;
  const int seed = QSettings().value(projectKey(project_folder, u"split_seed"_s)).toInt(&ok);
  return ok ? std::optional(seed) : std::nullopt;
}
void setLastSplitSeed(const QString& project_folder, int seed) {
  QSettings().setValue(projectKey(project_folder, u"split_seed"_s), seed);
}

}  // namespace gadolin::widgets::memory
