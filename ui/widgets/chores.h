#pragma once
// The jobs that the window gives to gadolinctl: import, demo, labels, split, predict, evaluate,
// report, export. Each shows in the job list, speaks through the notices when it ends, and never
// blocks the window. A job that was done in part says how much was refused and why; that notice
// stays until it is dismissed.

#include <QJsonObject>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <functional>
#include <utility>

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

  /// Of all imports from now on.
  struct ImportOptions {
    bool keep_identities = false;  // else pseudonyms for DICOM
    QString key_table;             // file, or empty
  };
  void setImportOptions(ImportOptions options);
  /// The same as arguments of gadolinctl.
  [[nodiscard]] QStringList importWishes() const;

  void importPaths(const QStringList& paths) { importPaths(paths, {}, {}); }
  /// take, leave: descriptions of series that a person decided about.
  void importPaths(const QStringList& paths, const QStringList& take, const QStringList& leave);
  /// A table was chosen or dropped: who shows it hears tableOffered().
  void offerTable(const QString& file) { Q_EMIT tableOffered(file); }
  /// arguments: `labels import PROJECT FILE ...` as a person decided on them.
  void importTable(const QStringList& arguments);
  /// Fetches series from a stored peer and imports them; the signals are those of an import, of no path.
  /// series: "STUDY/SERIES". take: descriptions of those that a person wants whatever they look like.
  void fetchSeries(const QString& peer, const QStringList& series, const QStringList& take);
  /// Ends the import or fetch that was started last; what is complete stays.
  void cancelImport();
  /// What a listener received was imported: said in a notice, its series in importJudged().
  void tellReceived(const QJsonObject& summary);
  /// Makes a project with a synthetic cohort; `done` is called in the GUI thread when it worked.
  void makeDemo(const QString& folder, std::function<void()> done);
  /// Slice labels from the reference masks.
  void deriveLabels();
  /// `done` is called when the patients were split.
  void split(double test_share, double validation_share, int seed, std::function<void()> done = {});
  /// Every stack. Ends in predicted().
  void predict(const QString& run);
  /// Scores the predictions of the test patients. Ends in evaluated().
  void evaluate(const QString& run);
  /// format: as `gadolinctl export --format`; place: a folder, of an archive a file. images: for
  /// DICOM, the folder of those that were imported; may be empty.
  void exportTo(const QString& format, const QString& place, const QString& images = {});
  /// Makes a project out of an archive; `done` is called in the GUI thread when it worked.
  void openArchive(const QString& archive, const QString& folder, std::function<void()> done);
  /// what: {"--patient", id} or {"--cohort"}.
  void report(const QStringList& what, const QString& file, std::function<void()> done = {});

 Q_SIGNALS:
  void importOptionsChanged();
  void tableOffered(const QString& file);
  void importStarted(const QStringList& paths);
  void importProgress(qint64 done, qint64 total, const QString& what);
  void importRefused(const QString& path, const QString& reason, const QString& code);
  /// One DICOM series that was judged: "series" (its description), "slices", "points", "reasons",
  /// "verdict", "taken", "decided".
  void importJudged(const QJsonObject& series);
  /// Before importJudged() tells of series that a listener received.
  void seriesReceived();
  /// Sentences on what came in, at the end.
  void importNoted(const QStringList& notes);
  /// In words what came in, or what ended it (failed).
  void importEnded(bool failed, const QString& text);
  /// Predictions of this run are in the project, all or some.
  void predicted(const QString& project, const QString& run);
  void evaluated(const QString& project, const QString& run);

 private:
  /// What a notice says.
  struct Words {
    QString title;
    QString text;
  };
  struct Request {
    QString title;
    QStringList arguments;
    /// What was done, for the notice; may be empty for a step that says nothing by itself.
    std::function<Words(const QJsonObject& summary)> words;
    std::function<void(const QJsonObject& summary)> done;  // may be empty
    std::function<void(const QString& why)> failed;        // may be empty
    bool listed = false;  // a panel lists in full what was refused and noted
  };
  session::CtlJob* start(Request request);
  /// `gadolinctl ARGUMENTS`, which imports.
  void startImport(const QString& title, QStringList arguments);
  void end(const Request& request, int entry, const QJsonObject& summary, int exit_status);

  JobList& jobs_;
  Notices& notices_;
  QString project_;
  ImportOptions import_options_;
  QPointer<session::CtlJob> importing_;
};

/// "2 were refused: Phantom-001: <reason>; ...": of the summary of a command, empty when it refused
/// nothing. Only the first few reasons are named.
QString refusedWords(const QJsonObject& summary, qsizetype most_named = 3);

/// The reason without the file's name at its begin.
QString reasonAlone(const QString& path, const QString& reason);

}  // namespace gadolin::widgets
