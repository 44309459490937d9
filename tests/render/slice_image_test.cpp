#include "ui/view/slice_image.h"

#include <gtest/gtest.h>

#include "picture_stack.h"

namespace gadolin::view {
namespace {

TEST(SliceImage, KeepsTheTrueAspectOfNonSquarePixels) {
  const auto stack = test::stackOf(test::axialGrid(100, 50, 1, 1, 3));  // 100 x 150 mm
  EXPECT_EQ(fittedSize(*stack, {90, 90}), QSize(60, 90));
}

TEST(SliceImage, WindowsToBlackAndWhite) {
  auto stack = test::stackOf(test::axialGrid(40, 40, 1), 10);
  test::fillBox(stack->image, 20, 0, 40, 40, 0, 30.0F);
  const auto image = sliceImage(*stack, 0, {20, 10}, {40, 40});
  EXPECT_EQ(qGray(image.pixel(5, 20)), 0);
  EXPECT_EQ(qGray(image.pixel(35, 20)), 255);
}

TEST(SliceImage, AveragesWhatAPixelCovers) {
  auto stack = test::stackOf(test::axialGrid(64, 64, 1));
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) stack->image.at(x, y, 0) = (x + y) % 2 ? 100.0F : 0.0F;
  }
  const auto image = sliceImage(*stack, 0, {50, 100}, {8, 8});
  EXPECT_NEAR(qGray(image.pixel(4, 4)), 127, 3);
}

TEST(SliceImage, IsLaidOutLikeTheLargeView) {
  // A bright spot near the patient's right and anterior, whatever way the slice is stored.
  for (int way = 0; way < 8; ++way) {
    Geometry g = test::axialGrid(40, 40, 1);
    if (way & 1) std::swap(g.axes[0], g.axes[1]);
    if (way & 2) g.axes[0] = -1.0 * g.axes[0];
    if (way & 4) g.axes[1] = -1.0 * g.axes[1];
    auto stack = test::stackOf(g);
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < 40; ++x) {
        const auto world = (x - 19.5) * g.axes[0] + (y - 19.5) * g.axes[1];
        if (world[0] < -8 && world[1] < -8) stack->image.at(x, y, 0) = 100;
      }
    }
    const auto image = sliceImage(*stack, 0, {50, 100}, {40, 40});
    EXPECT_GT(qGray(image.pixel(4, 4)), 200) << way;
    EXPECT_LT(qGray(image.pixel(35, 4)), 50) << way;
    EXPECT_LT(qGray(image.pixel(4, 35)), 50) << way;
  }
}

}  // namespace
}  // namespace gadolin::view
