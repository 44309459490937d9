#include "ui/view/window_level.h"

#include <gtest/gtest.h>

#include <limits>

#include "picture_stack.h"

namespace gadolin::view {
namespace {

TEST(AutoWindow, IgnoresBrightFatOutsideTheCentralRegion) {
  auto stack = test::stackOf(test::axialGrid(80, 80, 4), 5000);  // fat all around
  for (int z = 0; z < 4; ++z) {
    for (int y = 20; y < 60; ++y) {
      for (int x = 20; x < 60; ++x) stack->image.at(x, y, z) = static_cast<float>(x - 20) * 10;
    }
  }
  const auto window = autoWindow(stack->image);
  EXPECT_NEAR(window.low(), 0, 10);
  EXPECT_NEAR(window.high(), 390, 10);
}

TEST(AutoWindow, FollowsNegativeValuesOfPsir) {
  auto stack = test::stackOf(test::axialGrid(64, 64, 2));
  for (std::size_t i = 0; i < stack->image.voxels.size(); ++i) {
    stack->image.voxels[i] = static_cast<float>(i % 201) - 100;
  }
  const auto window = autoWindow(stack->image);
  EXPECT_NEAR(window.low(), -98, 2);
  EXPECT_NEAR(window.high(), 99, 2);
}

TEST(AutoWindow, SurvivesConstantEmptyAndNotANumberImages) {
  auto stack = test::stackOf(test::axialGrid(16, 16, 2), 7);
  EXPECT_EQ(autoWindow(stack->image).width, 1);
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  stack->image.voxels.assign(stack->image.voxels.size(), nan);
  EXPECT_GT(autoWindow(stack->image).width, 0);
  EXPECT_GT(autoWindow(Volume<float>{}).width, 0);
}

TEST(RelativeWindow, CarriesAReadersTasteToAnotherScale) {
  const WindowLevel first{100, 200};
  const auto taste = relativeTo(first, {150, 100});
  const auto second = applied(taste, {1000, 2000});
  EXPECT_DOUBLE_EQ(second.centre, 1500);
  EXPECT_DOUBLE_EQ(second.width, 1000);
}

}  // namespace
}  // namespace gadolin::view
