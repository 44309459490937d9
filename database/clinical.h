#pragma once
// Facts of patients from tables: columns with a unit, and one value a patient and column.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::db {

struct ClinicalColumnRecord {
  std::string name;  // without the unit
  std::string unit;
  std::string kind;  // "number", "category", "text", "date"
};

struct ClinicalValueRecord {
  std::string patient;
  std::string column;
  std::string value;
  std::optional<double> number;  // where the value is one
};

/// In the order in which they came.
Result<std::vector<ClinicalColumnRecord>> clinicalColumns(Database& database);
/// Sorted by patient, then by the order of the columns.
Result<std::vector<ClinicalValueRecord>> clinicalValues(Database& database);

/// One transaction: adds the columns that are new and writes the values over those that were there.
/// A column whose kind is another one now becomes a category. Returns how many values are new or
/// changed. NotFound: an unknown patient. Conflict: a column that the project has with another
/// unit.
Result<int> setClinicalValues(Database& database, const std::vector<ClinicalColumnRecord>& columns,
                              const std::vector<ClinicalValueRecord>& values,
                              std::string_view source);

/// Removes the column with its values. NotFound: no such column.
Result<void> removeClinicalColumn(Database& database, std::string_view name);

}  // namespace gadolin::db
