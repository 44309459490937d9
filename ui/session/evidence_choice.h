#pragma once
// What a training may see of the fibrosis of each patient: its masks, the labels of its slices, or
// only what is said of a whole stack.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"

namespace gadolin::session {

enum class Sight { Stack, Slices, Masks };  // from least to most; each includes those before it
std::string_view toText(Sight sight);       // "stack", "slice", "pixel"
std::optional<Sight> sightFromText(std::string_view text);

/// A patient's sight, by name.
using Sights = std::map<std::string, Sight, std::less<>>;

struct SightPlan {
  run::Supervision supervision = run::Supervision::Slice;
  /// Under mixed supervision, of the training patients; -1: all that can (mixed.pixel_patients and
  /// mixed.slice_patients of the settings).
  long long pixel_patients = -1;
  long long slice_patients = -1;
  std::uint64_t seed = 42;
  /// Under mixed supervision: at most this much of a patient, whatever the numbers say.
  Sights at_most{};
};

/// What the project has of a patient of the training or validation part.
struct PatientEvidence {
  std::string patient;
  dataset::Part part = dataset::Part::Train;
  bool masks = false;   // one at least that shows where fibrosis is or that there is none
  bool slices = false;  // a slice labelled fibrosis or none
  bool fibrosis = false;
};

/// Pixel, slice and stack supervision give every patient the same sight. Under mixed supervision
/// the first of the patients that have masks, in a row drawn by the seed in which those with
/// fibrosis are spread evenly, show them, then of the others the first that have slice labels; a
/// smaller number takes some of a larger one's. The validation part gives the same share of its
/// patients.
Sights chooseSights(const std::vector<PatientEvidence>& patients, const SightPlan& plan);

/// A table with the columns patient and level (pixel, slice or stack): SightPlan::at_most.
/// InvalidInput names the line.
Result<Sights> parseSights(std::string_view text);

}  // namespace gadolin::session
