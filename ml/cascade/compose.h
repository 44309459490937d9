#pragma once
// From probabilities to a mask of labels in the native grid.

#include <cstdint>
#include <span>
#include <vector>

#include "core/run/settings.h"
#include "ml/data/stacks.h"

namespace gadolin::ml {

/// Labels 0 background, 1 cavity, 2 myocardium, 3 fibrosis (dark cores included).
/// @param p_fibrosis       native grid; empty: no fibrosis
/// @param threshold        above it a pixel is fibrosis
/// @param slice_probability  one per slice for predict.slice_gate and predict.doubted_ml, or empty
///                         where no classifier was asked
std::vector<std::uint8_t> composeMask(const PreparedStack& stack, std::span<const float> p_fibrosis,
                                      double threshold, std::span<const float> slice_probability,
                                      const run::Settings& settings);

}  // namespace gadolin::ml
