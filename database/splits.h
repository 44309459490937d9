#pragma once
// Which part of the cohort a patient belongs to. Patients are split, never slices.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

struct SplitRecord {
  std::string patient;
  dataset::Part part = dataset::Part::None;
  std::optional<int> fold;  // 1-based, of a cross-validation; absent for the test patients
};

/// Replaces the whole split in one transaction; patients that are not named belong to no part.
/// NotFound: an unknown patient, named.
Result<void> replaceSplit(Database& database, const std::vector<SplitRecord>& split);
/// Moves one patient; the fold is forgotten. Part::None takes the patient out of every part.
Result<void> setPart(Database& database, std::string_view patient, dataset::Part part);
/// Sorted by patient; patients of no part are absent.
Result<std::vector<SplitRecord>> split(Database& database);

}  // namespace gadolin::db
