#include "database/clinical.h"

#include "core/base/time.h"
#include "database/connection.h"

namespace gadolin::db {
namespace {

Result<void> addColumn(Database& database, const ClinicalColumnRecord& column) {
  std::optional<std::pair<std::string, std::string>> known;  // unit, kind
  {
    Query query(database, "SELECT unit, kind FROM clinical_column WHERE name = ?", column.name);
    if (query.next()) known.emplace(query.text(0), query.text(1));
  }
  if (!known) {
    Query(database,
          "INSERT INTO clinical_column SELECT ?, ?, ?, coalesce(max(place), 0) + 1 FROM "
          "clinical_column",
          column.name, column.unit, column.kind)
        .run();
    database.connection().changes.cohort = true;
    return {};
  }
  if (known->first != column.unit) {
    const auto unit = [](const std::string& text) {
      return text.empty() ? "without a unit" : "in " + text;
    };
    return Error{ErrorCode::Conflict, "Column '" + column.name + "' is " + unit(known->first) +
                                          " in the project and " + unit(column.unit) +
                                          " in the table. Give it another name, or leave it out."};
  }
  if (known->second != column.kind && known->second != "category") {
    Query(database, "UPDATE clinical_column SET kind = 'category' WHERE name = ?", column.name)
        .run();
    database.connection().changes.cohort = true;
  }
  return {};
}

}  // namespace

Result<std::vector<ClinicalColumnRecord>> clinicalColumns(Database& database) {
  return guarded(
      database, "read the clinical columns", [&]() -> Result<std::vector<ClinicalColumnRecord>> {
        std::vector<ClinicalColumnRecord> columns;
        Query query(database, "SELECT name, unit, kind FROM clinical_column ORDER BY place");
        while (query.next()) columns.push_back({query.text(0), query.text(1), query.text(2)});
        return columns;
      });
}

Result<std::vector<ClinicalValueRecord>> clinicalValues(Database& database) {
  return guarded(
      database, "read the clinical values", [&]() -> Result<std::vector<ClinicalValueRecord>> {
        std::vector<ClinicalValueRecord> values;
        Query query(database,
                    "SELECT v.patient, v.name, v.value, v.number FROM clinical_value v "
                    "JOIN clinical_column c ON c.name = v.name ORDER BY v.patient, c.place");
        while (query.next()) {
          values.push_back({query.text(0), query.text(1), query.text(2), {}});
          if (!query.isNull(3)) values.back().number = query.real(3);
        }
        return values;
      });
}

Result<int> setClinicalValues(Database& database, const std::vector<ClinicalColumnRecord>& columns,
                              const std::vector<ClinicalValueRecord>& values,
                              std::string_view source) {
  int changed = 0;
  auto written = database.transaction([&] {
    return guarded(database, "store the clinical values", [&]() -> Result<void> {
      for (const auto& column : columns) GADOLIN_CHECK(addColumn(database, column));
      const std::string now = utcNow();
      for (const auto& value : values) {
        {
          Query patient(database, "SELECT 1 FROM patient WHERE name = ?", value.patient);
          if (!patient.next()) {
            return Error{ErrorCode::NotFound,
                         "There is no patient '" + value.patient + "' in this project."};
          }
        }
        changed +=
            Query(database,
                  "INSERT INTO clinical_value VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                  "value = excluded.value, number = excluded.number, source = excluded.source, "
                  "at_utc = excluded.at_utc WHERE value <> excluded.value "
                  "OR number IS NOT excluded.number",
                  value.patient, value.column, value.value, value.number, source, now)
                .run();
      }
      if (changed > 0) database.connection().changes.cohort = true;
      return {};
    });
  });
  if (!written) return written.error();
  return changed;
}

Result<void> removeClinicalColumn(Database& database, std::string_view name) {
  return database.transaction([&] {
    return guarded(database, "remove a clinical column", [&]() -> Result<void> {
      if (Query(database, "DELETE FROM clinical_column WHERE name = ?", name).run() == 0) {
        return Error{ErrorCode::NotFound,
                     "There is no clinical column '" + std::string(name) + "' in this project."};
      }
      database.connection().changes.cohort = true;
      return {};
    });
  });
}

}  // namespace gadolin::db
