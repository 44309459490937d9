#include "core/analysis/roc.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/random.h"

namespace gadolin::analysis {
namespace {

/// Every pair of a positive and a negative, counted by hand.
double byCounting(const std::vector<double>& scores, const std::vector<std::uint8_t>& positive) {
  double wins = 0.0;
  double pairs = 0.0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (positive[i] == 0 || positive[j] != 0) continue;
      pairs += 1.0;
      wins += scores[i] > scores[j] ? 1.0 : scores[i] == scores[j] ? 0.5 : 0.0;
    }
  }
  return wins / pairs;
}

TEST(Auroc, KnownValues) {
  const std::vector<std::uint8_t> positive{0, 0, 1, 1};
  EXPECT_DOUBLE_EQ(auroc(std::vector<double>{0.1, 0.4, 0.35, 0.8}, positive).value(), 0.75);
  EXPECT_DOUBLE_EQ(auroc(std::vector<double>{0.1, 0.2, 0.3, 0.4}, positive).value(), 1.0);
  EXPECT_DOUBLE_EQ(auroc(std::vector<double>{0.4, 0.3, 0.2, 0.1}, positive).value(), 0.0);
}

TEST(Auroc, AllScoresEqualIsChance) {
  EXPECT_DOUBLE_EQ(
      auroc(std::vector<float>{0.F, 0.F, 0.F}, std::vector<std::uint8_t>{1, 0, 0}).value(), 0.5);
}

TEST(Auroc, ManyTiesAgreeWithCounting) {
  Random random(7);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::vector<double> scores;
    std::vector<std::uint8_t> positive{1, 0};
    scores = {random.uniform(), random.uniform()};
    for (int i = 0; i < 60; ++i) {
      scores.push_back(static_cast<double>(random.below(5)) / 4.0);
      positive.push_back(random.chance(0.3) ? 1 : 0);
    }
    EXPECT_NEAR(auroc(scores, positive).value(), byCounting(scores, positive), 1e-12);
  }
}

TEST(Auroc, NoValueWithoutBothClasses) {
  EXPECT_FALSE(auroc(std::vector<double>{0.1, 0.2}, std::vector<std::uint8_t>{1, 1}).has_value());
  EXPECT_FALSE(auroc(std::vector<double>{}, std::vector<std::uint8_t>{}).has_value());
  EXPECT_FALSE(
      auroc(std::vector<double>{0.1, std::nan("")}, std::vector<std::uint8_t>{1, 0}).has_value());
}

}  // namespace
}  // namespace gadolin::analysis
