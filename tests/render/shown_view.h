#pragma once
// An image view in a shown window.

#include <QTest>
#include <QWidget>
#include <memory>

#include "picture_stack.h"
#include "ui/view/image_view.h"

namespace gadolin::test {

/// A shown view without annotations, black 0 and white 100.
struct ShownView {
  QWidget window;
  view::ImageView* view = nullptr;

  explicit ShownView(QSize size = {400, 400}) {
    window.resize(size);
    view = new view::ImageView(&window);
    view->setGeometry(0, 0, size.width(), size.height());
    view->setAnnotationsVisible(false);
    view->setSmooth(false);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window)) qFatal("no window appears");
  }
  void show(std::shared_ptr<const Stack> stack, int slice = 0) const {
    view->setStack(std::move(stack), slice);
    view->setWindowLevel({50, 100});
  }
  /// What is drawn, alpha included.
  [[nodiscard]] QImage grab() const { return view->picture(); }
};

}  // namespace gadolin::test
