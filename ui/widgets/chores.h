#pragma once
// The jobs that the window gives to gadolinctl: import, demo, split, predict, export. Each shows in
// the job list, speaks through the notices when it ends, and never blocks the window.

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QStringList>
#include <functional>

namespace gadolin::session {
class CtlJob;
}

namespace gadolin::widgets {

class JobList;
class Notices;

/// GUI thread only.
class Chores : public QObject {
  Q_OBJECT
 public:
  Chores(JobList& jobs, Notices& notices, QObject* parent = nullptr);

  /// Folder of the open project; empty when none is.
  void setProject(const QString& folder) { project_ = folder; }
  [[nodiscard]] QString project() const { return project_; }

  void importPaths(const QStringList& paths);
  /// Makes a project with a synthetic cohort; `done` is called in the GUI thread when it worked.
  void makeDemo(const QString& folder, std::function<void()> done);
  void deriveLabels();
  void split(double test_share, double validation_share, quint64 seed);
  void predict(const QString& run);
  /// format: "csv" or "nifti".
  void exportTo(const QString& format, const QString& folder);
  /// what: {"--patient", id} or {"--cohort"}.
  void report(const QStringList& what, const QString& file, std::function<void()> done = {});

 Q_SIGNALS:
  void importStarted(const QStringList& paths);
  void importProgress(qint64 done, qint64 total, const QString& what);
  void importRefused(const QString& path, const QString& reason);
  /// In words what came in; failed: nothing did.
  void importEnded(bool failed, const QString& text);

 private:
  struct Request {
    QString title;
    QStringList arguments;
    std::function<void(const QJsonObject& summary)> done;
    std::function<void(const QString& why)> failed;  // may be empty
  };
  session::CtlJob* start(Request request);

  JobList& jobs_;
  Notices& notices_;
  QString project_;
};

}  // namespace gadolin::widgets
