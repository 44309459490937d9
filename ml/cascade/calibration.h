#pragma once
// The probability above which a pixel counts as fibrosis, chosen on the validation patients.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/run/settings.h"
#include "ml/data/stacks.h"

namespace gadolin::ml {

struct CalibrationCase {
  const PreparedStack* stack = nullptr;
  std::vector<float> p_fibrosis;         // native grid
  std::vector<float> slice_probability;  // for predict.slice_gate, or empty
  std::vector<std::uint8_t> reference;   // 0 or 1, native grid
};

struct Calibration {
  double threshold = 0.5;
  double dice = 0;   // at the threshold: mean over the patients with fibrosis
  int patients = 0;  // with fibrosis
};

/// Dice of one patient at each threshold that is tried, 0.05 to 0.95 in steps of 0.05; for a
/// patient without fibrosis whether there is a finding.
struct ThresholdCurve {
  static constexpr std::size_t size = 19;
  bool fibrotic = false;
  std::array<double, size> dice{};  // 0..1
  std::array<bool, size> finding{};
};

/// Of the thresholds that cannot be told from the best one the nearest to 0.5: those whose score is
/// within one standard error, over the patients and pair by pair, or within 0.01 of the best. A few
/// patients say little, and their curves are flat: the best threshold of three was 0.2 where thirty
/// others wanted 0.5. The score is the mean Dice of the patients with fibrosis, less a tenth for
/// each share of patients that have none and get a finding. 0.5 without a patient with fibrosis.
Calibration chooseThreshold(const std::vector<ThresholdCurve>& patients);

/// 3D Dice, 2|P and R| / (|P| + |R|), of the composed masks of each patient; then
/// chooseThreshold().
Calibration calibrate(const std::vector<CalibrationCase>& cases, const run::Settings& settings);

}  // namespace gadolin::ml
