#pragma once
// For the .cpp files of this folder alone: the SQLite connection with its prepared statements, and
// the one place where SQLite's exceptions become errors.

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::db {

struct Connection {
  Connection(const std::string& name, int flags, std::filesystem::path path, Mode open_mode)
      : sqlite(name, flags), file(std::move(path)), mode(open_mode) {}

  SQLite::Database sqlite;
  std::filesystem::path file;
  Mode mode;
  int depth = 0;  // of transactions and savepoints
  Changes changes;
  // Statements that are not in use, by their text. Declared after `sqlite`: they go first.
  std::unordered_map<std::string, std::vector<std::unique_ptr<SQLite::Statement>>> statements;
};

/// What SQLite says, as a sentence with the file's name and what to do.
Error sqliteError(const SQLite::Exception& exception, const std::filesystem::path& file,
                  std::string_view doing);

/// Runs `body`, which returns a Result, and turns SQLite's exceptions into errors. `doing` is a
/// verb phrase such as "read the labels".
template <typename Body>
auto guarded(Database& database, std::string_view doing, Body&& body)
    -> std::invoke_result_t<Body> {
  try {
    return std::forward<Body>(body)();
  } catch (const SQLite::Exception& exception) {
    return sqliteError(exception, database.connection().file, doing);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory,
                 "There is not enough memory to " + std::string(doing) + "."};
  }
}

/// Bytes for a BLOB column; they outlive the query that they are bound to.
struct Blob {
  const std::string& bytes;
};

/// A prepared statement, borrowed from the connection while the object lives, with its parameters
/// bound in order. Throws SQLite::Exception: use within guarded().
class Query {
 public:
  template <typename... Values>
  Query(Database& database, const char* sql, const Values&... values)
      : connection_(database.connection()), sql_(sql) {
    auto& idle = connection_.statements[sql_];
    if (idle.empty()) {
      statement_ = std::make_unique<SQLite::Statement>(connection_.sqlite, sql_);
    } else {
      statement_ = std::move(idle.back());
      idle.pop_back();
    }
    int index = 0;
    (bindOne(++index, values), ...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() {
    statement_->tryReset();
    try {
      statement_->clearBindings();
      connection_.statements[sql_].push_back(std::move(statement_));
    } catch (...) {  // the statement is simply not kept
    }
  }

  bool next() { return statement_->executeStep(); }
  /// For statements without rows; returns how many rows they changed.
  int run() { return statement_->exec(); }

  [[nodiscard]] std::string text(int column) const {
    return statement_->getColumn(column).getString();
  }
  [[nodiscard]] int number(int column) const { return statement_->getColumn(column).getInt(); }
  [[nodiscard]] std::int64_t big(int column) const {
    return statement_->getColumn(column).getInt64();
  }
  [[nodiscard]] double real(int column) const { return statement_->getColumn(column).getDouble(); }
  [[nodiscard]] bool isNull(int column) const { return statement_->getColumn(column).isNull(); }

 private:
  void bindOne(int index, std::string_view value) { statement_->bind(index, std::string(value)); }
  void bindOne(int index, const std::string& value) { statement_->bind(index, value); }
  void bindOne(int index, const char* value) { statement_->bind(index, value); }
  void bindOne(int index, const Blob& value) {
    statement_->bind(index, value.bytes.data(), static_cast<int>(value.bytes.size()));
  }
  void bindOne(int index, double value) { statement_->bind(index, value); }
  void bindOne(int index, bool value) { statement_->bind(index, value ? 1 : 0); }
  void bindOne(int index, int value) { statement_->bind(index, value); }
  void bindOne(int index, std::int64_t value) { statement_->bind(index, value); }
  template <typename T>
  void bindOne(int index, const std::optional<T>& value) {
    if (value) {
      bindOne(index, *value);
    } else {
      statement_->bind(index);
    }
  }

  Connection& connection_;
  std::string sql_;
  std::unique_ptr<SQLite::Statement> statement_;
};

}  // namespace gadolin::db
