#include "ui/session/project.h"

#include <unistd.h>

#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/files.h"
#include "database/backup.h"
#include "database/migration.h"
#include "ui/session/drawings.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

constexpr int poll_interval_ms = 1000;
constexpr int reader_threads = 2;

Error unexpected(const std::exception& exception) {
  return {ErrorCode::Internal, std::string("A job on the project failed: ") + exception.what()};
}

Result<void> checkFolder(const fs::path& root) {
  std::error_code code;
  if (!fs::exists(root, code)) {
    return Error{ErrorCode::NotFound, "There is no project folder " + root.string() +
                                          ". Check the name, or make it with 'gadolinctl init'."};
  }
  if (!fs::is_directory(root, code)) {
    return Error{ErrorCode::InvalidInput,
                 root.string() + " is a file. A project is a folder with project.sqlite in it."};
  }
  if (!fs::exists(ProjectPaths{root}.database(), code)) {
    return Error{ErrorCode::InvalidInput,
                 root.string() + " is not a Gadolin project: it has no project.sqlite."};
  }
  return {};
}

/// Absolute, without a slash at its end, its links followed as far as it exists: SQLite refuses a
/// database below a link (SQLITE_OPEN_NOFOLLOW), and homes and data disks often are links.
fs::path resolved(const fs::path& given) {
  std::error_code code;
  fs::path root = fs::absolute(given, code).lexically_normal();
  if (!root.has_filename()) root = root.parent_path();
  const fs::path real = fs::weakly_canonical(root, code);
  return code ? root : real;
}

/// What a killed program was writing. Young files are left: on a network disk their writer may be
/// alive on another machine.
void sweep(const fs::path& folder) {
  constexpr auto old_enough = std::chrono::hours(1);
  const auto dead = deadTemporaries(folder);
  if (!dead) return;  // nothing but space is lost; what matters in the folder is read elsewhere
  std::error_code ignored;
  for (const fs::path& file : *dead) {
    const auto written = fs::last_write_time(file, ignored);
    if (!ignored && fs::file_time_type::clock::now() - written > old_enough) {
      fs::remove(file, ignored);
    }
  }
}

/// Everything of an empty project below `root`, which exists and is empty.
Result<void> fill(const fs::path& root) {
  const ProjectPaths paths{root};
  for (const auto& folder : {paths.stacks(), paths.masks(), paths.runs(), paths.backups()}) {
    GADOLIN_CHECK(makePrivateFolder(folder));
  }
  {
    GADOLIN_TRY(auto database, db::Database::create(paths.database()));
    GADOLIN_CHECK(db::migrate(database, paths.backups()));
    // Here and not at the first open(), which copies in the background: `check` finds a new project
    // without fault from its first moment.
    GADOLIN_CHECK(db::makeBackup(database, paths.backups()));
  }
  return syncFolder(root);
}

}  // namespace

/// The writer thread with its queue, the pool of readers, and the ear for other processes.
struct Project::Machinery {
  struct Task {
    Body body;
    Ended ended;
  };

  Project& project;
  std::optional<db::Database> writer;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Task> queue;
  bool closing = false;
  std::thread thread;

  std::mutex idle_mutex;
  std::vector<std::unique_ptr<db::Database>> idle;  // read connections that nobody uses
  QThreadPool pool;
  QTimer poll;

  explicit Machinery(Project& owner) : project(owner) {}
  ~Machinery() { finish(); }

  /// Waits for all that was asked for, then closes the idle readers.
  void finish() {
    poll.stop();
    {
      const std::lock_guard lock(mutex);
      closing = true;
    }
    wake.notify_all();
    if (thread.joinable()) thread.join();
    pool.waitForDone();
    idle.clear();
  }

  void add(Task task) {
    {
      const std::lock_guard lock(mutex);
      queue.push_back(std::move(task));
    }
    wake.notify_one();
  }

  /// The writer thread. Ends when the queue is empty and the project closes.
  void work() {
    // Only commits of other connections change this number, and in this process only the writer
    // commits: a change means another process.
    std::int64_t seen = writer->dataVersion().ok() ? *writer->dataVersion() : 0;
    for (;;) {
      std::optional<Task> task;
      {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, std::chrono::milliseconds(poll_interval_ms),
                      [this] { return closing || !queue.empty(); });
        if (queue.empty() && closing) return;
        if (!queue.empty()) {
          task = std::move(queue.front());
          queue.pop_front();
        }
      }
      if (task) {
        task->ended(run(task->body));
        const db::Changes changes = writer->takeChanges();
        if (!changes.empty()) {
          QMetaObject::invokeMethod(&project, [this, changes] { project.announce(changes); });
        }
      }
      const auto version = writer->dataVersion();
      if (version && *version != seen) {
        seen = *version;
        QMetaObject::invokeMethod(&project, [this] { project.announceAll(); });
      }
    }
  }

  Result<void> run(const Body& body) {
    try {
      return writer->transaction([&] { return body(*writer); });
    } catch (const std::exception& exception) {
      return unexpected(exception);
    }
  }

  void read(Body body, Ended ended) {
    pool.start([this, body = std::move(body), ended = std::move(ended)] {
      std::unique_ptr<db::Database> connection;
      {
        const std::lock_guard lock(idle_mutex);
        if (!idle.empty()) {
          connection = std::move(idle.back());
          idle.pop_back();
        }
      }
      if (!connection) {
        auto opened = db::Database::open(project.paths_.database(), db::Mode::ReadOnly);
        if (!opened) return ended(opened.error());
        connection = std::make_unique<db::Database>(std::move(opened).value());
      }
      Result<void> outcome;
      try {
        outcome = body(*connection);
      } catch (const std::exception& exception) {
        outcome = unexpected(exception);
      }
      {
        const std::lock_guard lock(idle_mutex);
        idle.push_back(std::move(connection));
      }
      ended(outcome);
    });
  }
};

Project::Project(ProjectPaths paths, Access access, db::Database reader,
                 std::optional<db::Database> writer)
    : paths_(std::move(paths)),
      access_(access),
      reader_(std::make_unique<db::Database>(std::move(reader))),
      machinery_(std::make_unique<Machinery>(*this)) {
  machinery_->pool.setMaxThreadCount(reader_threads);
  machinery_->poll.setParent(this);  // moves to another thread with the project
  if (writer) {
    machinery_->writer = std::move(writer);
    // Not through machinery_: a project that closes at once sets it to null before it joins.
    machinery_->thread = std::thread([machinery = machinery_.get()] { machinery->work(); });
    return;
  }
  // Nobody writes here, so the reader itself can listen.
  const auto first = reader_->dataVersion();
  connect(&machinery_->poll, &QTimer::timeout, this,
          [this, seen = first.ok() ? *first : 0]() mutable {
            const auto version = reader_->dataVersion();
            if (!version || *version == seen) return;
            seen = *version;
            announceAll();
          });
  // With the first turn of the event loop of the thread that the project then lives in: a timer
  // cannot start in a thread that is not Qt's.
  QMetaObject::invokeMethod(
      this, [this] { machinery_->poll.start(poll_interval_ms); }, Qt::QueuedConnection);
}

Project::~Project() {
  // The writer is closed last: it folds the -wal file into the database and removes it.
  machinery_->finish();
  reader_.reset();
  machinery_.reset();
}

Result<std::unique_ptr<Project>> Project::create(const fs::path& given) {
  std::error_code code;
  // A link of that name is something that is there, wherever it leads.
  const bool taken = fs::exists(fs::symlink_status(given, code));
  const fs::path root = resolved(given);
  if (taken || fs::exists(fs::symlink_status(root, code))) {
    return Error{ErrorCode::Conflict, root.string() +
                                          " exists already. Choose another name; a project is "
                                          "never made over something that is there."};
  }
  if (!fs::is_directory(root.parent_path(), code)) {
    return Error{ErrorCode::NotFound, "There is no folder " + root.parent_path().string() +
                                          " to make the project in. Make it first."};
  }
  // Made beside its final place and renamed: whole or absent.
  const fs::path temporary =
      root.parent_path() / ("." + root.filename().string() + ".new-" + std::to_string(::getpid()));
  if (auto made = makePrivateFolder(temporary); !made) {
    return made.error().within("Making project " + root.string());
  }
  Result<void> outcome = fill(temporary);
  if (outcome) {
    fs::rename(temporary, root, code);
    if (code) outcome = systemError(code.value(), "make folder", root.string());
  }
  if (!outcome) {
    fs::remove_all(temporary, code);
    return outcome.error().within("Making project " + root.string());
  }
  GADOLIN_CHECK(syncFolder(root.parent_path()));
  return open(root);
}

Result<std::unique_ptr<Project>> Project::open(const fs::path& given, Access access) {
  const fs::path root = resolved(given);
  GADOLIN_CHECK(checkFolder(root));
  ProjectPaths paths{root};
  std::optional<db::Database> writer;
  if (access == Access::ReadWrite) {
    GADOLIN_TRY(writer, db::Database::open(paths.database(), db::Mode::ReadWrite));
    // A database without tables would be filled by migrate(); here it is not a project's.
    GADOLIN_TRY(const int version, writer->schemaVersion());
    if (version == 0) GADOLIN_CHECK(db::checkSchemaVersion(*writer));
    GADOLIN_CHECK(db::migrate(*writer, paths.backups()));
    for (const auto& folder : {paths.stacks(), paths.masks(), paths.runs(), paths.backups()}) {
      GADOLIN_CHECK(makePrivateFolder(folder));
      sweep(folder);
    }
    sweep(root);
  }
  if (access == Access::ReadOnly) {
    bool older = false;
    {
      GADOLIN_TRY(auto database, db::Database::open(paths.database(), db::Mode::ReadOnly));
      GADOLIN_TRY(const int version, database.schemaVersion());
      older = version > 0 && version < db::currentSchemaVersion();
    }
    // Who only reads does not need to know of formats: brought up to date where that is possible,
    // else checkSchemaVersion() below says what to do.
    if (older) static_cast<void>(open(root, Access::ReadWrite));
  }
  GADOLIN_TRY(auto reader, db::Database::open(paths.database(), db::Mode::ReadOnly));
  GADOLIN_CHECK(db::checkSchemaVersion(reader));
  std::unique_ptr<Project> project(
      new Project(paths, access, std::move(reader), std::move(writer)));
  if (access == Access::ReadWrite) {
    // Before anybody trains or accepts a prediction: what a killed program left of a drawing is older.
    project->write<int>([paths](db::Database& database) -> Result<int> {
      std::optional<Error> told_by_check;
      return settleDrawings(database, paths, told_by_check);
    });
  }
  if (access == Access::ReadWrite && db::backupIsDue(paths.backups())) {
    // A copy that fails (a full disk) must not keep anybody from working; `check` reports a project
    // whose newest copy is old.
    project->read<std::filesystem::path>([folder = paths.backups()](db::Database& database) {
      return db::makeBackup(database, folder);
    });
  }
  return project;
}

QString Project::name() const {
  const fs::path file = paths_.root.filename();
  return QString::fromStdString(file.extension() == ".gadolin" ? file.stem().string()
                                                               : file.string());
}

void Project::enqueueWrite(Body body, Ended ended) {
  if (!machinery_->writer) {
    ended(Error{ErrorCode::ReadOnly,
                "Project " + paths_.root.string() +
                    " is open for reading only. Nothing was "
                    "changed; copy it to a disk that can be written to work on it."});
    return;
  }
  machinery_->add({std::move(body), std::move(ended)});
}

void Project::enqueueRead(Body body, Ended ended) {
  machinery_->read(std::move(body), std::move(ended));
}

void Project::announce(const db::Changes& changes) {
  for (const std::string& stack : changes.labels) {
    Q_EMIT labelsChanged(QString::fromStdString(stack));
  }
  if (changes.cohort) Q_EMIT cohortChanged();
  if (changes.runs) Q_EMIT runsChanged();
  if (changes.predictions) Q_EMIT predictionsChanged();
  if (changes.reviews) Q_EMIT reviewsChanged();
}

void Project::announceAll() {
  Q_EMIT cohortChanged();
  Q_EMIT labelsChanged(QString());
  Q_EMIT runsChanged();
  Q_EMIT predictionsChanged();
  Q_EMIT reviewsChanged();
}

}  // namespace gadolin::session
