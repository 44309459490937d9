#include "tests/database/raw_sql.h"

#include <sqlite3.h>

namespace gadolin::db::test {

bool execute(const std::filesystem::path& file, const char* sql) {
  sqlite3* handle = nullptr;
  const bool done = sqlite3_open(file.c_str(), &handle) == SQLITE_OK &&
                    sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  sqlite3_close(handle);
  return done;
}

}  // namespace gadolin::db::test
