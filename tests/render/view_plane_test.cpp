#include "ui/view/view_plane.h"

#include <gtest/gtest.h>

#include "picture_stack.h"

namespace gadolin::view {
namespace {

TEST(ViewPlane, FitsTheLongerSideInMillimetresNotInPixels) {
  // 100 x 100 voxels of 1 x 2 mm: 200 mm tall in a view of 400 pixels.
  ViewPlane plane(test::axialGrid(100, 100, 1, 1, 2), {});
  plane.resize(400, 400);
  EXPECT_DOUBLE_EQ(plane.pixelsPer_mm(), 2);
  EXPECT_NEAR(plane.toScreen(-0.5, -0.5).x, 100, 1e-9);
  EXPECT_NEAR(plane.toScreen(-0.5, -0.5).y, 0, 1e-9);
  EXPECT_NEAR(plane.toScreen(99.5, 99.5).x, 300, 1e-9);
  EXPECT_NEAR(plane.toScreen(99.5, 99.5).y, 400, 1e-9);
}

TEST(ViewPlane, ScreenAndVoxelAreInverseInEveryOrientation) {
  for (int way = 0; way < 8; ++way) {
    ViewPlane plane(test::axialGrid(60, 90, 1, 1.4, 0.8),
                    {(way & 1) != 0, (way & 2) != 0, (way & 4) != 0, true});
    plane.resize(333, 277);
    plane.zoomAt(70, 200, 2.5);
    plane.panBy(-13, 29);
    const auto screen = plane.toScreen(12.25, 71.5);
    const auto voxel = plane.toVoxel(screen.x, screen.y);
    EXPECT_NEAR(voxel.x, 12.25, 1e-9) << way;
    EXPECT_NEAR(voxel.y, 71.5, 1e-9) << way;
  }
}

TEST(ViewPlane, ZoomKeepsTheVoxelUnderTheMouse) {
  ViewPlane plane(test::axialGrid(128, 128, 1), {.flip_down = true});
  plane.resize(512, 512);
  const auto before = plane.toVoxel(300, 120);
  plane.zoomAt(300, 120, 3);
  const auto after = plane.toVoxel(300, 120);
  EXPECT_NEAR(after.x, before.x, 1e-9);
  EXPECT_NEAR(after.y, before.y, 1e-9);
  EXPECT_DOUBLE_EQ(plane.zoom(), 3);
  plane.zoomAt(0, 0, 1e6);
  EXPECT_DOUBLE_EQ(plane.zoom(), 40);
}

TEST(ViewPlane, PanMovesThePictureWithTheMouse) {
  for (const bool flip : {false, true}) {
    ViewPlane plane(test::axialGrid(128, 128, 1), {false, flip, !flip, true});
    plane.resize(512, 512);
    const auto before = plane.toScreen(40, 40);
    plane.panBy(25, -10);
    const auto after = plane.toScreen(40, 40);
    EXPECT_NEAR(after.x - before.x, 25, 1e-9);
    EXPECT_NEAR(after.y - before.y, -10, 1e-9);
  }
}

TEST(ViewPlane, ResizingKeepsTheCentreAndTheZoom) {
  ViewPlane plane(test::axialGrid(128, 128, 1), {});
  plane.resize(512, 512);
  plane.zoomAt(100, 100, 2);
  const auto centre = plane.toVoxel(256, 256);
  plane.resize(1024, 600);
  EXPECT_NEAR(plane.toVoxel(512, 300).x, centre.x, 1e-9);
  EXPECT_NEAR(plane.toVoxel(512, 300).y, centre.y, 1e-9);
  EXPECT_DOUBLE_EQ(plane.zoom(), 2);
}

}  // namespace
}  // namespace gadolin::view
