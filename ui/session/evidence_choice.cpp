#include "ui/session/evidence_choice.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/csv.h"
#include "core/dataset/split.h"

namespace gadolin::session {
namespace {

using dataset::Part;

/// In the order of Sight.
constexpr std::array<std::string_view, 3> sight_names{"stack", "slice", "pixel"};

using Candidates = std::vector<const PatientEvidence*>;

/// Gives `sight` to so many of the training candidates and as large a share of those of validation.
void give(const Candidates& candidates, long long wanted, Sight sight, std::uint64_t seed,
          Sights& sights) {
  for (const Part part : {Part::Train, Part::Validation}) {
    std::vector<dataset::SplitPatient> row;
    std::size_t train = 0;
    for (const PatientEvidence* patient : candidates) {
      train += patient->part == Part::Train ? 1 : 0;
      if (patient->part == part)
        row.push_back({patient->patient, patient->fibrosis ? "fibrosis" : "none"});
    }
    std::size_t count = row.size();
    if (wanted >= 0 && part == Part::Train)
      count = std::min(count, static_cast<std::size_t>(wanted));
    if (wanted >= 0 && part == Part::Validation) {
      const double share =
          train > 0 ? std::min(1.0, static_cast<double>(wanted) / static_cast<double>(train)) : 0;
      count = static_cast<std::size_t>(std::llround(share * static_cast<double>(count)));
    }
    const auto spread = dataset::spreadPatients(std::move(row), seed);
    for (std::size_t i = 0; i < count; ++i) sights[spread[i]] = sight;
  }
}

}  // namespace

std::string_view toText(Sight sight) {
  return sight_names[static_cast<std::size_t>(sight)];
}

std::optional<Sight> sightFromText(std::string_view text) {
  const auto found = std::ranges::find(sight_names, text);
  if (found == sight_names.end()) return std::nullopt;
  return static_cast<Sight>(found - sight_names.begin());
}

Sights chooseSights(const std::vector<PatientEvidence>& patients, const SightPlan& plan) {
  Sights sights;
  const Sight least = plan.supervision == run::Supervision::Pixel   ? Sight::Masks
                      : plan.supervision == run::Supervision::Slice ? Sight::Slices
                                                                    : Sight::Stack;
  for (const auto& patient : patients) sights[patient.patient] = least;
  if (plan.supervision != run::Supervision::Mixed) return sights;
  const auto allowed = [&plan](const PatientEvidence& patient, Sight sight) {
    const auto limit = plan.at_most.find(patient.patient);
    return limit == plan.at_most.end() || limit->second >= sight;
  };
  Candidates masks, slices;
  for (const auto& patient : patients)
    if (patient.masks && allowed(patient, Sight::Masks)) masks.push_back(&patient);
  give(masks, plan.pixel_patients, Sight::Masks, plan.seed, sights);
  for (const auto& patient : patients)
    if (sights[patient.patient] == Sight::Stack && patient.slices &&
        allowed(patient, Sight::Slices))
      slices.push_back(&patient);
  give(slices, plan.slice_patients, Sight::Slices, plan.seed, sights);
  return sights;
}

Result<Sights> parseSights(std::string_view text) {
  GADOLIN_TRY(const CsvTable table, parseCsv(text));
  const int patient = table.column("patient");
  const int level = table.column("level");
  if (patient < 0 || level < 0) {
    return Error{ErrorCode::InvalidInput,
                 "The table needs the columns 'patient' and 'level' (pixel, slice, stack)."};
  }
  Sights sights;
  for (const CsvRow& row : table.rows) {
    const std::string& name = row.fields[static_cast<std::size_t>(patient)];
    const std::string& word = row.fields[static_cast<std::size_t>(level)];
    const std::string line = "Line " + std::to_string(row.line) + ": ";
    const auto sight = sightFromText(word);
    if (!sight) {
      return Error{ErrorCode::InvalidInput,
                   line + "'" + word + "' is no level (pixel, slice, stack)."};
    }
    if (name.empty()) return Error{ErrorCode::InvalidInput, line + "the patient is missing."};
    if (!sights.emplace(name, *sight).second) {
      return Error{ErrorCode::InvalidInput, line + "patient " + name + " is named twice."};
    }
  }
  return sights;
}

}  // namespace gadolin::session
