#pragma once
// The long jobs of the window: what runs, how far it is, how long it takes, how it ended.

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <functional>
#include <optional>
#include <vector>

namespace gadolin::widgets {

enum class JobState { Running, Done, Failed, Cancelled };

struct JobEntry {
  int id = 0;
  QString title;
  QString detail;  // what it works on now, or how it ended
  qint64 done = 0;
  qint64 total = 0;  // 0: not known
  QString words;     // instead of count, rate and time left, for a job whose items say nothing
  JobState state = JobState::Running;
  double seconds = 0;            // since its start, at the last report
  qint64 counted_from = 0;       // `done` when the present count began, e.g. a job found again
  double counting_since_s = 0;   // `seconds` at that moment
  std::function<void()> cancel;  // empty: cannot be cancelled; called in the GUI thread

  /// Items a second since the present count began; nothing before the first item.
  [[nodiscard]] std::optional<double> rate() const;
  /// Seconds left at that rate; nothing without a total.
  [[nodiscard]] std::optional<double> secondsLeft() const;
};

/// GUI thread only.
class JobList : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  int start(const QString& title, std::function<void()> cancel = {});
  void report(int id, qint64 done, qint64 total, const QString& detail);
  /// For a job that knows its share (0..1; negative: not known) and says the rest in words.
  void reportShare(int id, double share, const QString& words);
  void end(int id, JobState state, const QString& detail);
  void cancel(int id);

  /// In the order of their starts; ended jobs stay until clearEnded().
  [[nodiscard]] const std::vector<JobEntry>& jobs() const { return jobs_; }
  [[nodiscard]] int running() const;
  void clearEnded();

 Q_SIGNALS:
  void changed();
  void ended(int id);

 private:
  JobEntry* find(int id);
  void readClock(JobEntry& job);

  struct Clock {
    int id;
    QElapsedTimer timer;
  };
  std::vector<JobEntry> jobs_;
  std::vector<Clock> clocks_;
  int next_id_ = 1;
};

}  // namespace gadolin::widgets
