#pragma once
// The Contour workspace of a phantom project, driven by keys and mouse.

#include <QLabel>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "database/mask_edits.h"
#include "tests/ui/window_fixture.h"
#include "ui/session/contour_desk.h"
#include "ui/view/image_view.h"
#include "ui/widgets/contour_workspace.h"

namespace gadolin::test {

using contour::Point;
using Voxels = std::vector<std::uint8_t>;

class ContourWindow : public WindowFixture {
 protected:
  void open(PhantomOptions options = {}, int patients = 1) {
    options.patients = patients;
    ASSERT_NO_FATAL_FAILURE(openWindow(options));
    page_ = &show<widgets::ContourWorkspace>(widgets::Place::Contour);
    ASSERT_NE(image().stack(), nullptr);
    ASSERT_NE(desk().mask(), nullptr);
  }
  void SetUp() override {
    WindowFixture::SetUp();
    widgets::memory::setReader(QStringLiteral("AB"));
  }
  view::ImageView& image() { return page_->imageView(); }
  session::ContourDesk& desk() { return *page_->contours(); }
  void key(Qt::Key which, Qt::KeyboardModifiers with = Qt::NoModifier) {
    QTest::keyClick(&image(), which, with);
    settle();
  }
  Voxels slice() {
    const auto labels = desk().mask()->slice(image().slice());
    return {labels.begin(), labels.end()};
  }
  static long count(const Voxels& labels, std::uint8_t label) {
    return std::ranges::count(labels, label);
  }
  QPointF onScreen(const Point& voxel) {
    const auto at = image().plane().toScreen(voxel.x, voxel.y);
    return {at.x, at.y};
  }
  void mouse(QEvent::Type type, const Point& voxel, Qt::MouseButton button,
             Qt::MouseButtons buttons, Qt::KeyboardModifiers with = Qt::NoModifier) {
    const QPointF at = onScreen(voxel);
    QMouseEvent event(type, at, image().mapToGlobal(at), button, buttons, with);
    QApplication::sendEvent(&image(), &event);
  }
  void hover(const Point& voxel) {
    mouse(QEvent::MouseMove, voxel, Qt::NoButton, Qt::NoButton);
  }
  /// The left button down at the first place, over the others, and up.
  void drag(const std::vector<Point>& way, Qt::KeyboardModifiers with = Qt::NoModifier) {
    hover(way.front());
    mouse(QEvent::MouseButtonPress, way.front(), Qt::LeftButton, Qt::LeftButton, with);
    for (const Point& place : way) mouse(QEvent::MouseMove, place, Qt::NoButton, Qt::LeftButton, with);
    mouse(QEvent::MouseButtonRelease, way.back(), Qt::LeftButton, Qt::NoButton, with);
    settle();
  }
  void click(const Point& voxel) { drag({voxel}); }
  Point middleOf(std::uint8_t label) {
    const Voxels labels = slice();
    const int columns = desk().plane().columns;
    double x = 0, y = 0, n = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] != label) continue;
      x += static_cast<double>(static_cast<int>(i) % columns);
      y += static_cast<double>(static_cast<int>(i) / columns);
      ++n;
    }
    return {x / n, y / n};
  }
  /// The first pixel of the label on the way from the middle of the cavity to the right.
  Point wallToTheRight() {
    const Point middle = middleOf(1);
    const auto plane = desk().plane();
    const Voxels labels = slice();
    for (int x = static_cast<int>(middle.x); x < plane.columns; ++x)
      if (labels[plane.index(x, static_cast<int>(middle.y))] == 2)
        return {x + 1.0, std::floor(middle.y)};
    return middle;
  }
  QString hint() { return page_->findChild<QLabel*>(QStringLiteral("contourHint"))->text(); }
  std::vector<db::MaskEditRecord> stored() {
    auto database = disk();
    return db::pendingMaskEdits(database, desk().stack(), "AB").value();
  }
  widgets::ContourWorkspace* page_ = nullptr;
};

}  // namespace gadolin::test
