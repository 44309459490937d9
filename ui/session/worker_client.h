#pragma once
// A gadolin-worker behind pipes: its lines become events, its silence is noticed, its end
// explained.

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <filesystem>
#include <optional>
#include <vector>

#include "core/run/event.h"
#include "core/run/line_buffer.h"

namespace gadolin::session {

/// How long a worker may be silent or deaf.
struct WorkerTimings {
  int silence_ms = 10'000;   // without an event: "not responding"
  int polite_ms = 10'000;    // from the command to SIGTERM
  int terminate_ms = 5'000;  // from SIGTERM to SIGKILL
  int poll_ms = 250;         // between looks at the files of a detached worker
};

/// How a worker ended.
struct WorkerEnd {
  /// Of the process; absent when it was ended by a signal or is not our child.
  std::optional<int> exit_status;
  std::optional<run::Done> done;  // its last word, if it had one
  /// Set when it could not be started, spoke another protocol or garbage.
  std::optional<Error> fault;
};

/// Too many lines that are no events: the worker is not one of ours.
inline constexpr int bad_lines_allowed = 10;

/// Thread: that of its owner. Each turn of the event loop handles events for at most some 5 ms,
/// however much has come.
class WorkerClient : public QObject {
  Q_OBJECT
 public:
  explicit WorkerClient(WorkerTimings timings = {}, QObject* parent = nullptr);
  /// Closes the worker's stdin, upon which it writes a checkpoint and leaves; does not wait for it.
  ~WorkerClient() override;

  /// `events`: the file that the worker appends to; what is missing on the pipe is read from there.
  /// stderr is appended to `log`, which is made with mode 0600. Whatever hinders the start comes
  /// with ended(), not before this function has returned.
  void start(const std::filesystem::path& program, const QStringList& arguments,
             const std::filesystem::path& log, const std::filesystem::path& events);
  void send(run::Command command);
  /// The ladder: command, SIGTERM, SIGKILL.
  void cancel();

  [[nodiscard]] bool responding() const { return responding_; }
  [[nodiscard]] qint64 processId() const { return process_->processId(); }

 Q_SIGNALS:
  /// In the order of their numbers.
  void events(const std::vector<gadolin::run::Event>& events);
  void respondingChanged(bool responding);
  /// A sentence about a line that was not understood.
  void warning(const QString& text);
  /// Once; after the last event.
  void ended(const gadolin::session::WorkerEnd& end);

 private:
  void drain();
  void take(const std::string& line, std::vector<run::Event>& batch);
  void refuse(Error fault);
  void fetchMissing(std::uint64_t before);
  void deliver(std::vector<run::Event> batch);
  void heard();
  void endIfDone();

  WorkerTimings timings_;
  QProcess* process_ = nullptr;
  QTimer silence_, polite_, terminate_;
  run::LineBuffer lines_;
  std::filesystem::path events_file_;
  std::uint64_t expected_seq_ = 1;
  std::vector<run::Event> held_back_;  // came while missing ones are being read
  bool fetching_ = false;
  bool drain_queued_ = false;
  bool responding_ = true;
  bool process_over_ = false;
  bool told_ = false;
  int bad_lines_ = 0;
  WorkerEnd end_;
};

}  // namespace gadolin::session
