// On platform "offscreen" there is no OpenGL context: nothing may crash for want of it.

#include <gtest/gtest.h>

#include "shown_view.h"

namespace gadolin::view {
namespace {

TEST(OffscreenView, WorksWithoutAContext) {
  QWidget window;
  window.resize(300, 300);
  auto* view = new ImageView(&window);
  view->setGeometry(0, 0, 300, 300);
  window.show();
  QTest::qWait(20);
  EXPECT_TRUE(view->picture().isNull());
  auto stack = test::stackOf(test::axialGrid(30, 30, 4), 10);
  view->setStack(stack);
  view->setMask(std::make_shared<Mask>(stack->image.geometry));
  view->stepTowardsApex(2);
  view->resetView();
  view->resize(200, 250);
  window.hide();
  window.show();
  QTest::qWait(20);
  EXPECT_EQ(view->slice(), 2);
  EXPECT_NEAR(view->plane().pixelsPer_mm(), 200.0 / 30, 1e-9);
  view->setParent(nullptr);
  delete view;
}

}  // namespace
}  // namespace gadolin::view
