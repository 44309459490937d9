#include "core/imaging/display_orientation.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "picture_stack.h"

namespace gadolin::view {
namespace {

/// The axial grid stored in one of the eight ways.
Geometry storedAs(bool transpose, bool flip_x, bool flip_y) {
  Geometry g = test::axialGrid(10, 20, 3);
  if (transpose) std::swap(g.axes[0], g.axes[1]);
  if (flip_x) g.axes[0] = -1.0 * g.axes[0];
  if (flip_y) g.axes[1] = -1.0 * g.axes[1];
  return g;
}

TEST(Orientation, EveryWayToStoreAnAxialSliceIsShownWithRightOnTheLeftAndAnteriorOnTop) {
  for (int way = 0; way < 8; ++way) {
    const Geometry g = storedAs((way & 1) != 0, (way & 2) != 0, (way & 4) != 0);
    const auto letters = edgeLetters(g, displayOrientation(g));
    EXPECT_EQ(letters.left, "R") << way;
    EXPECT_EQ(letters.right, "L") << way;
    EXPECT_EQ(letters.top, "A") << way;
    EXPECT_EQ(letters.bottom, "P") << way;
  }
}

TEST(Orientation, LettersFollowTheImageInAllEightWaysOfLayingItOut) {
  const Geometry g = test::axialGrid(10, 20, 3);
  struct Case {
    DisplayOrientation way;
    std::array<const char*, 4> letters;  // left, right, top, bottom
  };
  const std::array<Case, 8> cases{{{{false, false, false}, {"R", "L", "A", "P"}},
                                   {{false, true, false}, {"L", "R", "A", "P"}},
                                   {{false, false, true}, {"R", "L", "P", "A"}},
                                   {{false, true, true}, {"L", "R", "P", "A"}},
                                   {{true, false, false}, {"A", "P", "R", "L"}},
                                   {{true, true, false}, {"P", "A", "R", "L"}},
                                   {{true, false, true}, {"A", "P", "L", "R"}},
                                   {{true, true, true}, {"P", "A", "L", "R"}}}};
  for (const auto& [way, expected] : cases) {
    const auto letters = edgeLetters(g, way);
    EXPECT_EQ(letters.left, expected[0]);
    EXPECT_EQ(letters.right, expected[1]);
    EXPECT_EQ(letters.top, expected[2]);
    EXPECT_EQ(letters.bottom, expected[3]);
  }
}

TEST(Orientation, AScannersShortAxisSliceStaysAsItWasAcquired) {
  Geometry g = test::axialGrid(10, 10, 3);
  // A usual short axis: columns run left, back and down, rows back and down.
  g.axes[0] = {0.72, 0.52, -0.46};
  const Vec3 look = cross(g.axes[0], {-0.10, 0.62, -0.78});
  const Vec3 down = cross(look, g.axes[0]);
  g.axes[1] = (1 / norm(down)) * down;
  const auto orientation = displayOrientation(g);
  EXPECT_EQ(orientation, DisplayOrientation{});
  EXPECT_EQ(edgeLetters(g, orientation).right, "LPF");
}

TEST(Orientation, ASliceWithReversedRowsIsNotShownMirrored) {
  Geometry g = test::axialGrid(10, 10, 3);
  g.axes[1] = -1.0 * g.axes[1];  // what a converter to NIfTI does to a scanner's rows
  EXPECT_EQ(displayOrientation(g), (DisplayOrientation{.flip_down = true}));
}

TEST(Orientation, AFileWithoutOrientationShowsNoSides) {
  Geometry g = test::axialGrid(10, 10, 3);
  g.axes[0] = {-1, 0, 0};
  g.axes[1] = {0, -1, 0};
  g.origin_mm = {0, 0, 0};
  const auto orientation = displayOrientation(g);
  EXPECT_FALSE(orientation.known);
  EXPECT_EQ(edgeLetters(g, orientation).left, "");
  g.origin_mm = {5, 0, 0};  // with an origin it is a real axial slice, lying upside down
  EXPECT_EQ(edgeLetters(g, displayOrientation(g)).left, "R");
}

TEST(Orientation, AnEmidecShortAxisSliceIsNotCalledAxial) {
  Geometry g = test::axialGrid(10, 10, 3);  // its sform is diag(-1, -1, 1): unit columns in LPS
  g.origin_mm = {0, 0, 0};
  EXPECT_EQ(displayOrientation(g), (DisplayOrientation{.known = false})) << "shown as it is stored";
  EXPECT_EQ(edgeLetters(g, displayOrientation(g)).top, "");
  g.origin_mm = {-120, -90, 0};
  EXPECT_EQ(edgeLetters(g, displayOrientation(g)).top, "A");
}

TEST(Orientation, ObliquesGetTheirLettersByTheSizeOfTheParts) {
  EXPECT_EQ(directionLetters({0.6, -0.8, 0}), "AL");
  EXPECT_EQ(directionLetters({-0.8, 0.6, 0}), "RP");
  EXPECT_EQ(directionLetters({0, 0, 1}), "H");
  EXPECT_EQ(directionLetters({0.2, 0.1, -0.97}), "F");  // 12 degrees off is not worth a letter
  EXPECT_EQ(directionLetters({0.577, 0.577, 0.577}), "LPH");
}

}  // namespace
}  // namespace gadolin::view
