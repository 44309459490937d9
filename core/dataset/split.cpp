#include "core/dataset/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/csv.h"
#include "core/base/random.h"

namespace gadolin::dataset {
namespace {

Error tooFew(std::size_t patients, std::string_view part) {
  return {ErrorCode::InvalidInput,
          "With " + std::to_string(patients) + (patients == 1 ? " patient" : " patients") +
              " the " + std::string(part) +
              " part would be empty. Import more patients, or ask for fewer or other parts."};
}

Result<void> checkPlan(const SplitPlan& plan) {
  const auto share = [](double value) { return value >= 0 && value <= 0.9; };
  if (!share(plan.test) || !share(plan.validation)) {
    return Error{ErrorCode::InvalidInput,
                 "A part's share is a number from 0 to 0.9 (0.2 = one patient in five)."};
  }
  if (plan.folds == 0 && plan.test + plan.validation >= 1) {
    return Error{ErrorCode::InvalidInput,
                 "Test and validation together leave nothing to train on."};
  }
  if (plan.folds != 0 && (plan.folds < 2 || plan.folds > 20)) {
    return Error{ErrorCode::InvalidInput, "The number of folds is 2 to 20 (0 for none)."};
  }
  if (plan.folds != 0 && (plan.fold < 1 || plan.fold > plan.folds)) {
    return Error{ErrorCode::InvalidInput,
                 "The fold to validate on is 1 to " + std::to_string(plan.folds) + "."};
  }
  return {};
}

/// How many of `count` a share stands for; a share above zero means at least one.
std::size_t wanted(double share, std::size_t count) {
  if (share <= 0) return 0;
  return std::max<std::size_t>(
      1, static_cast<std::size_t>(std::llround(share * static_cast<double>(count))));
}

}  // namespace

std::vector<std::string> spreadPatients(std::vector<SplitPatient> patients, std::uint64_t seed) {
  // The order of the input must not matter; the seed alone decides.
  std::ranges::sort(patients, {}, &SplitPatient::patient);
  Random random(seed);
  std::map<std::string, std::vector<std::string>> strata;
  for (const auto& patient : patients) strata[patient.stratum].push_back(patient.patient);
  // Patient k of a stratum of n gets
  // the place (k + u) / n, with one u a stratum. Any run of it then holds the strata in their
  // shares.
  struct Place {
    double where;
    std::string patient;
  };
  std::vector<Place> row;
  for (auto& [stratum, names] : strata) {
    random.shuffle(names);
    const double offset = random.uniform();
    for (std::size_t k = 0; k < names.size(); ++k) {
      row.push_back(
          {(static_cast<double>(k) + offset) / static_cast<double>(names.size()), names[k]});
    }
  }
  std::ranges::sort(row, [](const Place& a, const Place& b) {
    return a.where != b.where ? a.where < b.where : a.patient < b.patient;
  });
  std::vector<std::string> names;
  for (Place& place : row) names.push_back(std::move(place.patient));
  return names;
}

Result<std::vector<SplitEntry>> planSplit(std::vector<SplitPatient> patients,
                                          const SplitPlan& plan) {
  GADOLIN_CHECK(checkPlan(plan));
  if (patients.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "There are no patients to split. Import some with 'gadolinctl import'."};
  }
  const auto row = spreadPatients(std::move(patients), plan.seed);
  const std::size_t count = row.size();
  const std::size_t test = wanted(plan.test, count);
  const std::size_t validation = plan.folds > 0 ? 0 : wanted(plan.validation, count);
  if (test + validation >= count) return tooFew(count, "training");
  const std::size_t rest = count - test;
  if (plan.folds > 0 && rest < static_cast<std::size_t>(plan.folds)) {
    return Error{ErrorCode::InvalidInput,
                 std::to_string(rest) + " patients outside the test part cannot fill " +
                     std::to_string(plan.folds) + " folds. Ask for fewer folds."};
  }
  std::vector<SplitEntry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    SplitEntry entry{row[i], Part::Train, 0};
    if (i < test) {
      entry.part = Part::Test;
    } else if (plan.folds > 0) {
      entry.fold = static_cast<int>((i - test) % static_cast<std::size_t>(plan.folds)) + 1;
      if (entry.fold == plan.fold) entry.part = Part::Validation;
    } else if (i < test + validation) {
      entry.part = Part::Validation;
    }
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &SplitEntry::patient);
  return entries;
}

Result<std::vector<SplitEntry>> parseSplitTable(std::string_view text) {
  GADOLIN_TRY(const CsvTable table, parseCsv(text));
  const int patient = table.column("patient");
  const int split = table.column("split");
  if (patient < 0 || split < 0) {
    return Error{ErrorCode::InvalidInput,
                 "The table needs the columns 'patient' and 'split' (train, val, test)."};
  }
  std::vector<SplitEntry> entries;
  std::set<std::string> seen;
  std::set<Part> parts;
  for (const CsvRow& row : table.rows) {
    const std::string& name = row.fields[static_cast<std::size_t>(patient)];
    const std::string& word = row.fields[static_cast<std::size_t>(split)];
    const std::string line = "Line " + std::to_string(row.line) + ": ";
    const auto part = word == "validation" ? Part::Validation : partFromText(word);
    if (!part || *part == Part::None) {
      return Error{ErrorCode::InvalidInput,
                   line + "'" + word + "' is no part of a split (train, val, test)."};
    }
    if (name.empty()) return Error{ErrorCode::InvalidInput, line + "the patient is missing."};
    if (!seen.insert(name).second) {
      return Error{ErrorCode::InvalidInput, line + "patient " + name + " is named twice."};
    }
    parts.insert(*part);
    entries.push_back({name, *part, 0});
  }
  if (!parts.contains(Part::Train) || !parts.contains(Part::Test)) {
    return Error{ErrorCode::InvalidInput, std::string("The table names nobody for the ") +
                                              (parts.contains(Part::Train) ? "test" : "training") +
                                              " part."};
  }
  std::ranges::sort(entries, {}, &SplitEntry::patient);
  return entries;
}

}  // namespace gadolin::dataset
