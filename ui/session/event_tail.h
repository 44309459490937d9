#pragma once
// Follows events.jsonl of a worker that trains and is not our child, and notices when that worker
// is gone. What another one predicts meanwhile or afterwards, in the same file and under the same
// lock, is passed over.

#include <QObject>
#include <QTimer>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "core/run/event.h"
#include "core/run/run_folder.h"
#include "ui/session/worker_client.h"

namespace gadolin::session {

/// The events of the last life of a worker in `file` with first <= seq < before. Lines that are no
/// events are passed over. Thread: any; reads the whole file.
std::vector<run::Event> readLastLife(const std::filesystem::path& file, std::uint64_t first,
                                     std::uint64_t before);

/// Thread: that of its owner; files are looked at in a pool thread, some times a second.
class EventTail : public QObject {
  Q_OBJECT
 public:
  enum class From {
    Start,  // every event of the file, of all lives
    Here,   // what is appended after positionAtEnd()
  };
  EventTail(run::RunFolder folder, WorkerTimings timings = {}, QObject* parent = nullptr);
  ~EventTail() override;

  void start(From from);
  /// A function for a pool thread that notes the present end of the file; to be run before the
  /// worker is started and before start(From::Here).
  [[nodiscard]] std::function<void()> positionAtEnd() const;
  /// A worker that was just started as this process has so long to take its lock before it counts
  /// as gone, unless the process itself is gone before.
  void expectWorkerWithin(int milliseconds, qint64 process_id);

 Q_SIGNALS:
  /// What one look found, in the order of the file.
  void events(const std::vector<gadolin::run::Event>& events);
  void respondingChanged(bool responding);
  void warning(const QString& text);
  /// Once: the worker holds its lock no more and every line has been delivered; or the file speaks
  /// another protocol or garbage (`fault`).
  void ended(const gadolin::session::WorkerEnd& end);

 private:
  struct Reader;
  struct Look;
  void look();
  void take(Look& look);

  run::RunFolder folder_;
  WorkerTimings timings_;
  std::shared_ptr<Reader> reader_;  // touched by one look at a time, in the pool
  QTimer poll_, silence_;
  QTimer patience_;  // active: the lock need not be taken yet
  qint64 process_id_ = 0;
  bool responding_ = true;
  bool seen_alive_ = false;
  bool predicting_ = false;  // these lines are of a worker that only predicts
  int bad_lines_ = 0;
  WorkerEnd end_;
};

}  // namespace gadolin::session
