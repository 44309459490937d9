#include "database/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/files.h"
#include "core/base/temporary_name.h"
#include "database/connection.h"

namespace gadolin::db {
namespace fs = std::filesystem;
namespace {

constexpr int busy_timeout_ms = 5000;

/// A path as SQLite's "file:" address with every unusual byte escaped.
std::string fileAddress(const fs::path& path, std::string_view query) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string address = "file:";
  for (const char c : fs::absolute(path).string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || byte == '/' || byte == '-' || byte == '_' ||
                       byte == '.';
    if (plain) {
      address += c;
    } else {
      address += '%';
      address += digits[byte >> 4];
      address += digits[byte & 15];
    }
  }
  return address + std::string(query);
}

bool folderIsWritable(const fs::path& file) {
  const fs::path folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
  return ::access(folder.c_str(), W_OK) == 0;
}

bool hasBytes(const fs::path& path) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  return !code && size > 0;
}

/// Sets a pragma and reads it back; SQLite ignores what it does not understand.
Result<void> setPragma(Database& database, const std::string& name, const std::string& value,
                       std::string_view expected) {
  SQLite::Database& sqlite = database.connection().sqlite;
  SQLite::Statement(sqlite, "PRAGMA " + name + " = " + value).executeStep();
  SQLite::Statement back(sqlite, "PRAGMA " + name);
  const std::string found = back.executeStep() ? back.getColumn(0).getString() : std::string();
  if (found != expected) {
    return Error{ErrorCode::Unsupported, database.file().string() + ": SQLite keeps " + name +
                                             " at '" + found + "' where '" + std::string(expected) +
                                             "' is needed. Put the project on a local disk."};
  }
  return {};
}

Result<void> setPragmas(Database& database) {
  return guarded(database, "open the database", [&]() -> Result<void> {
    GADOLIN_CHECK(setPragma(database, "busy_timeout", std::to_string(busy_timeout_ms),
                            std::to_string(busy_timeout_ms)));
    GADOLIN_CHECK(setPragma(database, "foreign_keys", "ON", "1"));
    GADOLIN_CHECK(setPragma(database, "trusted_schema", "OFF", "0"));
    if (database.mode() == Mode::ReadOnly) return {};
    GADOLIN_CHECK(setPragma(database, "journal_mode", "WAL", "wal"));
    return setPragma(database, "synchronous", "FULL", "2");
  });
}

Result<std::unique_ptr<Connection>> connect(const fs::path& file, Mode mode) {
  try {
    if (mode == Mode::ReadWrite) {
      return std::make_unique<Connection>(
          file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX | SQLite::OPEN_NOFOLLOW,
          file, mode);
    }
    // WAL needs a -shm file beside the database. Where the folder cannot be written and no writer
    // has left anything behind, the file cannot change either, and SQLite may be told so.
    fs::path log = file;
    log += "-wal";
    const bool frozen = !folderIsWritable(file) && !hasBytes(log);
    return std::make_unique<Connection>(
        fileAddress(file, frozen ? "?immutable=1" : ""),
        SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX | SQLite::OPEN_URI, file, mode);
  } catch (const SQLite::Exception& exception) {
    return sqliteError(exception, file, "open the database");
  }
}

}  // namespace

Error sqliteError(const SQLite::Exception& exception, const fs::path& file,
                  std::string_view doing) {
  const std::string name = file.string();
  const std::string begin = "Cannot " + std::string(doing) + " (" + name + "): ";
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::Busy, begin +
                                   "another program is writing to it. Wait until it has "
                                   "finished, or close it, and try again."};
    case SQLITE_FULL:
      return {ErrorCode::NoSpace, begin +
                                      "the disk is full. Make room and try again; nothing was "
                                      "changed."};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::ReadOnly,
              begin +
                  "it may only be read here. Check the permissions, or copy the project to a "
                  "disk that can be written."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::Corrupt,
              begin + "the file is damaged or not a database (" + exception.what() +
                  "). The newest sound copy is in the project's backups folder."};
    case SQLITE_CANTOPEN:
      return {ErrorCode::Io, begin +
                                 "the file cannot be opened. Check that it is there and that "
                                 "you may read and write it and its folder."};
    case SQLITE_IOERR:
      return {ErrorCode::Io, begin + "the disk reports an error (" + exception.what() + ")."};
    case SQLITE_NOMEM:
      return {ErrorCode::OutOfMemory, begin + "there is not enough memory."};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::Conflict, begin + exception.what() + "."};
    default:
      return {ErrorCode::Internal, begin + exception.what() + "."};
  }
}

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const fs::path& file, Mode mode) {
  std::error_code code;
  if (!fs::exists(file, code)) {
    return Error{ErrorCode::NotFound, "There is no database " + file.string() + "."};
  }
  if (mode == Mode::ReadWrite && (::access(file.c_str(), W_OK) != 0 || !folderIsWritable(file))) {
    return Error{ErrorCode::ReadOnly,
                 file.string() +
                     " may only be read here. Check the permissions, open the project "
                     "for reading, or copy it to a disk that can be written."};
  }
  GADOLIN_TRY(auto connection, connect(file, mode));
  Database database(std::move(connection));
  GADOLIN_CHECK(setPragmas(database));
  return database;
}

Result<Database> Database::create(const fs::path& file) {
  // SQLite gives -wal and -shm the mode of the file itself; an empty file is an empty database.
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    if (errno == EEXIST) {
      return Error{ErrorCode::Conflict, file.string() + " exists already."};
    }
    return systemError(errno, "make", file.string());
  }
  ::close(descriptor);
  return open(file, Mode::ReadWrite);
}

const fs::path& Database::file() const {
  return connection_->file;
}
Mode Database::mode() const {
  return connection_->mode;
}

Result<int> Database::schemaVersion() {
  return guarded(*this, "read the version", [&]() -> Result<int> {
    Query query(*this, "PRAGMA user_version");
    query.next();
    return query.number(0);
  });
}

Result<std::int64_t> Database::dataVersion() {
  return guarded(*this, "look for changes", [&]() -> Result<std::int64_t> {
    Query query(*this, "PRAGMA data_version");
    query.next();
    return query.big(0);
  });
}

Result<void> Database::transaction(const std::function<Result<void>()>& body) {
  return guarded(*this, "write", [&]() -> Result<void> {
    SQLite::Database& sqlite = connection_->sqlite;
    const bool outermost = connection_->depth == 0;
    // What this level touches is kept apart until it stays; copying what is known would make a
    // transaction of many small ones quadratic.
    Changes before = std::exchange(connection_->changes, {});
    try {
      sqlite.exec(outermost ? "BEGIN IMMEDIATE" : "SAVEPOINT inner");
    } catch (...) {
      connection_->changes = std::move(before);
      throw;
    }
    ++connection_->depth;
    const auto rollBack = [&] {
      connection_->changes = std::move(before);
      // After some errors (disk full) SQLite has rolled back by itself; then these two fail.
      if (outermost) {
        sqlite.tryExec("ROLLBACK");
      } else {
        sqlite.tryExec("ROLLBACK TO inner");
        sqlite.tryExec("RELEASE inner");
      }
    };
    try {
      Result<void> outcome = body();
      --connection_->depth;
      if (!outcome) {
        rollBack();
        return outcome;
      }
    } catch (...) {
      --connection_->depth;
      rollBack();
      throw;
    }
    try {
      sqlite.exec(outermost ? "COMMIT" : "RELEASE inner");
    } catch (...) {
      rollBack();
      throw;
    }
    before.add(std::move(connection_->changes));
    connection_->changes = std::move(before);
    return {};
  });
}

void Changes::add(Changes&& other) {
  cohort |= other.cohort;
  runs |= other.runs;
  predictions |= other.predictions;
  reviews |= other.reviews;
  labels.merge(other.labels);
}

Changes Database::takeChanges() {
  return std::exchange(connection_->changes, {});
}

Result<std::vector<std::string>> Database::findFaults(bool quick) {
  return guarded(*this, "check", [&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> faults;
    {
      Query check(*this, quick ? "PRAGMA quick_check" : "PRAGMA integrity_check");
      while (check.next()) {
        if (check.text(0) != "ok") faults.push_back(check.text(0));
      }
    }
    Query keys(*this, "PRAGMA foreign_key_check");
    while (keys.next()) {
      faults.push_back("a row of table " + keys.text(0) + " points to a missing row of table " +
                       keys.text(2));
    }
    return faults;
  });
}

namespace {

/// A snapshot of the database for as long as it lives: steps of a backup go on in it, where they
/// would begin anew after each commit of another program.
class Snapshot {
 public:
  explicit Snapshot(SQLite::Database& database) : database_(database) {
    database_.exec("SAVEPOINT copy");
    SQLite::Statement(database_, "SELECT count(*) FROM sqlite_schema").executeStep();
  }
  ~Snapshot() { database_.tryExec("RELEASE copy"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  SQLite::Database& database_;
};

}  // namespace

Result<void> Database::copyTo(const fs::path& file, const std::function<bool()>& stopped) {
  const fs::path temporary = file.parent_path() / temporaryName(file.filename().string());
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return systemError(errno, "write", temporary.string());
  ::close(descriptor);
  auto outcome = guarded(*this, "copy the database", [&]() -> Result<void> {
    SQLite::Database copy(temporary.string(), SQLite::OPEN_READWRITE, busy_timeout_ms);
    {
      constexpr int pages_at_once = 1024;  // 4 MB
      const Snapshot snapshot(connection_->sqlite);
      SQLite::Backup backup(copy, connection_->sqlite);
      // A busy source (another process in COMMIT) is asked again for up to five seconds.
      for (int attempt = 0;;) {
        if (stopped && stopped())
          return Error{ErrorCode::Cancelled,
                       "The copy of " + connection_->file.string() + " was stopped."};
        const int step = backup.executeStep(pages_at_once);
        if (step == SQLITE_DONE) break;
        if (step == SQLITE_OK) continue;
        if (++attempt >= 100) {
          return Error{ErrorCode::Busy, "Cannot copy " + connection_->file.string() +
                                            ": another program keeps writing to it."};
        }
        ::usleep(50'000);
      }
    }
    SQLite::Statement(copy, "PRAGMA journal_mode = DELETE").executeStep();
    SQLite::Statement check(copy, "PRAGMA quick_check");
    if (!check.executeStep() || check.getColumn(0).getString() != "ok") {
      return Error{ErrorCode::Corrupt,
                   "The copy of " + connection_->file.string() +
                       " did not pass its check. Run 'gadolinctl check' on the project."};
    }
    return {};
  });
  if (outcome) {
    const int again = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
    if (again < 0 || ::fsync(again) != 0) outcome = systemError(errno, "sync", temporary.string());
    if (again >= 0) ::close(again);
  }
  if (outcome && ::rename(temporary.c_str(), file.c_str()) != 0) {
    outcome = systemError(errno, "write", file.string());
  }
  if (!outcome) {
    ::unlink(temporary.c_str());
    return outcome;
  }
  return syncFolder(file.parent_path());
}

}  // namespace gadolin::db
