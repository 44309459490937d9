#pragma once
// How near pairs of measurements lie to the line of equality.

#include <cstddef>
#include <optional>
#include <span>

#include "core/analysis/statistics.h"

namespace gadolin::analysis {

struct Concordance {
  std::size_t pairs = 0;
  double ccc = 0;  // -1..1
  /// By Fisher's z, with the variance of Lin's note of 2000. Absent below three pairs, where every
  /// pair is equal, and where the two sides do not correlate at all.
  std::optional<Interval> ci95;
};

/// Lin's concordance correlation coefficient (Biometrics 1989;45:255; corrected 2000;56:324):
/// 2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2) with moments divided by n. No value below two
/// pairs or where all values are the same.
std::optional<Concordance> concordance(std::span<const double> x, std::span<const double> y);

}  // namespace gadolin::analysis
