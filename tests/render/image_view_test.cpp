// What the large view shows: size, shape and brightness of known pictures.

#include "ui/view/image_view.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

#include "shown_view.h"

namespace gadolin::view {
namespace {

using test::axialGrid;
using test::boundsOf;
using test::fillBox;
using test::greyAt;
using test::ShownView;
using test::stackOf;

bool isBright(QRgb pixel) {
  return qGray(pixel) > 128;
}

TEST(ImageView, FirstPaintIsNotEmpty) {
  auto stack = stackOf(axialGrid(50, 50, 1));
  fillBox(stack->image, 10, 10, 40, 40, 0, 100.0F);
  const ShownView shown;
  shown.show(stack);
  const auto image = shown.grab();
  EXPECT_GT(greyAt(image, 200, 200), 250);
  EXPECT_LT(greyAt(image, 20, 20), 5);
}

TEST(ImageView, ASquareInMillimetresIsASquareOnTheScreen) {
  // 30 x 15 voxels of 1 x 2 mm make 30 x 30 mm; 100 mm fill 400 pixels.
  auto stack = stackOf(axialGrid(100, 50, 1, 1, 2));
  fillBox(stack->image, 20, 10, 50, 25, 0, 100.0F);
  const ShownView shown;
  shown.show(stack);
  const QRect square = boundsOf(shown.grab(), isBright);
  EXPECT_NEAR(square.width(), 120, 1);
  EXPECT_NEAR(square.height(), 120, 1);
  EXPECT_NEAR(square.left(), 80, 1);
  EXPECT_NEAR(square.top(), 80, 1);
}

TEST(ImageView, TheVoxelUnderTheMouseIsTheVoxelThatIsDrawnThere) {
  for (int way = 0; way < 8; ++way) {
    Geometry g = axialGrid(40, 60, 1, 1.5, 1);
    if (way & 1) std::swap(g.axes[0], g.axes[1]);
    if (way & 2) g.axes[0] = -1.0 * g.axes[0];
    if (way & 4) g.axes[1] = -1.0 * g.axes[1];
    auto stack = stackOf(g);
    stack->image.at(7, 11, 0) = 100;
    const ShownView shown;
    shown.show(stack);
    const QRect spot = boundsOf(shown.grab(), isBright);
    ASSERT_FALSE(spot.isEmpty()) << way;
    const auto expected = shown.view->plane().toScreen(7, 11);
    EXPECT_NEAR(spot.x() + spot.width() / 2.0, expected.x, 0.75) << way;
    EXPECT_NEAR(spot.y() + spot.height() / 2.0, expected.y, 0.75) << way;
  }
}

TEST(ImageView, ResizingRefitsThePicture) {
  auto stack = stackOf(axialGrid(50, 50, 1), 100);
  ShownView shown;
  shown.show(stack);
  shown.window.resize(700, 500);
  shown.view->resize(600, 300);
  const auto image = shown.grab();
  EXPECT_EQ(image.size(), QSize(600, 300));
  EXPECT_EQ(boundsOf(image, isBright), QRect(150, 0, 300, 300));
}

TEST(ImageView, AlphaIsOneEverywhere) {
  ShownView shown;
  shown.show(stackOf(axialGrid(50, 20, 1), 10));
  const auto image = shown.grab().convertToFormat(QImage::Format_ARGB32);
  for (int y = 0; y < image.height(); y += 7) {
    for (int x = 0; x < image.width(); x += 7) ASSERT_EQ(qAlpha(image.pixel(x, y)), 255);
  }
  // The window behind must not shine through either.
  const auto composed = shown.window.grab().toImage();
  EXPECT_LT(greyAt(composed, 200, 20), 5);
}

TEST(ImageView, TheNewStackIsShownAfterASwitch) {
  const ShownView shown;
  shown.show(stackOf(axialGrid(50, 50, 3), 10), 2);
  EXPECT_LT(greyAt(shown.grab(), 200, 200), 60);
  auto next = stackOf(axialGrid(64, 64, 5));
  fillBox(next->image, 0, 0, 64, 64, 0, 90.0F);
  shown.show(next);
  EXPECT_EQ(shown.view->slice(), 0);
  EXPECT_GT(greyAt(shown.grab(), 200, 200), 200);
}

TEST(ImageView, BeginsAtTheBaseWhicheverEndIsStoredFirst) {
  const ShownView shown;
  auto stack = stackOf(axialGrid(20, 20, 6), 10);
  shown.view->setStack(stack);
  EXPECT_EQ(shown.view->slice(), 0);
  auto reversed = std::make_shared<Stack>(*stack);
  reversed->apex_first = true;
  shown.view->setStack(reversed);
  EXPECT_EQ(shown.view->slice(), 5);
}

TEST(ImageView, AnnotationsAreDrawnOverThePicture) {
  ShownView shown;
  shown.show(stackOf(axialGrid(50, 50, 4), 40));
  const auto without = shown.grab();
  shown.view->setAnnotationsVisible(true);
  shown.view->setTitle(QStringLiteral("Patient 12"));
  const auto with = shown.grab();
  const auto differs = [&](const QRect& area) {
    int count = 0;
    for (int y = area.top(); y <= area.bottom(); ++y) {
      for (int x = area.left(); x <= area.right(); ++x) {
        if (with.pixel(x, y) != without.pixel(x, y)) ++count;
      }
    }
    return count;
  };
  EXPECT_GT(differs({0, 0, 120, 50}), 50) << "title and slice number";
  EXPECT_GT(differs({300, 0, 100, 25}), 20) << "window";
  EXPECT_GT(differs({0, 190, 25, 20}), 5) << "left letter";
  EXPECT_GT(differs({375, 190, 25, 20}), 5) << "right letter";
  EXPECT_GT(differs({250, 360, 150, 40}), 50) << "ruler";
  EXPECT_EQ(differs({100, 100, 200, 80}), 0) << "nothing over the heart";
  // A screenshot of the window has them too.
  const auto screenshot = shown.window.grab().toImage();
  int same = 0;
  for (int y = 0; y < 50; ++y) {
    for (int x = 0; x < 120; ++x) same += screenshot.pixel(x, y) == with.pixel(x, y) ? 1 : 0;
  }
  EXPECT_EQ(same, 50 * 120);
}

TEST(ImageView, RemembersTheWindowPerImageKind) {
  const ShownView shown;
  auto psir = stackOf(axialGrid(40, 40, 1));
  for (std::size_t i = 0; i < psir->image.voxels.size(); ++i) {
    psir->image.voxels[i] = static_cast<float>(i % 100);
  }
  psir->kind = ImageKind::Psir;
  auto magnitude = std::make_shared<Stack>(*psir);
  magnitude->kind = ImageKind::Magnitude;
  auto louder = std::make_shared<Stack>(*psir);
  for (auto& value : louder->image.voxels) value *= 10;

  shown.view->setStack(psir);
  const auto automatic = shown.view->windowLevel();
  QSignalSpy changes(shown.view, &ImageView::windowChanged);
  shown.view->setWindowLevel({automatic.centre + automatic.width / 4, automatic.width / 2});
  EXPECT_EQ(changes.size(), 1);
  shown.view->setStack(magnitude);
  EXPECT_EQ(shown.view->windowLevel(), automatic);
  shown.view->setStack(louder);
  EXPECT_NEAR(shown.view->windowLevel().width, 5 * automatic.width, 1e-6);
  // Chosen in another view: also for what is on the screen, and not announced again.
  shown.view->setRememberedWindow(ImageKind::Psir, {0, 1});
  EXPECT_NEAR(shown.view->windowLevel().width, 10 * automatic.width, 1e-6);
  shown.view->setRememberedWindow(ImageKind::Magnitude, {0, 3});
  EXPECT_NEAR(shown.view->windowLevel().width, 10 * automatic.width, 1e-6) << "another kind";
  EXPECT_EQ(changes.size(), 1);
  shown.view->setStack(psir);
  EXPECT_NEAR(shown.view->windowLevel().width, automatic.width, 1e-9);
}

}  // namespace
}  // namespace gadolin::view
