#include "database/set_aside.h"

#include "core/base/time.h"
#include "database/journal.h"
#include "database/stack_row.h"

namespace gadolin::db {
namespace {

/// Runs `change` for every stack and notes it, in one transaction.
template <typename Change>
Result<void> changeEach(Database& database, const std::vector<std::string>& stacks,
                        std::string_view doing, std::string_view who, const std::string& what,
                        const Change& change) {
  if (stacks.empty()) return {};
  return database.transaction([&] {
    return guarded(database, doing, [&]() -> Result<void> {
      std::string names;
      for (const auto& stack : stacks) {
        if (sliceCount(database, stack) == 0) return noSuchStack(stack);
        change(stack);
        names += (names.empty() ? "" : ", ") + stack;
      }
      database.connection().changes.cohort = true;
      return addAudit(database, who, "stacks", names + ": " + what);
    });
  });
}

}  // namespace

Result<void> setAside(Database& database, const std::vector<std::string>& stacks,
                      std::string_view reason, std::string_view who) {
  const std::string now = utcNow();
  return changeEach(
      database, stacks, "set stacks aside", who, "set aside, " + std::string(reason) + ".",
      [&](const std::string& stack) {
        Query(database,
              "INSERT INTO set_aside VALUES (?, ?, ?, ?) ON CONFLICT (stack) DO UPDATE "
              "SET reason = excluded.reason, who = excluded.who, at_utc = excluded.at_utc",
              stack, reason, who, now)
            .run();
      });
}

Result<void> takeBack(Database& database, const std::vector<std::string>& stacks,
                      std::string_view who) {
  return changeEach(database, stacks, "take stacks back", who, "taken back.",
                    [&](const std::string& stack) {
                      Query(database, "DELETE FROM set_aside WHERE stack = ?", stack).run();
                    });
}

Result<std::vector<AsideRecord>> asideStacks(Database& database) {
  return guarded(database, "read the stacks", [&]() -> Result<std::vector<AsideRecord>> {
    std::vector<AsideRecord> all;
    Query query(database,
                "SELECT " GADOLIN_STACK_COLUMNS
                ", a.reason, a.who, a.at_utc FROM set_aside a JOIN stack s ON s.id = a.stack "
                "ORDER BY a.stack");
    while (query.next()) {
      all.push_back({stackFromRow(query), query.text(stack_columns), query.text(stack_columns + 1),
                     query.text(stack_columns + 2)});
    }
    return all;
  });
}

Result<void> setKind(Database& database, const std::vector<std::string>& stacks, ImageKind kind,
                     std::string_view who) {
  return changeEach(
      database, stacks, "say what the image is", who,
      "the image is " + std::string(toText(kind)) + ".", [&](const std::string& stack) {
        Query(database, "UPDATE stack SET kind = ? WHERE id = ?", toText(kind), stack).run();
      });
}

}  // namespace gadolin::db
