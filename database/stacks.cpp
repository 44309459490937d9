#include "database/stacks.h"

#include <algorithm>

#include "core/base/id.h"
#include "core/base/time.h"
#include "database/stack_row.h"

namespace gadolin::db {
namespace {

std::string joinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (std::string line : lines) {
    std::ranges::replace(line, '\n', ' ');
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

std::vector<std::string> splitLines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

Result<std::vector<StackRecord>> collectStacks(Query& query) {
  std::vector<StackRecord> stacks;
  while (query.next()) stacks.push_back(stackFromRow(query));
  return stacks;
}

}  // namespace

StackRecord stackFromRow(const Query& query) {
  StackRecord stack;
  stack.id = query.text(0);
  stack.patient = query.text(1);
  stack.kind = imageKindFromText(query.text(2));
  stack.size = {query.number(3), query.number(4), query.number(5)};
  stack.spacing_mm = {query.real(6), query.real(7), query.real(8)};
  stack.apex_first = query.number(9) != 0;
  stack.content_hash = query.text(10);
  stack.description = query.text(11);
  stack.imported_utc = query.text(12);
  stack.notes = splitLines(query.text(13));
  return stack;
}

int sliceCount(Database& database, std::string_view stack) {
  Query query(database, "SELECT slices FROM stack WHERE id = ?", stack);
  return query.next() ? query.number(0) : 0;
}

Error noSuchStack(std::string_view id) {
  return {ErrorCode::NotFound, "There is no stack '" + std::string(id) + "' in this project."};
}

Result<void> addStack(Database& database, const StackRecord& stack) {
  if (!isSafeName(stack.id) || stack.patient.empty()) {
    return Error{ErrorCode::InvalidInput, "'" + stack.id + "' of patient '" + stack.patient +
                                              "' is no name for a stack: letters, digits, '.', "
                                              "'_' and '-' are allowed."};
  }
  return database.transaction([&] {
    return guarded(database, "add stack " + stack.id, [&]() -> Result<void> {
      if (sliceCount(database, stack.id) > 0) {
        return Error{ErrorCode::Conflict, "There is a stack '" + stack.id + "' already."};
      }
      {
        Query same(database, "SELECT id FROM stack WHERE content_hash = ? AND patient = ?",
                   stack.content_hash, stack.patient);
        if (same.next()) {
          return Error{ErrorCode::Conflict, "Patient " + stack.patient +
                                                " has these images already, as stack " +
                                                same.text(0) + "."};
        }
      }
      const std::string now = utcNow();
      Query(database, "INSERT INTO patient VALUES (?, ?) ON CONFLICT DO NOTHING", stack.patient,
            now)
          .run();
      Query(database, "INSERT INTO stack VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            stack.id, stack.patient, toText(stack.kind), stack.size[0], stack.size[1],
            stack.size[2], stack.spacing_mm[0], stack.spacing_mm[1], stack.spacing_mm[2],
            stack.apex_first, stack.content_hash, stack.description,
            stack.imported_utc.empty() ? now : stack.imported_utc, joinLines(stack.notes))
          .run();
      Query(database, "INSERT INTO stack_summary (stack) VALUES (?)", stack.id).run();
      database.connection().changes.cohort = true;
      return {};
    });
  });
}

Result<StackRecord> stackById(Database& database, std::string_view id) {
  return guarded(database, "read the stacks", [&]() -> Result<StackRecord> {
    Query query(database, "SELECT " GADOLIN_STACK_COLUMNS " FROM stack s WHERE s.id = ?", id);
    if (!query.next()) return noSuchStack(id);
    return stackFromRow(query);
  });
}

Result<std::vector<StackRecord>> stacksOfPatient(Database& database, std::string_view patient,
                                                 Which which) {
  if (patient.empty()) return allStacks(database, which);
  return guarded(database, "read the stacks", [&] {
    Query query(database,
                which == Which::All
                    ? "SELECT " GADOLIN_STACK_COLUMNS " FROM stack s WHERE s.patient = ? ORDER BY s.id"
                    : "SELECT " GADOLIN_STACK_COLUMNS
                      " FROM stack_in_use s WHERE s.patient = ? ORDER BY s.id",
                patient);
    return collectStacks(query);
  });
}

Result<std::vector<StackRecord>> allStacks(Database& database, Which which) {
  return guarded(database, "read the stacks", [&] {
    Query query(database, which == Which::All
                              ? "SELECT " GADOLIN_STACK_COLUMNS " FROM stack s ORDER BY s.id"
                              : "SELECT " GADOLIN_STACK_COLUMNS " FROM stack_in_use s ORDER BY s.id");
    return collectStacks(query);
  });
}

Result<std::vector<StackRecord>> stacksByContent(Database& database,
                                                 std::string_view content_hash) {
  return guarded(database, "read the stacks", [&] {
    Query query(database,
                "SELECT " GADOLIN_STACK_COLUMNS
                " FROM stack s WHERE s.content_hash = ? ORDER BY s.id",
                content_hash);
    return collectStacks(query);
  });
}

Result<void> setContentHash(Database& database, std::string_view stack,
                            std::string_view content_hash) {
  return guarded(database, "write stack " + std::string(stack), [&]() -> Result<void> {
    if (sliceCount(database, stack) == 0) return noSuchStack(stack);
    Query(database, "UPDATE stack SET content_hash = ? WHERE id = ?", content_hash, stack).run();
    return {};
  });
}

Result<std::vector<std::string>> patients(Database& database) {
  return guarded(database, "read the patients", [&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> names;
    Query query(database, "SELECT DISTINCT patient FROM stack_in_use ORDER BY patient");
    while (query.next()) names.push_back(query.text(0));
    return names;
  });
}

}  // namespace gadolin::db
