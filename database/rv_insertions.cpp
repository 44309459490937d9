#include "database/rv_insertions.h"

#include <cmath>

#include "core/base/time.h"
#include "database/stack_row.h"
#include "database/summary.h"

namespace gadolin::db {
namespace {

constexpr std::string_view nameOf(InsertionKind kind) {
  return kind == InsertionKind::Anterior ? "anterior" : "inferior";
}

}  // namespace

Result<void> addInsertion(Database& database, const InsertionRecord& insertion) {
  if (insertion.reader.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "A place needs the name of its reader. Set the reader's name first."};
  }
  if (insertion.place &&
      (!std::isfinite((*insertion.place)[0]) || !std::isfinite((*insertion.place)[1]))) {
    return Error{ErrorCode::InvalidInput, "The place of an insertion is not a number."};
  }
  return database.transaction([&] {
    return guarded(
        database, "store an insertion of stack " + insertion.stack, [&]() -> Result<void> {
          const int slices = sliceCount(database, insertion.stack);
          if (slices == 0) return noSuchStack(insertion.stack);
          if (insertion.slice < 0 || insertion.slice >= slices) {
            return Error{ErrorCode::NotFound, "Stack " + insertion.stack + " has no slice " +
                                                  std::to_string(insertion.slice + 1) + "."};
          }
          std::optional<double> column, row;
          if (insertion.place) {
            column = (*insertion.place)[0];
            row = (*insertion.place)[1];
          }
          Query(database,
                "INSERT INTO rv_insertion (stack, slice, kind, column_px, row_px, reader, at_utc) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                insertion.stack, insertion.slice, nameOf(insertion.kind), column, row,
                insertion.reader, insertion.at_utc.empty() ? utcNow() : insertion.at_utc)
              .run();
          database.connection().changes.cohort = true;  // figures of the stack are others
          return {};
        });
  });
}

Result<std::vector<InsertionRecord>> insertionsOfStack(Database& database, std::string_view stack) {
  using Records = std::vector<InsertionRecord>;
  return guarded(database, "read the insertions of stack " + std::string(stack),
                 [&]() -> Result<Records> {
                   Records records;
                   // With max() in the select list SQLite takes the other columns from the row of
                   // the maximum.
                   Query query(database,
                               "SELECT slice, kind, column_px, row_px, reader, at_utc, max(id) "
                               "FROM rv_insertion WHERE stack = ? GROUP BY slice, kind "
                               "ORDER BY slice, kind",
                               stack);
                   while (query.next()) {
                     if (query.isNull(2)) continue;
                     InsertionRecord record;
                     record.stack = std::string(stack);
                     record.slice = query.number(0);
                     record.kind = query.text(1) == nameOf(InsertionKind::Anterior)
                                       ? InsertionKind::Anterior
                                       : InsertionKind::Inferior;
                     record.place = std::array{query.real(2), query.real(3)};
                     record.reader = query.text(4);
                     record.at_utc = query.text(5);
                     records.push_back(std::move(record));
                   }
                   return records;
                 });
}

}  // namespace gadolin::db
