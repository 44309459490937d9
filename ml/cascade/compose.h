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
/// @param slice_probability  one per slice for predict.slice_gate, or empty
std::vector<std::uint8_t> composeMask(const PreparedStack& stack, std::span<const float> p_fibrosis,
                                      double threshold, std::span<const float> slice_probability,
                                      const run::Settings& settings);

/// Mean over patients with fibrosis of 2|P and R| / (|P| + |R|) in 3D, at the threshold from 0.05 to
/// 0.95 that makes it, less a tenth per healthy patient with a false finding, largest. 0.5 without a
/// patient with fibrosis. `reference` is 0 or 1 in the native grid.
struct Calibration {
  double threshold = 0.5;
  double dice = 0;
  int patients = 0;
};
struct CalibrationCase {
  const PreparedStack* stack = nullptr;
  std::vector<float> p_fibrosis;
  std::vector<float> slice_probability;
  std::vector<std::uint8_t> reference;
};
Calibration calibrate(const std::vector<CalibrationCase>& cases, const run::Settings& settings);

}  // namespace gadolin::ml
