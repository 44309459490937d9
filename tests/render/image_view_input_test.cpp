// Mouse and keys as workstation.md names them.

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QWheelEvent>

#include "shown_view.h"

namespace gadolin::view {
namespace {

using test::axialGrid;
using test::greyAt;
using test::ShownView;
using test::stackOf;

void turnWheel(QWidget* widget, int eighths, Qt::KeyboardModifiers modifiers = Qt::NoModifier,
               QPointF at = {200, 200}) {
  QWheelEvent event(at, widget->mapToGlobal(at), {}, {0, eighths}, Qt::NoButton, modifiers,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(widget, &event);
}

void drag(QWidget* widget, Qt::MouseButton button, QPoint from, QPoint to) {
  QTest::mousePress(widget, button, Qt::NoModifier, from);
  // QTest::mouseMove() carries no buttons.
  for (const QPoint at : {(from + to) / 2, to}) {
    QMouseEvent move(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, button,
                     Qt::NoModifier);
    QApplication::sendEvent(widget, &move);
  }
  QTest::mouseRelease(widget, button, Qt::NoModifier, to);
}

struct Input : ::testing::Test {
  std::shared_ptr<Stack> stack = stackOf(axialGrid(50, 50, 8));
  ShownView shown;

  void SetUp() override {
    for (std::size_t i = 0; i < stack->image.voxels.size(); ++i) {
      stack->image.voxels[i] = static_cast<float>(i % 101);
    }
    shown.view->setStack(stack);
  }
};

TEST_F(Input, WheelDownGoesTowardsTheApex) {
  EXPECT_EQ(shown.view->slice(), 0);
  turnWheel(shown.view, -120);
  EXPECT_EQ(shown.view->slice(), 1);
  turnWheel(shown.view, 120);
  turnWheel(shown.view, 120);  // stops at the base
  EXPECT_EQ(shown.view->slice(), 0);

  auto apex_first = std::make_shared<Stack>(*stack);
  apex_first->apex_first = true;
  shown.view->setStack(apex_first);
  EXPECT_EQ(shown.view->slice(), 7);
  turnWheel(shown.view, -120);
  EXPECT_EQ(shown.view->slice(), 6);
}

TEST_F(Input, AFineWheelNeedsAWholeNotch) {
  QSignalSpy slices(shown.view, &ImageView::sliceChanged);
  for (int i = 0; i < 7; ++i) turnWheel(shown.view, -15);
  EXPECT_EQ(slices.size(), 0);
  turnWheel(shown.view, -15);
  EXPECT_EQ(slices.size(), 1);
  EXPECT_EQ(shown.view->slice(), 1);
}

TEST_F(Input, CtrlWheelZoomsAtTheMouse) {
  const auto before = shown.view->plane().toVoxel(120, 310);
  turnWheel(shown.view, 240, Qt::ControlModifier, {120, 310});
  EXPECT_NEAR(shown.view->plane().zoom(), 1.15 * 1.15, 1e-9);
  EXPECT_NEAR(shown.view->plane().toVoxel(120, 310).x, before.x, 1e-9);
  EXPECT_EQ(shown.view->slice(), 0);
}

TEST_F(Input, RightDragUpIsBrighterAndRightIsWider) {
  shown.show(stackOf(axialGrid(50, 50, 1), 50));
  const int grey = greyAt(shown.grab(), 100, 300);
  QSignalSpy remembered(shown.view, &ImageView::windowChanged);
  const auto before = shown.view->windowLevel();
  // This image is constant, so its automatic width is 1: 20 pixels move the centre by 0.1.
  shown.view->setStack(stack);
  const auto automatic = shown.view->windowLevel();
  drag(shown.view, Qt::RightButton, {200, 200}, {200, 150});
  EXPECT_LT(shown.view->windowLevel().centre, automatic.centre);
  EXPECT_NEAR(shown.view->windowLevel().width, automatic.width, 1e-9);
  drag(shown.view, Qt::RightButton, {200, 200}, {300, 200});
  EXPECT_GT(shown.view->windowLevel().width, automatic.width * 1.5);
  EXPECT_EQ(remembered.size(), 2) << "once a drag, at its end";
  EXPECT_NEAR(grey, 127, 2);
  EXPECT_EQ(before.width, 100);
}

TEST_F(Input, RightDragChangesTheGreyValuesOnTheScreen) {
  const auto before = shown.grab();
  drag(shown.view, Qt::RightButton, {200, 200}, {200, 120});
  const auto after = shown.grab();
  double sum_before = 0, sum_after = 0;
  for (int i = 10; i < 390; ++i) {
    sum_before += qGray(before.pixel(i, i / 2 + 100));
    sum_after += qGray(after.pixel(i, i / 2 + 100));
  }
  EXPECT_GT(sum_after, sum_before * 1.2);
}

TEST_F(Input, MiddleDragPans) {
  const auto before = shown.view->plane().toScreen(10, 10);
  drag(shown.view, Qt::MiddleButton, {200, 200}, {230, 180});
  const auto after = shown.view->plane().toScreen(10, 10);
  EXPECT_NEAR(after.x - before.x, 30, 1e-9);
  EXPECT_NEAR(after.y - before.y, -20, 1e-9);
}

TEST_F(Input, DoubleClickAsksToMaximise) {
  QSignalSpy asked(shown.view, &ImageView::maximised);
  QTest::mouseDClick(shown.view, Qt::LeftButton, Qt::NoModifier, {100, 100});
  EXPECT_EQ(asked.size(), 1);
}

TEST_F(Input, KeysDoWhatTheirNamesSay) {
  const auto automatic = shown.view->windowLevel();
  shown.view->setWindowLevel({1, 2});
  QTest::keyClick(shown.view, Qt::Key_A);
  EXPECT_EQ(shown.view->windowLevel(), automatic);

  turnWheel(shown.view, 480, Qt::ControlModifier);
  QTest::keyClick(shown.view, Qt::Key_R);
  EXPECT_DOUBLE_EQ(shown.view->plane().zoom(), 1);

  EXPECT_FALSE(shown.view->smooth());
  QTest::keyClick(shown.view, Qt::Key_I);
  EXPECT_TRUE(shown.view->smooth());
  QTest::keyClick(shown.view, Qt::Key_T);
  EXPECT_FALSE(shown.view->overlayStyle().visible);
  QTest::keyClick(shown.view, Qt::Key_BracketRight);
  EXPECT_NEAR(shown.view->overlayStyle().opacity, 0.5, 1e-9);
  for (int i = 0; i < 9; ++i) QTest::keyClick(shown.view, Qt::Key_BracketLeft);
  EXPECT_DOUBLE_EQ(shown.view->overlayStyle().opacity, 0);
}

TEST_F(Input, OtherKeysReachTheWorkspace) {
  struct Workspace : QWidget {
    int keys = 0;
    void keyPressEvent(QKeyEvent*) override { ++keys; }
  } workspace;
  auto* view = new ImageView(&workspace);
  for (const auto key : {Qt::Key_1, Qt::Key_Space, Qt::Key_X, Qt::Key_Left, Qt::Key_Backspace}) {
    QTest::keyClick(view, key);
  }
  EXPECT_EQ(workspace.keys, 5);
  view->setViewKeysEnabled(false);
  QTest::keyClick(view, Qt::Key_A);
  EXPECT_EQ(workspace.keys, 6);
}

TEST_F(Input, HoverTellsValueAndPosition) {
  std::optional<Hover> last;
  QObject::connect(shown.view, &ImageView::hovered, shown.view, [&last](const Hover* hover) {
    last = hover ? std::optional(*hover) : std::nullopt;
  });
  // 8 pixels a voxel: pixel (84, 164) lies in voxel (10, 20).
  QTest::mouseMove(shown.view, {84, 164});
  QTRY_VERIFY_WITH_TIMEOUT(last.has_value(), 2000);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->x, 10);
  EXPECT_EQ(last->y, 20);
  EXPECT_EQ(last->value, static_cast<double>(stack->image.at(10, 20, 0)));
  EXPECT_DOUBLE_EQ(last->position_mm[0], -90);
  EXPECT_DOUBLE_EQ(last->position_mm[1], -70);
  EXPECT_DOUBLE_EQ(last->position_mm[2], 40);
  QEvent leave(QEvent::Leave);
  QApplication::sendEvent(shown.view, &leave);
  EXPECT_FALSE(last);
}

}  // namespace
}  // namespace gadolin::view
