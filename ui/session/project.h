#pragma once
// The open project: one writer thread for project.sqlite, readers beside it, and the signals that
// tell the rest of the program what has changed, in this process or in another.

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QString>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

enum class Access { ReadWrite, ReadOnly };

/// Lives in the thread that made it, or that it was moved to before its first use; write() and read()
/// may be called from any thread.
class Project : public QObject {
  Q_OBJECT
 public:
  /// Makes the folder with everything in it, or nothing at all. The parent folder must be there.
  /// Conflict when something of that name exists, NotFound without the parent, ReadOnly, NoSpace.
  static Result<std::unique_ptr<Project>> create(const std::filesystem::path& root);
  /// Migrates an older project (with a backup), for reading too where it can be written. Once a day
  /// a verified copy goes to backups/, in the background. NotFound (no such folder), InvalidInput
  /// (not a project), NewerVersion, ReadOnly (a disk that cannot be written, when Access::ReadWrite
  /// is asked for), Busy.
  static Result<std::unique_ptr<Project>> open(const std::filesystem::path& root,
                                               Access access = Access::ReadWrite);
  /// Waits for every write that was asked for: nothing is lost by closing.
  ~Project() override;

  [[nodiscard]] const ProjectPaths& paths() const { return paths_; }
  /// Folder name without ".gadolin".
  [[nodiscard]] QString name() const;
  [[nodiscard]] Access access() const { return access_; }

  /// The connection of the project's own thread: short reads (< 5 ms) there and nowhere else.
  db::Database& reader() { return *reader_; }

  /// Runs `job` in the writer thread inside one transaction (BEGIN IMMEDIATE), in the order of the
  /// calls; the future completes after COMMIT (synchronous=FULL). An Error rolls everything back.
  template <class T>
  QFuture<Result<T>> write(std::function<Result<T>(db::Database&)> job);

  /// Runs `job` in a pool thread with a read connection of its own.
  template <class T>
  QFuture<Result<T>> read(std::function<Result<T>(db::Database&)> job);

  /// write() and wait: for gadolinctl and tests, never in the GUI thread nor inside another job.
  template <class T>
  Result<T> writeNow(std::function<Result<T>(db::Database&)> job);

 Q_SIGNALS:
  // Emitted in the project's thread after the change is on disk. A change by another process is
  // noticed within a second; it cannot say what it was, so all five are emitted then.
  void cohortChanged();                      // patients, stacks, masks, split, refusals
  void labelsChanged(const QString& stack);  // empty: any stack
  void runsChanged();
  void predictionsChanged();
  void reviewsChanged();

 private:
  struct Machinery;
  Project(ProjectPaths paths, Access access, db::Database reader,
          std::optional<db::Database> writer);

  using Body = std::function<Result<void>(db::Database&)>;
  using Ended = std::function<void(const Result<void>&)>;
  /// `ended` is called in the thread that ran the body, with the outcome of the transaction.
  void enqueueWrite(Body body, Ended ended);
  void enqueueRead(Body body, Ended ended);
  void announce(const db::Changes& changes);
  void announceAll();

  template <class T, class Enqueue>
  static QFuture<Result<T>> promised(std::function<Result<T>(db::Database&)> job, Enqueue enqueue);

  ProjectPaths paths_;
  Access access_;
  std::unique_ptr<db::Database> reader_;
  std::unique_ptr<Machinery> machinery_;
};

template <class T, class Enqueue>
QFuture<Result<T>> Project::promised(std::function<Result<T>(db::Database&)> job, Enqueue enqueue) {
  struct State {
    QPromise<Result<T>> promise;
    std::optional<Result<T>> outcome;
  };
  auto state = std::make_shared<State>();
  auto future = state->promise.future();
  state->promise.start();
  enqueue(
      [state, job = std::move(job)](db::Database& database) -> Result<void> {
        state->outcome.emplace(job(database));
        if (!state->outcome->ok()) return state->outcome->error();
        return {};
      },
      [state](const Result<void>& ended) {
        if (!ended.ok()) state->outcome.emplace(ended.error());
        state->promise.addResult(std::move(*state->outcome));
        state->promise.finish();
      });
  return future;
}

template <class T>
QFuture<Result<T>> Project::write(std::function<Result<T>(db::Database&)> job) {
  return promised<T>(std::move(job), [this](Body body, Ended ended) {
    enqueueWrite(std::move(body), std::move(ended));
  });
}

template <class T>
QFuture<Result<T>> Project::read(std::function<Result<T>(db::Database&)> job) {
  return promised<T>(std::move(job), [this](Body body, Ended ended) {
    enqueueRead(std::move(body), std::move(ended));
  });
}

template <class T>
Result<T> Project::writeNow(std::function<Result<T>(db::Database&)> job) {
  auto future = write<T>(std::move(job));
  future.waitForFinished();
  return future.takeResult();
}

}  // namespace gadolin::session
