#include "database/journal.h"

#include "core/base/time.h"
#include "database/connection.h"

namespace gadolin::db {

Result<void> addRefusal(Database& database, const RefusalRecord& refusal) {
  return guarded(database, "note a refused file", [&]() -> Result<void> {
    Query(database,
          "INSERT INTO refusal VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET path = "
          "excluded.path, reason = excluded.reason, code = excluded.code, at_utc = excluded.at_utc",
          refusal.place.empty() ? refusal.path : refusal.place, refusal.path, refusal.reason,
          refusal.code, refusal.at_utc.empty() ? utcNow() : refusal.at_utc)
        .run();
    database.connection().changes.cohort = true;
    return {};
  });
}

Result<void> removeRefusal(Database& database, std::string_view place) {
  return guarded(database, "forget a refused file", [&]() -> Result<void> {
    if (Query(database, "DELETE FROM refusal WHERE place = ?", place).run() > 0) {
      database.connection().changes.cohort = true;
    }
    return {};
  });
}

Result<std::vector<RefusalRecord>> refusals(Database& database) {
  return guarded(database, "read the refused files", [&]() -> Result<std::vector<RefusalRecord>> {
    std::vector<RefusalRecord> all;
    Query query(database,
                "SELECT path, reason, code, at_utc, place FROM refusal ORDER BY path, place");
    while (query.next()) {
      all.push_back({query.text(0), query.text(1), query.text(2), query.text(3), query.text(4)});
    }
    return all;
  });
}

Result<std::optional<std::string>> setting(Database& database, std::string_view key) {
  return guarded(database, "read a setting", [&]() -> Result<std::optional<std::string>> {
    std::optional<std::string> value;
    Query query(database, "SELECT value FROM setting WHERE key = ?", key);
    if (query.next()) value = query.text(0);
    return value;
  });
}

Result<std::vector<std::pair<std::string, std::string>>> settingsBelow(Database& database,
                                                                        std::string_view prefix) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  return guarded(database, "read settings", [&]() -> Result<Pairs> {
    Pairs pairs;
    Query query(database,
                "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key",
                prefix);
    while (query.next()) pairs.emplace_back(query.text(0), query.text(1));
    return pairs;
  });
}

Result<void> setSetting(Database& database, std::string_view key, std::string_view value) {
  return guarded(database, "store a setting", [&]() -> Result<void> {
    Query(database,
          "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key,
          value)
        .run();
    return {};
  });
}

Result<void> addAudit(Database& database, std::string_view who, std::string_view action,
                      std::string_view detail) {
  return guarded(database, "write the audit trail", [&]() -> Result<void> {
    Query(database, "INSERT INTO audit (at_utc, who, action, detail) VALUES (?, ?, ?, ?)", utcNow(),
          who, action, detail)
        .run();
    return {};
  });
}

Result<std::vector<AuditRecord>> audit(Database& database, int at_most) {
  return guarded(database, "read the audit trail", [&]() -> Result<std::vector<AuditRecord>> {
    std::vector<AuditRecord> all;
    Query query(database,
                "SELECT id, at_utc, who, action, detail FROM audit ORDER BY id DESC LIMIT ?",
                at_most);
    while (query.next()) {
      all.push_back({query.big(0), query.text(1), query.text(2), query.text(3), query.text(4)});
    }
    return all;
  });
}

}  // namespace gadolin::db
