// Mouse and keys of the image view.

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <cmath>

#include "ui/view/image_view.h"
#include "ui/view/pointer_tool.h"

namespace gadolin::view {

void ImageView::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (!stack_) return;
  // With Shift or Alt some platforms turn the wheel sideways.
  const QPoint delta = event->angleDelta();
  const bool sideways = (event->modifiers() & (Qt::ShiftModifier | Qt::AltModifier)) != 0;
  const int turned = sideways && delta.y() == 0 ? delta.x() : delta.y();
  if (event->modifiers().testFlag(Qt::ControlModifier)) {
    plane_.zoomAt(event->position().x(), event->position().y(), std::pow(1.15, turned / 120.0));
    planeChanged();
    setHover(event->position());
    return;
  }
  constexpr int notch = 120;
  if ((wheel_rest_ > 0) != (turned > 0)) wheel_rest_ = 0;
  wheel_rest_ += turned;
  const int steps = wheel_rest_ / notch;
  wheel_rest_ -= steps * notch;
  if (steps == 0) return;
  if (event->modifiers().testFlag(Qt::ShiftModifier) && brush_mm_)
    Q_EMIT brushScaled(steps);
  else
    stepTowardsApex(-steps);
}

void ImageView::mousePressEvent(QMouseEvent* event) {
  if (drag_ == Qt::NoButton &&
      (event->button() == Qt::RightButton || event->button() == Qt::MiddleButton)) {
    drag_ = event->button();
    last_position_ = event->position();
    setCursor(drag_ == Qt::MiddleButton ? Qt::ClosedHandCursor : Qt::SizeAllCursor);
  } else if (drag_ == Qt::NoButton && tool_ && stack_ && event->button() == Qt::LeftButton) {
    drag_ = Qt::LeftButton;
    last_position_ = event->position();
    tool_->press(pointerAt(event->position(), event->modifiers()));
  } else if (drag_ == Qt::NoButton && brush_mm_ && stack_ && event->button() == Qt::LeftButton) {
    drag_ = Qt::LeftButton;
    last_position_ = event->position();
    brushTo(event->position());
  }
  event->accept();
}

void ImageView::liftBrush() {
  if (drag_ != Qt::LeftButton) return;
  drag_ = Qt::NoButton;
  if (tool_)
    tool_->letGo();
  else
    Q_EMIT brushLifted();
}

Pointer ImageView::pointerAt(QPointF position, Qt::KeyboardModifiers modifiers) const {
  const Point2 voxel = plane_.toVoxel(position.x(), position.y());
  return {{voxel.x, voxel.y}, position, modifiers};
}

void ImageView::setTool(PointerTool* tool) {
  if (tool == tool_) return;
  liftBrush();
  tool_ = tool;
  if (tool_)
    setCursor(tool_->cursor());
  else
    unsetCursor();
  updateAnnotations();
}

void ImageView::brushTo(QPointF position) {
  const Point2 from = plane_.toVoxel(last_position_.x(), last_position_.y());
  const Point2 to = plane_.toVoxel(position.x(), position.y());
  Q_EMIT brushed({from.x, from.y}, {to.x, to.y});
}

void ImageView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF moved = event->position() - last_position_;
  if (drag_ == Qt::LeftButton && tool_)
    tool_->drag(pointerAt(last_position_, event->modifiers()),
                pointerAt(event->position(), event->modifiers()));
  else if (drag_ == Qt::LeftButton)
    brushTo(event->position());
  else if (drag_ == Qt::NoButton && tool_ && stack_)
    tool_->hover(pointerAt(event->position(), event->modifiers()));
  last_position_ = event->position();
  if (stack_ && drag_ == Qt::RightButton) {
    // 200 pixels change the width e-fold and move the centre by one automatic width.
    auto window = window_;
    window.width *= std::exp(moved.x() / 200);
    window.width = std::clamp(window.width, automatic_.width * 1e-3, automatic_.width * 1e3);
    window.centre += moved.y() / 200 * automatic_.width;
    applyWindow(window);
  } else if (stack_ && drag_ == Qt::MiddleButton) {
    plane_.panBy(moved.x(), moved.y());
    planeChanged();
  }
  setHover(event->position());
  event->accept();
}

void ImageView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == drag_) {
    if (drag_ == Qt::RightButton) rememberWindow();
    if (drag_ == Qt::LeftButton && tool_) {
      drag_ = Qt::NoButton;
      tool_->release(pointerAt(event->position(), event->modifiers()));
    }
    liftBrush();
    drag_ = Qt::NoButton;
    if (tool_)
      setCursor(tool_->cursor());
    else
      unsetCursor();
  }
  event->accept();
}

void ImageView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && tool_ && stack_) {
    // To most tools a quick second click is a click.
    if (!tool_->doubleClick(pointerAt(event->position(), event->modifiers())))
      mousePressEvent(event);
  } else if (event->button() == Qt::LeftButton && !brush_mm_) {
    Q_EMIT maximised();
  } else {
    mousePressEvent(event);
  }
  event->accept();
}

void ImageView::leaveEvent(QEvent* event) {
  setHover(std::nullopt);
  if (tool_) tool_->leave();
  updateAnnotations();  // a brush is where the mouse is
  QWidget::leaveEvent(event);
}

void ImageView::keyPressEvent(QKeyEvent* event) {
  const auto modifiers = event->modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
  if (!view_keys_enabled_ || modifiers.testFlag(Qt::ControlModifier) ||
      modifiers.testFlag(Qt::MetaModifier) ||
      (modifiers.testFlag(Qt::AltModifier) && event->text().isEmpty())) {
    QWidget::keyPressEvent(event);
    return;
  }
  switch (event->key()) {
    case Qt::Key_A:
      useAutoWindow();
      break;
    case Qt::Key_R:
      resetView();
      break;
    case Qt::Key_T:
      toggleOverlays();
      break;
    case Qt::Key_I:
      toggleSmooth();
      break;
    case Qt::Key_BracketLeft:
      changeOpacity(-0.1);
      break;
    case Qt::Key_BracketRight:
      changeOpacity(0.1);
      break;
    default:
      QWidget::keyPressEvent(event);
      return;
  }
  event->accept();
}

void ImageView::setHover(std::optional<QPointF> position) {
  mouse_ = position;
  const bool had = hover_.has_value();
  hover_.reset();
  if (stack_ && position) {
    const auto& geometry = stack_->image.geometry;
    const auto voxel = plane_.toVoxel(position->x(), position->y());
    const int x = static_cast<int>(std::lround(voxel.x));
    const int y = static_cast<int>(std::lround(voxel.y));
    if (x >= 0 && y >= 0 && x < geometry.size[0] && y < geometry.size[1]) {
      Hover hover{x,      y,
                  slice_, static_cast<double>(stack_->image.at(x, y, slice_)),
                  {},     plane_.orientation().known};
      // Slices may lie unevenly: each has its own origin.
      const auto z = static_cast<std::size_t>(slice_);
      hover.position_mm = z < stack_->slices.size()
                              ? stack_->slices[z].origin_mm +
                                    x * geometry.spacing_mm[0] * geometry.axes[0] +
                                    y * geometry.spacing_mm[1] * geometry.axes[1]
                              : geometry.toWorld(x, y, slice_);
      hover_ = hover;
    }
  }
  if (brush_mm_) updateAnnotations();
  if (had || hover_) {
    updateAnnotations();
    Q_EMIT hovered(hover_ ? &*hover_ : nullptr);
  }
}

}  // namespace gadolin::view
