#pragma once
// Is a stack like those that the networks were trained on? What a training cohort looks like is kept
// in the run folder; a stack that lies outside is flagged in words. docs/runs.md has the thresholds.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/run/settings.h"
#include "ml/data/stacks.h"

namespace gadolin::ml {

/// What is compared of one stack.
struct StackTraits {
  std::string kind;            // "magnitude", "psir", "unknown"
  double pixel_mm = 0;         // in plane, geometric mean of both axes
  double slice_mm = 0;         // mean extent of a slice
  double field_mm = 0;         // longer side of the image
  double slices = 0;
  std::array<double, 9> deciles{};  // 10th to 90th percentile of the normalised grey values
  bool heart_found = false;
  // Of the predicted heart; 0 where none was found.
  double myocardium_ml = 0;
  double cavity_ml = 0;
  double wall_mm = 0;          // median over slices: area / pi (outer + inner radius of equal areas)
  double off_centre_mm = 0;    // of the heart from the middle of the image
};

/// heart: labels of composeMask(), native grid.
StackTraits traitsOf(const PreparedStack& stack, const std::vector<std::uint8_t>& heart);

struct CohortProfile {
  struct Range {
    double low = 0, high = 0;  // smallest and largest of the cohort
  };
  int stacks = 0;
  std::map<std::string, int> kinds;     // stacks of each
  std::map<std::string, Range> ranges;  // by the name of a trait
  std::array<double, 9> deciles{};      // means
  double decile_distance = 0;  // largest of the cohort from these means (mean absolute difference)
};

/// Of the stacks of training and validation with their predicted hearts.
CohortProfile profileOf(const std::vector<StackTraits>& cohort);

/// One sentence a trait that lies outside, empty when none does. A stack without a heart is not
/// asked about its anatomy.
std::vector<std::string> strangeness(const CohortProfile& profile, const StackTraits& stack);

std::string toJson(const CohortProfile& profile);
/// Corrupt for anything that toJson() did not write.
Result<CohortProfile> profileFromJson(const std::string& text);

}  // namespace gadolin::ml
