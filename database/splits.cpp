#include "database/splits.h"

#include "database/connection.h"

namespace gadolin::db {
namespace {

Result<void> insertPart(Database& database, const SplitRecord& record) {
  {
    Query known(database, "SELECT 1 FROM patient WHERE name = ?", record.patient);
    if (!known.next()) {
      return Error{ErrorCode::NotFound,
                   "There is no patient '" + record.patient + "' in this project."};
    }
  }
  if (record.part == dataset::Part::None) return {};
  Query(database, "INSERT INTO split VALUES (?, ?, ?)", record.patient, toText(record.part),
        record.fold)
      .run();
  return {};
}

}  // namespace

Result<void> replaceSplit(Database& database, const std::vector<SplitRecord>& split) {
  return database.transaction([&] {
    return guarded(database, "store the split", [&]() -> Result<void> {
      Query(database, "DELETE FROM split").run();
      for (const SplitRecord& record : split) GADOLIN_CHECK(insertPart(database, record));
      database.connection().changes.cohort = true;
      return {};
    });
  });
}

Result<void> setPart(Database& database, std::string_view patient, dataset::Part part) {
  return database.transaction([&] {
    return guarded(database, "store the split", [&]() -> Result<void> {
      Query(database, "DELETE FROM split WHERE patient = ?", patient).run();
      GADOLIN_CHECK(insertPart(database, {std::string(patient), part, std::nullopt}));
      database.connection().changes.cohort = true;
      return {};
    });
  });
}

Result<std::vector<SplitRecord>> split(Database& database) {
  return guarded(database, "read the split", [&]() -> Result<std::vector<SplitRecord>> {
    std::vector<SplitRecord> records;
    Query query(database, "SELECT patient, part, fold FROM split ORDER BY patient");
    while (query.next()) {
      SplitRecord record{query.text(0),
                         dataset::partFromText(query.text(1)).value_or(dataset::Part::None),
                         std::nullopt};
      if (!query.isNull(2)) record.fold = query.number(2);
      records.push_back(std::move(record));
    }
    return records;
  });
}

}  // namespace gadolin::db
