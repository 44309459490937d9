// The threshold of fibrosis, chosen on a few validation patients.

#include "ml/cascade/calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ml/ring_cohort.h"

namespace gadolin::ml {
namespace {

double thresholdOf(std::size_t k) {
  return 0.05 * static_cast<double>(k + 1);
}

/// A patient with fibrosis whose Dice is `top` at `peak` and falls by `slope` per unit of
/// threshold.
ThresholdCurve fibrotic(double peak, double top, double slope) {
  ThresholdCurve curve;
  curve.fibrotic = true;
  for (std::size_t k = 0; k < ThresholdCurve::size; ++k) {
    curve.dice[k] = top - slope * std::abs(thresholdOf(k) - peak);
    curve.finding[k] = true;
  }
  return curve;
}

/// One without, who gets a finding below `gone`.
ThresholdCurve healthy(double gone) {
  ThresholdCurve curve;
  for (std::size_t k = 0; k < ThresholdCurve::size; ++k) curve.finding[k] = thresholdOf(k) < gone;
  return curve;
}

TEST(Calibration, ASteepCurveGetsItsPeak) {
  const auto chosen =
      chooseThreshold({fibrotic(0.3, 0.8, 1), fibrotic(0.3, 0.7, 1), fibrotic(0.3, 0.9, 1)});
  EXPECT_NEAR(chosen.threshold, 0.3, 1e-9);
  EXPECT_NEAR(chosen.dice, 0.8, 1e-9);
  EXPECT_EQ(chosen.patients, 3);
}

TEST(Calibration, AFlatCurveDoesNotDriftToAnEnd) {
  // Best at 0.2, by less than a hundredth.
  const auto chosen = chooseThreshold(
      {fibrotic(0.2, 0.8, 0.02), fibrotic(0.2, 0.7, 0.02), fibrotic(0.2, 0.9, 0.02)});
  EXPECT_NEAR(chosen.threshold, 0.5, 1e-9);
}

TEST(Calibration, PatientsWhoDisagreeDoNotDecide) {
  // One of three wants 0.2 strongly, two want 0.5 a little: 0.2 has the larger mean, by chance.
  const std::vector patients{fibrotic(0.2, 0.9, 1.0), fibrotic(0.5, 0.8, 0.3),
                             fibrotic(0.5, 0.8, 0.3)};
  const auto chosen = chooseThreshold(patients);
  EXPECT_NEAR(chosen.threshold, 0.5, 1e-9);
  EXPECT_NEAR(chosen.dice, (0.6 + 0.8 + 0.8) / 3, 1e-9);
}

TEST(Calibration, AFindingInAHealthyHeartCosts) {
  std::vector patients{fibrotic(0.5, 0.8, 0.02)};
  for (int i = 0; i < 9; ++i) patients.push_back(healthy(0.7));
  EXPECT_NEAR(chooseThreshold(patients).threshold, 0.7, 1e-9);
}

TEST(Calibration, NobodyWithFibrosisMeansOneHalf) {
  const auto chosen = chooseThreshold({healthy(0.9), healthy(0.9)});
  EXPECT_NEAR(chosen.threshold, 0.5, 1e-9);
  EXPECT_EQ(chosen.patients, 0);
  EXPECT_NEAR(chooseThreshold({}).threshold, 0.5, 1e-9);
}

TEST(Calibration, TheStacksOfOnePatientAreOnePatient) {
  test::RingCohort cohort(1);
  const auto settings = run::Settings::preset("quick").value();
  PreparedStack stack = prepareStack(cohort.stacks[0], settings);
  stack.p_cavity.assign(stack.heart.size(), 0.0F);
  stack.p_myocardium.assign(stack.heart.size(), 0.0F);
  CalibrationCase item;
  item.stack = &stack;
  item.reference.assign(stack.heart.size(), 0);
  item.p_fibrosis.assign(stack.heart.size(), 0.0F);
  for (std::size_t i = 0; i < stack.heart.size(); ++i) {
    stack.p_cavity[i] = stack.heart[i] == 1 ? 0.95F : 0.0F;
    stack.p_myocardium[i] = stack.heart[i] == 2 ? 0.95F : 0.0F;
    if (stack.heart[i] != 2) continue;
    item.reference[i] = 1;
    item.p_fibrosis[i] = 0.32F;  // lost at 0.35
  }
  const auto chosen = calibrate({item, item}, settings);
  EXPECT_EQ(chosen.patients, 1);
  EXPECT_NEAR(chosen.threshold, 0.3, 1e-9);
  EXPECT_NEAR(chosen.dice, 1, 1e-9);
}

}  // namespace
}  // namespace gadolin::ml
