// Masks, reference and heat map over the image.

#include <gtest/gtest.h>

#include "shown_view.h"

namespace gadolin::view {
namespace {

using test::axialGrid;
using test::boundsOf;
using test::fillBox;
using test::ShownView;
using test::stackOf;

bool isColoured(QRgb pixel) {
  return std::max({qRed(pixel), qGreen(pixel), qBlue(pixel)}) -
             std::min({qRed(pixel), qGreen(pixel), qBlue(pixel)}) >
         20;
}

struct Overlays : ::testing::Test {
  Geometry grid = axialGrid(50, 40, 2, 1, 1.25);  // 50 x 50 mm: 8 pixels a millimetre
  std::shared_ptr<Stack> stack = stackOf(grid, 50);
  ShownView shown;

  void SetUp() override { shown.show(stack); }
  static OverlayStyle only(bool OverlayStyle::*part) {
    OverlayStyle style;
    style.fill = style.outline = style.reference = style.heat = false;
    style.*part = true;
    style.opacity = 1;
    return style;
  }
  [[nodiscard]] std::shared_ptr<Mask> scarBox(int x0, int y0, int x1, int y1) const {
    auto mask = std::make_shared<Mask>(grid);
    fillBox(*mask, x0, y0, x1, y1, 0, std::uint8_t{3});
    return mask;
  }
};

TEST_F(Overlays, FillLiesOnItsVoxelsToHalfAPixel) {
  shown.view->setOverlayStyle(only(&OverlayStyle::fill));
  ASSERT_TRUE(shown.view->setMask(scarBox(10, 8, 30, 20)));
  EXPECT_EQ(boundsOf(shown.grab(), isColoured), QRect(80, 80, 160, 120));
}

TEST_F(Overlays, OutlineRunsAlongTheEdgesOfTheVoxels) {
  shown.view->setOverlayStyle(only(&OverlayStyle::outline));
  ASSERT_TRUE(shown.view->setMask(scarBox(10, 8, 30, 20)));
  const QRect line = boundsOf(shown.grab(), isColoured);
  EXPECT_NEAR(line.left(), 80, 1.5);
  EXPECT_NEAR(line.right(), 240, 1.5);
  EXPECT_NEAR(line.top(), 80, 1.5);
  EXPECT_NEAR(line.bottom(), 200, 1.5);
  EXPECT_FALSE(isColoured(shown.grab().pixel(160, 140))) << "an outline has no fill";
}

TEST_F(Overlays, StayAlignedInMirroredAndTransposedGrids) {
  for (int way = 0; way < 8; ++way) {
    Geometry g = grid;
    if (way & 1) std::swap(g.axes[0], g.axes[1]);
    if (way & 2) g.axes[0] = -1.0 * g.axes[0];
    if (way & 4) g.axes[1] = -1.0 * g.axes[1];
    shown.show(stackOf(g, 50));
    auto mask = std::make_shared<Mask>(g);
    fillBox(*mask, 4, 6, 9, 20, 0, std::uint8_t{3});
    shown.view->setMask(mask);
    for (const auto part : {&OverlayStyle::fill, &OverlayStyle::outline}) {
      shown.view->setOverlayStyle(only(part));
      const auto a = shown.view->plane().toScreen(3.5, 5.5);
      const auto b = shown.view->plane().toScreen(8.5, 19.5);
      const QRect box = boundsOf(shown.grab(), isColoured);
      EXPECT_NEAR(box.left(), std::min(a.x, b.x), 1.5) << way;
      EXPECT_NEAR(box.right() + 1, std::max(a.x, b.x), 1.5) << way;
      EXPECT_NEAR(box.top(), std::min(a.y, b.y), 1.5) << way;
      EXPECT_NEAR(box.bottom() + 1, std::max(a.y, b.y), 1.5) << way;
    }
  }
}

TEST_F(Overlays, WhatAHandDrawsLiesAtOnceWhereTheSceneWillShowIt) {
  for (int way = 0; way < 8; ++way) {
    Geometry g = grid;
    if (way & 1) std::swap(g.axes[0], g.axes[1]);
    if (way & 2) g.axes[0] = -1.0 * g.axes[0];
    if (way & 4) g.axes[1] = -1.0 * g.axes[1];
    shown.show(stackOf(g, 50));
    shown.view->setOverlayStyle(only(&OverlayStyle::fill));
    auto mask = std::make_shared<Mask>(g);
    shown.view->setMask(mask);
    ASSERT_TRUE(boundsOf(shown.grab(), isColoured).isNull());
    std::vector<std::size_t> pixels;
    for (int y = 6; y < 20; ++y)
      for (int x = 4; x < 9; ++x) pixels.push_back(g.index(x, y, 0));
    for (const std::size_t pixel : pixels) mask->voxels[pixel] = 3;
    shown.view->maskChanging(pixels, 3);
    const QImage at_once = shown.grab();
    QTest::qWait(300);
    const QImage later = shown.grab();
    const QRect box = boundsOf(later, isColoured);
    ASSERT_FALSE(box.isNull()) << "the scene follows by itself";
    const QRect first = boundsOf(at_once, isColoured);
    EXPECT_NEAR(first.left(), box.left(), 1.5) << way;
    EXPECT_NEAR(first.right(), box.right(), 1.5) << way;
    EXPECT_NEAR(first.top(), box.top(), 1.5) << way;
    EXPECT_NEAR(first.bottom(), box.bottom(), 1.5) << way;
    EXPECT_EQ(at_once.pixel(box.center()), later.pixel(box.center())) << way;
  }
}

TEST_F(Overlays, WhatAHandDrewOnASliceIsNotSeenOnTheNext) {
  shown.view->setOverlayStyle(only(&OverlayStyle::fill));
  auto mask = std::make_shared<Mask>(grid);
  shown.view->setMask(mask);
  const std::vector<std::size_t> pixels{grid.index(20, 20, 0)};
  mask->voxels[pixels[0]] = 3;
  shown.view->maskChanging(pixels, 3);
  shown.view->setSlice(1);
  EXPECT_TRUE(boundsOf(shown.grab(), isColoured).isNull());
  shown.view->setSlice(0);
  EXPECT_FALSE(boundsOf(shown.grab(), isColoured).isNull());
}

TEST_F(Overlays, ScarHasThePalettesColour) {
  shown.view->setOverlayStyle(only(&OverlayStyle::fill));
  shown.view->setMask(scarBox(10, 8, 30, 20));
  const auto scar = palette(PaletteName::ColourBlindSafe).main.scar;
  EXPECT_EQ(shown.grab().pixel(160, 140), qRgb(scar.r, scar.g, scar.b));
  auto style = only(&OverlayStyle::fill);
  style.palette = PaletteName::Clinical;
  shown.view->setOverlayStyle(style);
  EXPECT_EQ(shown.grab().pixel(160, 140), qRgb(255, 225, 25));
}

TEST_F(Overlays, OpacityMixesWithTheImage) {
  auto style = only(&OverlayStyle::fill);
  style.opacity = 0.5;
  shown.view->setOverlayStyle(style);
  shown.view->setMask(scarBox(10, 8, 30, 20));
  const auto scar = palette(PaletteName::ColourBlindSafe).main.scar;
  const QRgb pixel = shown.grab().pixel(160, 140);
  EXPECT_NEAR(qRed(pixel), (scar.r + 127) / 2, 3);
  EXPECT_NEAR(qBlue(pixel), (scar.b + 127) / 2, 3);
}

TEST_F(Overlays, TurnedOffLeavesTheGreyImageAlone) {
  const auto before = shown.grab();
  shown.view->setMask(scarBox(10, 8, 30, 20));
  shown.view->setReference(scarBox(12, 8, 30, 20));
  EXPECT_NE(shown.grab(), before);
  shown.view->toggleOverlays();
  EXPECT_EQ(shown.grab(), before);
}

TEST_F(Overlays, ReferenceIsAnOutlineOfItsOwnColour) {
  OverlayStyle style;
  style.fill = style.outline = false;
  shown.view->setOverlayStyle(style);
  ASSERT_TRUE(shown.view->setReference(scarBox(10, 8, 30, 20)));
  const auto colour = palette(PaletteName::ColourBlindSafe).reference.scar;
  const auto image = shown.grab();
  const QRect line =
      boundsOf(image, [&](QRgb p) { return p == qRgb(colour.r, colour.g, colour.b); });
  EXPECT_NEAR(line.width(), 160, 3);
  EXPECT_NEAR(line.height(), 120, 3);
}

TEST_F(Overlays, HeatMapShowsOnlyWhereItIsAboveZero) {
  shown.view->setOverlayStyle(only(&OverlayStyle::heat));
  auto heat = std::make_shared<HeatMap>(grid);
  fillBox(*heat, 10, 8, 30, 20, 0, std::uint8_t{255});
  ASSERT_TRUE(shown.view->setHeatMap(heat));
  const auto image = shown.grab();
  EXPECT_TRUE(isColoured(image.pixel(160, 140)));
  EXPECT_FALSE(isColoured(image.pixel(40, 40)));
  EXPECT_FALSE(isColoured(image.pixel(300, 300)));
}

TEST_F(Overlays, FollowTheSlice) {
  shown.view->setOverlayStyle(only(&OverlayStyle::fill));
  shown.view->setMask(scarBox(10, 8, 30, 20));
  shown.view->setSlice(1);
  EXPECT_TRUE(boundsOf(shown.grab(), isColoured).isEmpty());
  shown.view->setSlice(0);
  EXPECT_FALSE(boundsOf(shown.grab(), isColoured).isEmpty());
}

TEST_F(Overlays, AMaskOfAnotherGridIsRefused) {
  EXPECT_FALSE(shown.view->setMask(std::make_shared<Mask>(axialGrid(50, 41, 2))));
  EXPECT_TRUE(boundsOf(shown.grab(), isColoured).isEmpty());
}

TEST_F(Overlays, AreDroppedWithTheirStack) {
  shown.view->setMask(scarBox(10, 8, 30, 20));
  shown.show(stackOf(grid, 50));
  EXPECT_TRUE(boundsOf(shown.grab(), isColoured).isEmpty());
}

TEST(HeatColours, GrowLighterEvenly) {
  const auto& colours = heatColours();
  double before = -1;
  for (std::size_t i = 0; i < 256; i += 15) {
    const auto& c = colours[i];
    const double luma = 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
    EXPECT_GT(luma, before) << i;
    before = luma;
  }
}

}  // namespace
}  // namespace gadolin::view
