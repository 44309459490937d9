#pragma once
// One connection to project.sqlite. The pragmas that keep data safe are set here and read back.
// SQLite's own types stay inside this folder.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace gadolin::db {

enum class Mode { ReadWrite, ReadOnly };

/// What the statements since the last takeChanges() have touched; filled by the repositories.
struct Changes {
  bool cohort = false;  // patients, stacks, masks, split, refusals
  bool runs = false;
  bool predictions = false;
  bool reviews = false;
  std::set<std::string> labels;  // stacks whose labels changed

  void add(Changes&& other);
  [[nodiscard]] bool empty() const {
    return !cohort && !runs && !predictions && !reviews && labels.empty();
  }
};

struct Connection;  // database/connection.h, for the repositories alone

/// Thread: a connection belongs to one thread at a time. Any number of them may be open on one
/// file, in several processes: readers never wait, writers queue (busy_timeout 5 s, then Busy).
class Database {
 public:
  /// Opens an existing file; never migrates. WAL, foreign_keys, synchronous=FULL and busy_timeout
  /// are set and read back. ReadOnly works on a read-only disk too. NotFound, Corrupt (not a
  /// database), ReadOnly, Busy.
  static Result<Database> open(const std::filesystem::path& file, Mode mode);
  /// Makes an empty file of mode 0600 (SQLite gives its -wal and -shm the same mode) and opens it.
  /// Conflict when it exists.
  static Result<Database> create(const std::filesystem::path& file);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  [[nodiscard]] const std::filesystem::path& file() const;
  [[nodiscard]] Mode mode() const;
  /// PRAGMA user_version: the number of the last migration.
  Result<int> schemaVersion();
  /// Changes whenever another connection has committed (PRAGMA data_version).
  Result<std::int64_t> dataVersion();

  /// BEGIN IMMEDIATE, `body`, COMMIT; an Error of `body` rolls everything back. Within another
  /// transaction of this connection it becomes a savepoint.
  Result<void> transaction(const std::function<Result<void>()>& body);
  Changes takeChanges();

  /// What PRAGMA integrity_check (or quick_check) and foreign_key_check find; empty when sound.
  Result<std::vector<std::string>> findFaults(bool quick);

  /// A copy by the backup API, checked (quick_check) and synced before it gets its name. The copy
  /// has mode 0600 and needs no -wal file. `stopped` is asked in this thread after every few
  /// megabytes: Cancelled once it says yes. The copy is of one moment, whatever is written meanwhile.
  Result<void> copyTo(const std::filesystem::path& file,
                      const std::function<bool()>& stopped = {});

  [[nodiscard]] Connection& connection() { return *connection_; }

 private:
  explicit Database(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace gadolin::db
