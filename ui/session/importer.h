#pragma once
// From folders of foreign files to rows, stacks and masks of the open project. What is known
// already is recognised by its content and left alone; what cannot be read is a row with a reason.

#include <QObject>
#include <QString>
#include <atomic>

#include "core/base/result.h"
#include "ui/session/import_request.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// Thread: run() blocks its caller and emits the signals in that thread; never the GUI thread (the
/// window starts `gadolinctl import`). cancel() from any thread.
class Importer : public QObject {
  Q_OBJECT
 public:
  explicit Importer(Project& project, QObject* parent = nullptr);

  /// NotFound (no such path), InvalidInput (nothing in them that could be imported), Cancelled,
  /// ReadOnly, NoSpace, WorkerLost (no decoder): no stack came in. Stacks with their masks come in
  /// a few at a time, each whole; what came in before a fault stays in, and the summary says what
  /// ended it.
  Result<ImportSummary> run(const ImportRequest& request);
  /// Ends run() after the file it is at.
  void cancel() { cancelled_ = true; }

 Q_SIGNALS:
  void progress(const QString& what, qint64 done, qint64 total);
  void fileRefused(const QString& path, const QString& reason, const QString& code);
  void seriesJudged(const gadolin::session::JudgedSeries& series);
  void finished(const gadolin::session::ImportSummary& summary);

 private:
  Project& project_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace gadolin::session
