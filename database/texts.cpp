#include "database/texts.h"

#include <utility>
#include <vector>

#include "database/connection.h"

namespace gadolin::db {

Result<void> forEachText(
    Database& database,
    const std::function<void(const std::string&, const std::string&, const std::string&)>& look) {
  return guarded(database, "read the texts", [&]() -> Result<void> {
    std::vector<std::pair<std::string, std::string>> columns;
    {
      Query query(database,
                  "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c "
                  "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.type = 'TEXT'");
      while (query.next()) columns.emplace_back(query.text(0), query.text(1));
    }
    for (const auto& [table, column] : columns) {
      // The names come from the schema, not from anybody's input.
      const std::string sql = "SELECT \"" + column + "\" FROM \"" + table + "\" WHERE \"" + column + "\" <> ''";
      SQLite::Statement statement(database.connection().sqlite, sql);
      while (statement.executeStep()) look(table, column, statement.getColumn(0).getString());
    }
    return {};
  });
}

}  // namespace gadolin::db
