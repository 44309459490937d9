#include "core/report/cohort_report.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/csv.h"
#include "core/report/wording.h"

namespace gadolin::report {
namespace {

template <typename Wanted>
PartRow sumWhere(const std::vector<CohortStack>& stacks, std::string name, Wanted wanted) {
  PartRow row;
  row.name = std::move(name);
  std::set<std::string> patients;
  for (const CohortStack& stack : stacks) {
    if (!wanted(stack)) continue;
    patients.insert(stack.patient);
    ++row.stacks;
    row.slices += stack.slices;
    row.labelled_slices += stack.labelled_slices;
    row.positive_slices += stack.positive_slices;
    row.positive_stacks += stack.positive_slices > 0 ? 1 : 0;
    row.references += stack.reference ? 1 : 0;
  }
  row.patients = static_cast<int>(patients.size());
  return row;
}

/// "1.40" or "1.25 to 1.56"
template <typename Value>
std::string range(const std::vector<CohortStack>& stacks, int decimals, Value value) {
  double low = value(stacks.front());
  double high = low;
  for (const CohortStack& stack : stacks) {
    low = std::min(low, value(stack));
    high = std::max(high, value(stack));
  }
  const std::string first = fixed(low, decimals);
  const std::string last = fixed(high, decimals);
  return first == last ? first : first + " to " + last;
}

}  // namespace

std::vector<PartRow> sumParts(const std::vector<CohortStack>& stacks) {
  constexpr std::array<std::pair<const char*, const char*>, 4> names{
      {{"train", "Training"}, {"val", "Validation"}, {"test", "Test"}, {"none", "In no part"}}};
  std::vector<PartRow> rows;
  for (const auto& [part, name] : names) {
    PartRow row = sumWhere(stacks, name, [&](const CohortStack& s) { return s.part == part; });
    if (row.stacks > 0) rows.push_back(std::move(row));
  }
  return rows;
}

PartRow sumAll(const std::vector<CohortStack>& stacks) {
  return sumWhere(stacks, "All", [](const CohortStack&) { return true; });
}

std::vector<Fact> describeData(const std::vector<CohortStack>& stacks) {
  if (stacks.empty()) return {};
  const PartRow all = sumAll(stacks);
  std::map<std::string, int> kinds;
  for (const CohortStack& stack : stacks) {
    ++kinds[stack.kind == "psir" ? "PSIR" : stack.kind == "unknown" ? "not stated" : stack.kind];
  }
  std::string kind_text;
  for (const auto& [kind, count] : kinds) {
    kind_text += (kind_text.empty() ? "" : ", ") + kind + " " + std::to_string(count);
  }
  return {
      {"Cohort", counted(all.patients, "patient", "patients") + ", " +
                     counted(all.stacks, "stack", "stacks") + ", " +
                     counted(all.slices, "slice", "slices")},
      {"Image type", kind_text},
      {"Slices a stack", range(stacks, 0, [](const CohortStack& s) { return double(s.slices); })},
      {"Matrix", range(stacks, 0, [](const CohortStack& s) { return double(s.columns); }) +
                     " \u00d7 " +
                     range(stacks, 0, [](const CohortStack& s) { return double(s.rows); })},
      {"Pixel", range(stacks, 2, [](const CohortStack& s) { return s.spacing_mm[0]; }) +
                    " \u00d7 " +
                    range(stacks, 2, [](const CohortStack& s) { return s.spacing_mm[1]; }) + " mm"},
      {"Slice distance",
       range(stacks, 1, [](const CohortStack& s) { return s.spacing_mm[2]; }) + " mm"},
  };
}

std::string cohortCsv(const CohortReport& report) {
  std::string csv = csvLine({"patient",
                             "stack",
                             "split",
                             "image_type",
                             "columns",
                             "rows",
                             "slices",
                             "column_mm",
                             "row_mm",
                             "slice_distance_mm",
                             "labelled_slices",
                             "positive_slices",
                             "stack_label",
                             "reference_myocardium_ml",
                             "reference_scar_ml",
                             "reference_scar_percent_lvm",
                             "reference_mvo_ml",
                             "run",
                             "ai_myocardium_ml",
                             "ai_scar_ml",
                             "ai_scar_percent_lvm",
                             "review",
                             "reference_mask_revision",
                             "ai_mask_revision"});
  for (const CohortStack& stack : report.stacks) {
    using Volumes = analysis::TissueVolumes;
    const auto of = [](const std::optional<Volumes>& volumes, double Volumes::*member) {
      return csvNumber(volumes ? std::optional<double>((*volumes).*member) : std::nullopt);
    };
    const auto revision = [](std::int64_t number) {
      return number > 0 ? std::to_string(number) : std::string();
    };
    const auto percent = [](const std::optional<Volumes>& volumes) {
      return csvNumber(volumes ? volumes->scarPercentLvm() : std::nullopt);
    };
    csv += csvLine({stack.patient,
                    stack.stack,
                    stack.part,
                    stack.kind,
                    std::to_string(stack.columns),
                    std::to_string(stack.rows),
                    std::to_string(stack.slices),
                    csvNumber(stack.spacing_mm[0], 4),
                    csvNumber(stack.spacing_mm[1], 4),
                    csvNumber(stack.spacing_mm[2], 4),
                    std::to_string(stack.labelled_slices),
                    std::to_string(stack.positive_slices),
                    stack.stack_label,
                    of(stack.reference, &Volumes::myocardium_ml),
                    of(stack.reference, &Volumes::scar_ml),
                    percent(stack.reference),
                    of(stack.reference, &Volumes::mvo_ml),
                    stack.run,
                    of(stack.prediction, &Volumes::myocardium_ml),
                    of(stack.prediction, &Volumes::scar_ml),
                    percent(stack.prediction),
                    stack.verdict,
                    revision(stack.reference_revision),
                    revision(stack.prediction_revision)});
  }
  return csv;
}

}  // namespace gadolin::report
