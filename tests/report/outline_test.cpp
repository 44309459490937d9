#include "core/report/outline.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gadolin::report {
namespace {

/// Signed area by the shoelace formula.
double area(const Outline& outline) {
  double twice = 0;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const auto& a = outline[i];
    const auto& b = outline[(i + 1) % outline.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

TEST(Outline, OnePixelIsADiamondOfHalfItsArea) {
  const auto found = outlines(std::vector<std::uint8_t>{1}, 1, 1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].size(), 4U);
  EXPECT_DOUBLE_EQ(std::abs(area(found[0])), 0.5);
}

TEST(Outline, ARingHasTwoBordersThatRunOppositeWays) {
  const std::vector<std::uint8_t> ring{1, 1, 1, 1, 0, 1, 1, 1, 1};
  const auto found = outlines(ring, 3, 3);
  ASSERT_EQ(found.size(), 2U);
  // Outer: 9 pixels less an eighth at each of 4 corners; inner: 1 pixel less an eighth at 4
  // corners.
  EXPECT_DOUBLE_EQ(std::abs(area(found[0])), 8.5);
  EXPECT_DOUBLE_EQ(std::abs(area(found[1])), 0.5);
  EXPECT_LT(area(found[0]) * area(found[1]), 0);
}

TEST(Outline, PixelsThatTouchAtACornerStaySeparate) {
  EXPECT_EQ(outlines(std::vector<std::uint8_t>{1, 0, 0, 1}, 2, 2).size(), 2U);
}

TEST(Outline, NothingHasNoBorder) {
  EXPECT_TRUE(outlines(std::vector<std::uint8_t>(12, 0), 4, 3).empty());
}

}  // namespace
}  // namespace gadolin::report
