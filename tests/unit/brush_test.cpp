#include "core/imaging/brush.h"

#include <gmock/gmock.h>

namespace gadolin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

BrushStroke dab(double x, double y, double radius_mm) {
  BrushStroke stroke;
  stroke.from = stroke.to = {x, y};
  stroke.radius_mm = radius_mm;
  stroke.columns = 10;
  stroke.rows = 8;
  return stroke;
}

TEST(Brush, CoversThePixelsWhoseCentreIsWithinItsRadius) {
  EXPECT_THAT(pixelsUnder(dab(3, 2, 1)), ElementsAre(13, 22, 23, 24, 33));
  EXPECT_EQ(pixelsUnder(dab(5, 4, 2)).size(), 13U) << "x * x + y * y <= 4";
}

TEST(Brush, SmallerThanAPixelStillTakesTheOneItIsIn) {
  EXPECT_THAT(pixelsUnder(dab(3.4, 2.4, 0.1)), ElementsAre(23));
}

TEST(Brush, IsRoundInMillimetresWherePixelsAreNot) {
  BrushStroke stroke = dab(5, 4, 2);
  stroke.spacing_mm = {2, 1};  // one pixel either way in x, two in y
  EXPECT_THAT(pixelsUnder(stroke), ElementsAre(25, 35, 44, 45, 46, 55, 65));
}

TEST(Brush, LeavesNoGapBetweenTwoPlacesOfTheMouse) {
  BrushStroke stroke = dab(1, 3, 0.5);
  stroke.to = {8, 3};
  EXPECT_THAT(pixelsUnder(stroke), ElementsAre(31, 32, 33, 34, 35, 36, 37, 38));
}

TEST(Brush, OutsideTheSliceTouchesNothing) {
  EXPECT_THAT(pixelsUnder(dab(-30, 3, 2)), IsEmpty());
  EXPECT_THAT(pixelsUnder(dab(3, 400, 2)), IsEmpty());
  EXPECT_THAT(pixelsUnder(dab(0, 0, 1)), ElementsAre(0, 1, 10)) << "cut at the corner";
}

}  // namespace
}  // namespace gadolin
