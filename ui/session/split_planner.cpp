#include "ui/session/split_planner.h"

#include <algorithm>
#include <set>

#include "database/journal.h"
#include "database/splits.h"
#include "database/stacks.h"

namespace gadolin::session {
namespace {

Result<SplitSummary> store(db::Database& database, const std::vector<dataset::SplitEntry>& entries,
                           int patients, int folds, const std::string& how) {
  SplitSummary summary;
  summary.folds = folds;
  summary.without_part = patients - static_cast<int>(entries.size());
  std::vector<db::SplitRecord> records;
  for (const auto& entry : entries) {
    if (entry.part == dataset::Part::Train) ++summary.train;
    if (entry.part == dataset::Part::Validation) ++summary.validation;
    if (entry.part == dataset::Part::Test) ++summary.test;
    records.push_back(
        {entry.patient, entry.part, entry.fold > 0 ? std::optional(entry.fold) : std::nullopt});
  }
  auto written = database.transaction([&]() -> Result<void> {
    GADOLIN_CHECK(db::replaceSplit(database, records));
    return db::addAudit(database, "gadolin", "split",
                        how + ": " + std::to_string(summary.train) + " train, " +
                            std::to_string(summary.validation) + " validation, " +
                            std::to_string(summary.test) + " test.");
  });
  if (!written) return written.error();
  return summary;
}

/// "a, b, c and 4 more"
std::string listOf(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i) {
    if (i > 0) text += ", ";
    text += names[i];
  }
  if (names.size() > shown) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

}  // namespace

Result<std::vector<dataset::SplitPatient>> splitPatients(db::Database& database) {
  GADOLIN_TRY(const auto rows, db::cohortRows(database));
  std::map<std::string, std::string> strata;
  for (const db::CohortRow& row : rows) {
    const bool positive = row.stack_label == SliceLabel::Fibrosis;
    const std::string label = positive                              ? "fibrosis"
                              : row.stack_label == SliceLabel::None ? "none"
                                                                    : "unlabelled";
    auto [found, fresh] = strata.emplace(row.stack.patient, label);
    if (fresh || found->second == "fibrosis") continue;
    if (positive) {
      found->second = label;
    } else if (label != found->second) {
      found->second = "unlabelled";
    }
  }
  std::vector<dataset::SplitPatient> patients;
  for (const auto& [patient, stratum] : strata) patients.push_back({patient, stratum});
  return patients;
}

Result<SplitSummary> makeSplit(db::Database& database, const dataset::SplitPlan& plan) {
  GADOLIN_TRY(const auto patients, splitPatients(database));
  GADOLIN_TRY(const auto entries, dataset::planSplit(patients, plan));
  return store(database, entries, static_cast<int>(patients.size()), plan.folds,
               "Seed " + std::to_string(plan.seed));
}

Result<SplitSummary> importSplit(db::Database& database, std::string_view table,
                                 std::string_view name) {
  auto entries = dataset::parseSplitTable(table);
  if (!entries) return entries.error().within(name);
  GADOLIN_TRY(const auto patients, db::patients(database));
  const std::set<std::string> known(patients.begin(), patients.end());
  std::vector<std::string> unknown;
  for (const auto& entry : *entries) {
    if (!known.contains(entry.patient)) unknown.push_back(entry.patient);
  }
  if (!unknown.empty()) {
    return Error{ErrorCode::InvalidInput,
                 std::string(name) + ": the project has no patient " + listOf(unknown) +
                     ". Import them first, or take them out of the table; the split is as it was."};
  }
  return store(database, *entries, static_cast<int>(patients.size()), 0,
               "From " + std::string(name));
}

}  // namespace gadolin::session
