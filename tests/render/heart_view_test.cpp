// The ventricle in space, as it is seen and turned.

#include "ui/view/heart_view.h"

#include <gtest/gtest.h>

#include <QTest>
#include <cmath>

namespace gadolin::view {
namespace {

/// A ball of wall and cavity with scar on the patient's front.
std::shared_ptr<const HeartMeshes> frontScar() {
  Geometry grid;
  grid.size = {60, 60, 14};
  grid.spacing_mm = {1.5, 1.5, 6};
  grid.origin_mm = {-45, -45, 10};
  Stack stack;
  stack.image = Volume<float>(grid);
  Mask mask(grid);
  for (int z = 0; z < 14; ++z) {
    SliceInfo slice;
    slice.origin_mm = grid.toWorld(0, 0, z);
    stack.slices.push_back(slice);
    for (int y = 0; y < 60; ++y) {
      for (int x = 0; x < 60; ++x) {
        const Vec3 v = grid.toWorld(x, y, z) - Vec3{0, 0, 49};
        const double r = norm(v);
        if (r < 34) mask.at(x, y, z) = r < 24 ? 1 : v[1] < -15 ? 3 : 2;
      }
    }
  }
  setExtentsFromPositions(stack);
  auto meshes = heartMeshes(stack, mask);
  return meshes ? std::make_shared<const HeartMeshes>(std::move(*meshes)) : nullptr;
}

int scarPixels(const QImage& picture) {
  int count = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      const QColor c = picture.pixelColor(x, y);
      count += c.red() > 90 && c.red() > 2 * c.blue() && c.green() > 1.3 * c.blue() &&
               c.red() > 1.2 * c.green();
    }
  }
  return count;
}

TEST(HeartView, ScarOnTheFrontIsSeenFromTheFrontAndGoesBehindWhenTheHeartIsTurned) {
  const auto heart = frontScar();
  ASSERT_TRUE(heart);
  HeartView view;
  view.resize(400, 400);
  view.setHeart(heart, true);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  const QImage front = view.picture();
  ASSERT_FALSE(front.isNull());
  const int seen = scarPixels(front);
  EXPECT_GT(seen, 4000);
  // Half a turn: 360 pixels of half a degree.
  QTest::mousePress(&view, Qt::LeftButton, Qt::NoModifier, {20, 200});
  for (int x = 20; x <= 380; x += 40) {
    QMouseEvent move(QEvent::MouseMove, QPointF(x, 200), view.mapToGlobal(QPointF(x, 200)),
                     Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&view, &move);
  }
  QTest::mouseRelease(&view, Qt::LeftButton, Qt::NoModifier, {380, 200});
  EXPECT_LT(scarPixels(view.picture()), seen / 3) << "its rim looks past the cavity";
  QTest::mouseDClick(&view, Qt::LeftButton, Qt::NoModifier, {200, 200});
  EXPECT_NEAR(scarPixels(view.picture()), seen, 0.02 * seen) << "from the front again";
}

TEST(HeartView, SliceInFrontIsFramedAndAnotherOneElsewhere) {
  HeartView view;
  view.resize(400, 400);
  view.setHeart(frontScar(), true);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  const QImage without = view.picture();
  view.setSlice(3);
  const QImage third = view.picture();
  view.setSlice(9);
  const QImage ninth = view.picture();
  EXPECT_NE(without, third);
  EXPECT_NE(third, ninth);
}

TEST(HeartView, NothingToShowIsSaid) {
  HeartView view;
  view.resize(300, 300);
  view.setHeart(nullptr, false, QStringLiteral("There is no ventricle to show."));
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  EXPECT_FALSE(view.hasHeart());
  EXPECT_EQ(scarPixels(view.picture()), 0);
}

}  // namespace
}  // namespace gadolin::view
