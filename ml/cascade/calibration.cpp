#include "ml/cascade/calibration.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "ml/cascade/compose.h"

namespace gadolin::ml {
namespace {

constexpr std::size_t threshold_count = ThresholdCurve::size;
constexpr double finding_cost = 0.1;
constexpr double least_difference = 0.01;

double thresholdOf(std::size_t k) {
  return 0.05 * static_cast<double>(k + 1);
}

double meanDice(const std::vector<ThresholdCurve>& patients, std::size_t k) {
  double sum = 0, count = 0;
  for (const ThresholdCurve& patient : patients) {
    if (!patient.fibrotic) continue;
    sum += patient.dice[k];
    ++count;
  }
  return sum / count;
}

double scoreOf(const std::vector<ThresholdCurve>& patients, std::size_t k) {
  const auto findings =
      std::count_if(patients.begin(), patients.end(),
                    [k](const ThresholdCurve& p) { return !p.fibrotic && p.finding[k]; });
  return meanDice(patients, k) -
         finding_cost * static_cast<double>(findings) / static_cast<double>(patients.size());
}

/// Of the mean difference in Dice between two thresholds; 0 for a single patient.
double standardError(const std::vector<ThresholdCurve>& patients, std::size_t a, std::size_t b) {
  double sum = 0, squares = 0, count = 0;
  for (const ThresholdCurve& patient : patients) {
    if (!patient.fibrotic) continue;
    const double difference = patient.dice[a] - patient.dice[b];
    sum += difference;
    squares += difference * difference;
    ++count;
  }
  if (count < 2) return 0;
  const double variance = std::max(squares - sum * sum / count, 0.0) / (count - 1);
  return std::sqrt(variance / count);
}

}  // namespace

Calibration chooseThreshold(const std::vector<ThresholdCurve>& patients) {
  Calibration result;
  result.patients = static_cast<int>(
      std::count_if(patients.begin(), patients.end(), [](const auto& p) { return p.fibrotic; }));
  if (result.patients == 0) return result;
  std::size_t best = 0;
  for (std::size_t k = 1; k < threshold_count; ++k)
    if (scoreOf(patients, k) > scoreOf(patients, best)) best = k;
  std::size_t chosen = best;
  for (std::size_t k = 0; k < threshold_count; ++k) {
    const double allowed = std::max(standardError(patients, best, k), least_difference);
    if (scoreOf(patients, best) - scoreOf(patients, k) > allowed) continue;
    if (std::abs(thresholdOf(k) - 0.5) < std::abs(thresholdOf(chosen) - 0.5) - 1e-9) chosen = k;
  }
  result.threshold = thresholdOf(chosen);
  result.dice = meanDice(patients, chosen);
  return result;
}

Calibration calibrate(const std::vector<CalibrationCase>& cases, const run::Settings& settings) {
  struct Sums {
    std::array<double, threshold_count> both{}, predicted{};
    double reference = 0;
  };
  std::map<std::string, Sums> patients;
  for (const CalibrationCase& item : cases) {
    Sums& sums = patients[item.stack->source->patient];
    sums.reference += static_cast<double>(
        std::count(item.reference.begin(), item.reference.end(), std::uint8_t{1}));
    for (std::size_t k = 0; k < threshold_count; ++k) {
      const auto mask = composeMask(*item.stack, item.p_fibrosis, thresholdOf(k),
                                    item.slice_probability, settings);
      for (std::size_t i = 0; i < mask.size(); ++i) {
        if (mask[i] != 3 || !item.stack->source->isDrawn(static_cast<int>(i / item.stack->area())))
          continue;
        ++sums.predicted[k];
        if (item.reference[i] != 0) ++sums.both[k];
      }
    }
  }
  std::vector<ThresholdCurve> curves;
  for (const auto& [name, sums] : patients) {
    ThresholdCurve curve;
    curve.fibrotic = sums.reference > 0;
    for (std::size_t k = 0; k < threshold_count; ++k) {
      curve.dice[k] = 2 * sums.both[k] / std::max(sums.predicted[k] + sums.reference, 1.0);
      curve.finding[k] = sums.predicted[k] > 0;
    }
    curves.push_back(curve);
  }
  return chooseThreshold(curves);
}

}  // namespace gadolin::ml
