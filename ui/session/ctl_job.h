#pragma once
// A gadolinctl command as a child process: what it says on stdout becomes signals. For the long
// jobs of the window: import, predict, evaluate, report, export.

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTimer>

#include "core/base/result.h"
#include "core/run/line_buffer.h"

namespace gadolin::session {

/// Thread: that of its owner. One object runs one command, once.
class CtlJob : public QObject {
  Q_OBJECT
 public:
  /// `title` is what the job list shows.
  explicit CtlJob(QString title, QObject* parent = nullptr);
  /// A command still running is asked to end (SIGTERM) and not waited for.
  ~CtlJob() override;

  /// Runs `gadolinctl --json ARGUMENTS`.
  void start(const QStringList& arguments);
  /// SIGTERM, after 5 s SIGKILL. Ends with failed(Cancelled).
  void cancel();
  /// SIGTERM, for a command that runs until it is told to stop and then takes its time. Ends with
  /// finished().
  void stop();

  [[nodiscard]] const QString& title() const { return title_; }
  [[nodiscard]] bool isRunning() const { return process_->state() != QProcess::NotRunning; }

 Q_SIGNALS:
  void progress(const QString& what, qint64 done, qint64 total);
  void refused(const QString& path, const QString& reason, const QString& code);
  /// Every object that is neither progress, refusal, error nor summary: the events of a worker.
  void message(const QJsonObject& object);
  /// Ended with status 0, or 1 (done in part: the summary names what was refused) without an error.
  /// The summary is empty for a command that has none.
  void finished(const QJsonObject& summary, int exit_status);
  void failed(const gadolin::Error& error);

 private:
  void drain();
  void take(const std::string& line);
  void over(int exit_code, QProcess::ExitStatus how);

  QString title_;
  QProcess* process_ = nullptr;
  QTimer kill_;
  run::LineBuffer lines_;
  QJsonObject summary_;
  std::optional<Error> error_;
  QByteArray stderr_tail_;
  bool cancelled_ = false;
  bool drain_queued_ = false;
  std::optional<std::pair<int, QProcess::ExitStatus>> exit_;
};

}  // namespace gadolin::session
