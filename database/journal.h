#pragma once
// Small tables: refused files, settings of the project, the audit trail.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

/// Notes a refused file; a later refusal at the same place replaces the earlier.
Result<void> addRefusal(Database& database, const RefusalRecord& refusal);
/// Forgets the refusal of a file that has been imported since, by RefusalRecord::place.
Result<void> removeRefusal(Database& database, std::string_view place);
/// Sorted by path.
Result<std::vector<RefusalRecord>> refusals(Database& database);

Result<std::optional<std::string>> setting(Database& database, std::string_view key);
/// Keys that begin with `prefix`, with their values, sorted by key.
Result<std::vector<std::pair<std::string, std::string>>> settingsBelow(Database& database,
                                                                        std::string_view prefix);
Result<void> setSetting(Database& database, std::string_view key, std::string_view value);

struct AuditRecord {
  std::int64_t id = 0;
  std::string at_utc;
  std::string who;     // name of the account or reader
  std::string action;  // one word: "import", "split", "labels-import", "export", ...
  std::string detail;  // a sentence
};
/// Appends a line; nothing removes it.
Result<void> addAudit(Database& database, std::string_view who, std::string_view action,
                      std::string_view detail);
/// Newest first.
Result<std::vector<AuditRecord>> audit(Database& database, int at_most = 1000);

}  // namespace gadolin::db
