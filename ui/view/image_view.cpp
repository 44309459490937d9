#include "ui/view/image_view.h"

#include <QGuiApplication>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/view/annotations.h"
#include "ui/view/pointer_tool.h"
#include "ui/view/scene_surface.h"

namespace gadolin::view {
namespace {

QString number(double value) {
  // Three significant digits for small units, whole numbers for scanner units.
  return std::abs(value) >= 100 || value == std::round(value) ? QString::number(value, 'f', 0)
                                                              : QString::number(value, 'g', 3);
}

/// A hand that has not moved for so long looks at what it did.
constexpr int rest_ms = 80;

}  // namespace

ImageView::ImageView(QWidget* parent) : QWidget(parent) {
  setMinimumSize(96, 96);
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  canvas_ =
      makeSceneSurface(this, {.prepare = [this] { scene_.setLineWidth(1.5 * devicePixelRatioF()); },
                              .paint_over = [this](QPainter& painter) { paintOver(painter); },
                              .painted =
                                  [this](double milliseconds) {
                                    last_paint_ms_ = milliseconds;
                                    Q_EMIT painted();
                                  }});
  if (canvas_) {
    // The mouse and the keys belong to this view.
    canvas_->widget()->setAttribute(Qt::WA_TransparentForMouseEvents);
    canvas_->widget()->setFocusPolicy(Qt::NoFocus);
    canvas_->addRenderer(scene_.renderer());
  }
  scene_.setStyle(style_);
  rest_.setSingleShot(true);
  rest_.setInterval(rest_ms);
  connect(&rest_, &QTimer::timeout, this, &ImageView::catchUp);
}

ImageView::~ImageView() {
  // Before the scene, which its last rendering still refers to.
  delete canvas_;
}

void ImageView::updateScene() {
  if (canvas_) canvas_->updateScene();
}

void ImageView::updateAnnotations() {
  if (canvas_) canvas_->updateAnnotations();
}

QImage ImageView::picture() {
  return canvas_ ? canvas_->picture() : QImage();
}

void ImageView::setStack(std::shared_ptr<const Stack> stack, std::optional<int> slice) {
  liftBrush();
  if (stack && (stack->sliceCount() < 1 || stack->image.geometry.sliceVoxels() == 0)) stack.reset();
  stack_ = std::move(stack);
  rest_.stop();
  fresh_.clear();
  scene_.setStack(stack_);
  hover_.reset();
  int target = 0;
  if (stack_) {
    const auto& geometry = stack_->image.geometry;
    const int base = stack_->apex_first ? stack_->sliceCount() - 1 : 0;
    target = std::clamp(slice.value_or(base), 0, stack_->sliceCount() - 1);
    automatic_ = autoWindow(stack_->image);
    applyWindow(applied(remembered_.value(static_cast<int>(stack_->kind)), automatic_));
    plane_ = ViewPlane(geometry, displayOrientation(geometry));
    plane_.resize(width(), height());
    plane_.reset();
  }
  slice_ = target;
  scene_.setSlice(slice_);
  planeChanged();
  setHover(mouse_);
  Q_EMIT sliceChanged(slice_);
}

bool ImageView::setMask(std::shared_ptr<const Mask> mask) {
  rest_.stop();
  fresh_.clear();
  const bool fits = scene_.setMask(std::move(mask));
  updateScene();
  return fits;
}

void ImageView::maskChanging(std::span<const std::size_t> pixels, std::uint8_t label) {
  if (!stack_) return;
  const auto columns = static_cast<std::size_t>(stack_->image.geometry.size[0]);
  for (const std::size_t pixel : pixels)
    fresh_.push_back(
        {static_cast<int>(pixel % columns), static_cast<int>(pixel / columns), label});
  rest_.start();
  updateAnnotations();
}

void ImageView::catchUp() {
  rest_.stop();
  fresh_.clear();
  scene_.maskChanged();
  updateScene();
}

void ImageView::paintFresh(QPainter& painter) const {
  if (fresh_.empty() || !style_.visible || style_.opacity <= 0) return;
  const MaskColours colours = view::palette(style_.palette).main;
  const auto tint = [&](Rgb rgb, double alpha) {
    return QColor(rgb.r, rgb.g, rgb.b, static_cast<int>(std::lround(255 * alpha)));
  };
  // What lay there before is still in the picture: what was taken away is darkened.
  const std::array<QColor, 5> tints{
      QColor(0, 0, 0, 110), tint(colours.endo, 0.25), tint(colours.epi, 0.5 * style_.opacity),
      tint(colours.scar, style_.opacity), tint(colours.mvo, style_.opacity)};
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (const FreshPixel& pixel : fresh_) {
    const Point2 a = plane_.toScreen(pixel.x - 0.5, pixel.y - 0.5);
    const Point2 b = plane_.toScreen(pixel.x + 0.5, pixel.y + 0.5);
    painter.fillRect(QRectF(QPointF(a.x, a.y), QPointF(b.x, b.y)).normalized(),
                     tints[std::min<std::size_t>(pixel.label, tints.size() - 1)]);
  }
}

bool ImageView::setReference(std::shared_ptr<const Mask> mask) {
  const bool fits = scene_.setReference(std::move(mask));
  updateScene();
  return fits;
}

bool ImageView::setHeatMap(std::shared_ptr<const HeatMap> heat) {
  const bool fits = scene_.setHeatMap(std::move(heat));
  updateScene();
  return fits;
}

void ImageView::setSlice(int z) {
  if (!stack_) return;
  z = std::clamp(z, 0, stack_->sliceCount() - 1);
  if (z == slice_) return;
  liftBrush();
  if (!fresh_.empty()) catchUp();
  slice_ = z;
  scene_.setSlice(z);
  planeChanged();
  setHover(mouse_);
  Q_EMIT sliceChanged(z);
}

void ImageView::stepTowardsApex(int steps) {
  if (stack_) setSlice(slice_ + (stack_->apex_first ? -steps : steps));
}

void ImageView::applyWindow(const WindowLevel& window) {
  window_ = window;
  scene_.setWindow(window);
  updateScene();
}

void ImageView::rememberWindow() {
  if (!stack_) return;
  const auto relative = relativeTo(automatic_, window_);
  remembered_.insert(static_cast<int>(stack_->kind), relative);
  Q_EMIT windowChanged(stack_->kind, relative);
}

void ImageView::setWindowLevel(const WindowLevel& window) {
  if (!(window.width > 0) || !std::isfinite(window.width) || !std::isfinite(window.centre)) return;
  applyWindow(window);
  rememberWindow();
}

void ImageView::setRememberedWindow(ImageKind kind, const RelativeWindow& window) {
  if (!(window.factor > 0) || !std::isfinite(window.factor) || !std::isfinite(window.shift)) return;
  remembered_.insert(static_cast<int>(kind), window);
  if (stack_ && stack_->kind == kind) applyWindow(applied(window, automatic_));
}

void ImageView::setOverlayStyle(const OverlayStyle& style) {
  if (style == style_) return;
  style_ = style;
  style_.opacity = std::clamp(style.opacity, 0.0, 1.0);
  scene_.setStyle(style_);
  updateScene();
  Q_EMIT overlayStyleChanged(style_);
}

void ImageView::setTitle(const QString& title) {
  title_ = title;
  updateAnnotations();
}

void ImageView::setPlaceholder(const QString& text) {
  placeholder_ = text;
  updateAnnotations();
}

void ImageView::setSmooth(bool smooth) {
  smooth_ = smooth;
  scene_.setSmooth(smooth);
  updateScene();
}

void ImageView::setAnnotationsVisible(bool visible) {
  annotations_visible_ = visible;
  updateAnnotations();
}

void ImageView::useAutoWindow() {
  if (stack_) setWindowLevel(automatic_);
}

void ImageView::resetView() {
  if (!stack_) return;
  plane_.reset();
  planeChanged();
  useAutoWindow();
}

void ImageView::toggleOverlays() {
  auto style = style_;
  style.visible = !style.visible;
  setOverlayStyle(style);
}

void ImageView::changeOpacity(double by) {
  auto style = style_;
  style.opacity = std::clamp(style.opacity + by, 0.0, 1.0);
  setOverlayStyle(style);
}

void ImageView::planeChanged() {
  scene_.setPlane(plane_);
  updateScene();
}

void ImageView::resizeEvent(QResizeEvent* event) {
  if (canvas_) canvas_->widget()->setGeometry(rect());
  plane_.resize(width(), height());
  planeChanged();
  QWidget::resizeEvent(event);
}

void ImageView::paintEvent(QPaintEvent*) {
  if (canvas_) return;  // it covers the whole widget
  QPainter painter(this);
  painter.fillRect(rect(), Qt::black);
  painter.setPen(QColor(150, 150, 150));
  painter.drawText(
      rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap,
      tr("This display has no OpenGL (GLX), so that images cannot be shown here. Start "
         "Gadolin on the screen of this machine, or over a remote display with GLX."));
}

void ImageView::lookAt(QPointF voxel, double side_mm) {
  if (!stack_ || side_mm <= 0) return;
  const double side = std::min(width(), height());
  plane_.reset();
  plane_.zoomAt(width() / 2.0, height() / 2.0, side / side_mm / plane_.pixelsPer_mm());
  const Point2 now = plane_.toScreen(voxel.x(), voxel.y());
  plane_.panBy(width() / 2.0 - now.x, height() / 2.0 - now.y);
  planeChanged();
}

void ImageView::setBrush(std::optional<double> radius_mm) {
  brush_mm_ = radius_mm;
  updateAnnotations();
}

void ImageView::paintBrush(QPainter& painter) const {
  if (!brush_mm_ || !mouse_ || drag_ == Qt::RightButton || drag_ == Qt::MiddleButton) return;
  const double radius = *brush_mm_ * plane_.pixelsPer_mm();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  // Seen on bright and on dark ground.
  painter.setPen(QPen(QColor(0, 0, 0, 160), 3));
  painter.drawEllipse(*mouse_, radius, radius);
  painter.setPen(QPen(QColor(255, 255, 255), 1.2));
  painter.drawEllipse(*mouse_, radius, radius);
}

void ImageView::paintOver(QPainter& painter) {
  if (!stack_) {
    painter.setPen(QColor(150, 150, 150));
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, placeholder_);
    return;
  }
  paintFresh(painter);
  if (tool_ && style_.visible) {
    painter.save();
    tool_->paint(painter, plane_);
    painter.restore();
  }
  paintBrush(painter);
  if (!annotations_visible_) return;
  Annotations a;
  a.title = title_;
  const int count = stack_->sliceCount();
  const int from_base = stack_->apex_first ? count - slice_ : slice_ + 1;
  a.slice = tr("%1/%2 (base first)").arg(from_base).arg(count);
  a.window = tr("W %1  L %2").arg(number(window_.width), number(window_.centre));
  if (!style_.visible) a.overlay = tr("Overlay off (T)");
  if (hover_) {
    a.cursor = tr("Value %1  (%2, %3)").arg(number(hover_->value)).arg(hover_->x).arg(hover_->y);
    if (hover_->orientation_known) {
      const auto& p = hover_->position_mm;
      const auto part = [](double mm, const QString& positive, const QString& negative) {
        return (mm < 0 ? negative : positive) + QString::number(std::abs(mm), 'f', 1);
      };
      a.cursor +=
          QLatin1Char('\n') + tr("%1 %2 %3 mm")
                                  .arg(part(p[0], tr("L"), tr("R")), part(p[1], tr("P"), tr("A")),
                                       part(p[2], tr("H"), tr("F")));
    }
  } else if (!plane_.orientation().known) {
    a.cursor = tr("No orientation in the file: sides unknown");
  }
  a.letters = edgeLetters(stack_->image.geometry, plane_.orientation());
  a.pixels_per_mm = plane_.pixelsPer_mm();
  paintAnnotations(painter, rect(), a);
}

}  // namespace gadolin::view
