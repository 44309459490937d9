// A view's life: other windows, hiding, deletion in any order.

#include <gtest/gtest.h>

#include <QOpenGLWidget>
#include <QWindow>

#include "shown_view.h"
#include "ui/view/graphics.h"

namespace gadolin::view {
namespace {

using test::axialGrid;
using test::greyAt;
using test::ShownView;
using test::stackOf;

TEST(ViewLife, MovesToAnotherWindowAndBack) {
  ShownView shown;
  shown.show(stackOf(axialGrid(50, 50, 2), 90));
  auto mask = std::make_shared<Mask>(axialGrid(50, 50, 2));
  test::fillBox(*mask, 10, 10, 40, 40, 0, std::uint8_t{3});
  shown.view->setMask(mask);
  const auto before = shown.grab();
  QWidget other;
  other.resize(400, 400);
  other.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&other));
  for (int round = 0; round < 3; ++round) {
    shown.view->setParent(round % 2 == 0 ? &other : &shown.window);
    shown.view->show();
    QTest::qWait(30);
    EXPECT_EQ(shown.grab(), before) << round;
  }
  delete shown.view;
}

TEST(ViewLife, HideAndShowKeepsThePicture) {
  ShownView shown;
  shown.show(stackOf(axialGrid(50, 50, 2), 90));
  const auto before = shown.grab();
  for (int round = 0; round < 3; ++round) {
    shown.view->hide();
    shown.view->setSlice(round % 2);
    QTest::qWait(10);
    shown.view->show();
    QTest::qWait(10);
    EXPECT_EQ(shown.grab(), before);
  }
  shown.window.hide();
  QTest::qWait(10);
  shown.window.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&shown.window));
  EXPECT_EQ(shown.grab(), before);
}

TEST(ViewLife, DeletionInAnyOrderIsQuiet) {
  const auto stack = stackOf(axialGrid(50, 50, 2), 90);
  for (int order = 0; order < 4; ++order) {
    auto* window = new QWidget;
    window->resize(300, 300);
    auto* first = new ImageView(window);
    auto* second = new ImageView(window);
    first->setGeometry(0, 0, 150, 300);
    second->setGeometry(150, 0, 150, 300);
    first->setStack(stack);
    second->setStack(stack);
    if (order != 3) {  // 3: never shown
      window->show();
      ASSERT_TRUE(QTest::qWaitForWindowExposed(window));
    }
    if (order == 0) delete first;
    if (order == 1) delete second;
    if (order == 2) {  // outlives its window
      first->setParent(nullptr);
      delete window;
      delete first;
      continue;
    }
    QTest::qWait(5);
    delete window;
  }
}

TEST(ViewLife, AStackMayEndBeforeTheView) {
  ShownView shown;
  shown.show(stackOf(axialGrid(50, 50, 2), 90));  // the test keeps no pointer
  shown.view->setStack(nullptr);
  shown.view->setPlaceholder(QStringLiteral("Select a patient"));
  EXPECT_LT(greyAt(shown.grab(), 30, 30), 5);
  shown.view->setSlice(3);
  shown.view->resetView();
  EXPECT_EQ(shown.view->slice(), 0);
}

/// The widget that the picture is on.
QWidget* surfaceOf(const ImageView& view) {
  const auto children = view.findChildren<QWidget*>(Qt::FindDirectChildrenOnly);
  return children.size() == 1 ? children.front() : nullptr;
}

TEST(ViewLife, SoftwareOpenGLDoesNotPutTheWholeWindowTogether) {
  ShownView shown;
  ASSERT_NE(surfaceOf(*shown.view), nullptr);
  const bool composed = qgetenv("GADOLIN_VIEW") == "composed";
  EXPECT_EQ(drawing(), composed ? Drawing::Composed : Drawing::Copied);
  EXPECT_EQ(qobject_cast<QOpenGLWidget*>(surfaceOf(*shown.view)) != nullptr, composed);
  EXPECT_EQ(shown.window.windowHandle()->surfaceType(),
            composed ? QSurface::OpenGLSurface : QSurface::RasterSurface);
}

TEST(ViewLife, TheWindowShowsWhatThePictureHolds) {
  ShownView shown;
  shown.show(stackOf(axialGrid(50, 50, 2), 90));
  QTest::qWait(30);
  EXPECT_NEAR(greyAt(shown.window.grab().toImage(), 200, 200), 230, 3);
  shown.view->setWindowLevel({50, 400});
  QTest::qWait(30);
  EXPECT_NEAR(greyAt(shown.window.grab().toImage(), 200, 200), 153, 3);
}

TEST(ViewLife, APictureFollowsTheSizeOfItsView) {
  ShownView shown({300, 200});
  shown.show(stackOf(axialGrid(50, 50, 1), 90));
  for (const QSize size : {QSize(180, 160), QSize(411, 333), QSize(300, 200)}) {
    shown.view->resize(size);
    QTest::qWait(20);
    const QImage picture = shown.grab();
    ASSERT_EQ(picture.size(), size);
    EXPECT_NEAR(greyAt(picture, size.width() / 2, size.height() / 2), 230, 3);
    EXPECT_LT(greyAt(picture, 2, size.height() / 2), 5);  // beside the square image
  }
}

TEST(ViewLife, TwoViewsDoNotMixTheirPictures) {
  QWidget window;
  window.resize(400, 200);
  auto* dark = new ImageView(&window);
  auto* bright = new ImageView(&window);
  dark->setGeometry(0, 0, 200, 200);
  bright->setGeometry(200, 0, 200, 200);
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
  dark->setStack(stackOf(axialGrid(20, 20, 1), 10));
  dark->setWindowLevel({50, 100});
  bright->setStack(stackOf(axialGrid(20, 20, 1), 90));
  bright->setWindowLevel({50, 100});
  QTest::qWait(30);
  EXPECT_NEAR(greyAt(dark->picture(), 60, 60), 25, 3);
  EXPECT_NEAR(greyAt(bright->picture(), 60, 60), 230, 3);
}

}  // namespace
}  // namespace gadolin::view
