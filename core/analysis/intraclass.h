#pragma once
// How much of the spread of a measurement is that between the things measured.

#include <cstddef>
#include <optional>
#include <span>

#include "core/analysis/statistics.h"

namespace gadolin::analysis {

struct Intraclass {
  std::size_t things = 0;
  double icc = 0;  // at most 1; below 0 where readers differ more than things do
  /// Absent where the measurements of every thing are all the same: there is nothing to estimate
  /// a width from.
  std::optional<Interval> ci95;
};

/// ICC(2,1): two-way random effects, absolute agreement, one reader's measurement (Shrout and
/// Fleiss, Psychol Bull 1979;86:420), which McGraw and Wong (Psychol Methods 1996;1:30) call
/// ICC(A,1); the interval is theirs. values[thing * readers + reader], all of them known. No value
/// below two things or readers, or where all values are the same.
std::optional<Intraclass> intraclass(std::span<const double> values, std::size_t readers);

}  // namespace gadolin::analysis
