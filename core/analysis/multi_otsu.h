#pragma once
// Thresholds that split grey values into classes.

#include <span>
#include <vector>

#include "core/base/result.h"

namespace gadolin::analysis {

/// Multi-level Otsu (Liao, Chen and Chung, J. Inf. Sci. Eng. 17, 2001): the thresholds that
/// maximise the between-class variance of a histogram of `bins` equal bins from the smallest to the
/// largest value, found exactly by dynamic programming.
/// @param values any order, finite; NaN and infinities are skipped
/// @param classes 2 .. bins
/// @return classes - 1 ascending thresholds, each the centre of the last bin of the class below it
/// Errors: InvalidInput when fewer than `classes` bins are occupied.
/// Thread: any. Cost: O(values + classes * bins^2).
Result<std::vector<double>> multiOtsu(std::span<const float> values, int classes, int bins = 256);

}  // namespace gadolin::analysis
