#include "core/analysis/overlap.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace gadolin::analysis {
namespace {

using Bytes = std::array<std::uint8_t, 6>;

TEST(Overlap, CountsEveryForegroundVoxelOnce) {
  const Bytes reference{0, 1, 1, 0, 3, 0};
  const Bytes prediction{0, 1, 0, 1, 4, 0};
  EXPECT_EQ(countOverlap(reference, prediction), (OverlapCounts{3, 3, 2}));
  const auto is_scar = [](std::uint8_t label) { return label == 3; };
  EXPECT_EQ(countOverlap(reference, prediction, is_scar), (OverlapCounts{1, 0, 0}));
}

TEST(Overlap, ThresholdIsStrict) {
  const std::array<std::uint8_t, 3> reference{1, 1, 0};
  const std::array<float, 3> probability{0.5F, 0.75F, 0.75F};
  EXPECT_EQ(countOverlap(reference, probability, 0.5F), (OverlapCounts{2, 2, 1}));
}

TEST(Overlap, DiceOfPartialAgreement) {
  // 2 * 2 / (3 + 5)
  EXPECT_DOUBLE_EQ(dice({3, 5, 2}).value(), 0.5);
  EXPECT_DOUBLE_EQ(diceEmptyIsOne({3, 5, 2}), 0.5);
  EXPECT_DOUBLE_EQ(diceSmoothed({3, 5, 2}, 1.0), 5.0 / 9.0);
}

TEST(Overlap, TwoEmptyMasksFollowTheRule) {
  EXPECT_FALSE(dice({0, 0, 0}).has_value());
  EXPECT_DOUBLE_EQ(diceEmptyIsOne({0, 0, 0}), 1.0);
  EXPECT_DOUBLE_EQ(diceSmoothed({0, 0, 0}, 1.0), 1.0);
  EXPECT_DOUBLE_EQ(diceSmoothed({0, 0, 0}, 0.0), 1.0);
}

TEST(Overlap, OneEmptyMaskIsZeroOrNearlySo) {
  EXPECT_DOUBLE_EQ(dice({0, 3, 0}).value(), 0.0);
  EXPECT_DOUBLE_EQ(diceEmptyIsOne({3, 0, 0}), 0.0);
  EXPECT_DOUBLE_EQ(diceSmoothed({0, 3, 0}, 1.0), 0.25);
}

TEST(Overlap, CountsOfSlicesAddUpToTheStack) {
  OverlapCounts total;
  total += {10, 0, 0};
  total += {10, 20, 10};
  EXPECT_EQ(total, (OverlapCounts{20, 20, 10}));
  EXPECT_DOUBLE_EQ(dice(total).value(), 0.5);
}

}  // namespace
}  // namespace gadolin::analysis
