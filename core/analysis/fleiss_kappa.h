#pragma once
// How far any number of readers agree on categories, beyond what chance would give.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/analysis/statistics.h"

namespace gadolin::analysis {

struct FleissKappa {
  std::size_t things = 0;  // with a category by two readers or more
  double observed = 0;     // share of pairs of readers who agree, mean over things, 0..1
  double expected = 0;
  double kappa = 0;  // (observed - expected) / (1 - expected)
  /// Gwet's large-sample interval, which also holds where readers differ in number (Handbook of
  /// Inter-Rater Reliability, 4th ed. 2014, ch. 5; Educ Psychol Meas 2021;81:781), Student's t with
  /// n - 1, cut at -1 and 1. It takes the things for independent. Absent below two things and where
  /// all agree on everything.
  std::optional<Interval> ci95;
};

/// Fleiss' kappa (Psychol Bull 1971;76:378), for things that not all readers have seen by Gwet's
/// generalisation. counts[thing * categories + category]: how many readers said so; things that
/// nobody has seen are left out, those that one reader has seen count in the frequencies of the
/// categories alone. No value without a thing that two have seen, or where all said one category.
std::optional<FleissKappa> fleissKappa(std::span<const std::uint32_t> counts,
                                       std::size_t categories);

}  // namespace gadolin::analysis
