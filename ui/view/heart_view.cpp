#include "ui/view/heart_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <array>
#include <cmath>
#include <utility>

namespace gadolin::view {
namespace {

constexpr double degrees_per_pixel = 0.5;
constexpr Rgb background{14, 16, 18};

}  // namespace

HeartView::HeartView(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("heartView"));
  setAccessibleName(tr("Left ventricle in space"));
  setMinimumSize(160, 160);
  scene_.setBackground(background);
  canvas_ = makeSceneSurface(
      this, {.prepare = [] {}, .paint_over = [this](QPainter& painter) { paintOver(painter); },
             .painted = [](double) {}});
  if (canvas_ == nullptr) return;
  canvas_->addRenderer(scene_.renderer());
  canvas_->widget()->setAttribute(Qt::WA_TransparentForMouseEvents);
}

void HeartView::updateScene() {
  if (canvas_ != nullptr) canvas_->updateScene();
}

void HeartView::setHeart(std::shared_ptr<const HeartMeshes> heart, bool sides_known,
                         const QString& why) {
  heart_ = std::move(heart);
  sides_known_ = sides_known;
  why_ = why;
  scene_.setHeart(heart_.get(), !fresh_);
  if (heart_) fresh_ = false;
  updateScene();
}

void HeartView::setSlice(int z) {
  scene_.setSlice(z);
  updateScene();
}

void HeartView::setPalette(PaletteName palette) {
  scene_.setPalette(palette);
  updateScene();
}

void HeartView::resizeEvent(QResizeEvent*) {
  if (canvas_ != nullptr) canvas_->widget()->setGeometry(rect());
  scene_.setAspect(width(), height());
  updateScene();
}

void HeartView::mousePressEvent(QMouseEvent* event) { last_ = event->position(); }

void HeartView::mouseMoveEvent(QMouseEvent* event) {
  if ((event->buttons() & Qt::LeftButton) == 0) return;
  const QPointF moved = event->position() - std::exchange(last_, event->position());
  scene_.turn(degrees_per_pixel * moved.x(), degrees_per_pixel * moved.y());
  updateScene();
}

void HeartView::mouseDoubleClickEvent(QMouseEvent*) {
  scene_.resetCamera();
  updateScene();
}

void HeartView::wheelEvent(QWheelEvent* event) {
  scene_.zoom(std::pow(1.1, event->angleDelta().y() / 120.0));
  updateScene();
  event->accept();
}

void HeartView::paintOver(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  if (!heart_) {
    painter.setPen(QColor(150, 158, 166));
    painter.drawText(QRectF(rect()).adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap,
                     why_);
    return;
  }
  if (!sides_known_) return;
  // The patient's axes in the corner: where each side lies from here.
  const double arm = 26;
  const QPointF middle(arm + 22, height() - arm - 22);
  const std::array<std::pair<Vec3, const char*>, 6> sides{{{{1, 0, 0}, "L"},
                                                           {{-1, 0, 0}, "R"},
                                                           {{0, -1, 0}, "A"},
                                                           {{0, 1, 0}, "P"},
                                                           {{0, 0, 1}, "H"},
                                                           {{0, 0, -1}, "F"}}};
  for (const auto& [direction, letter] : sides) {
    const auto at = scene_.onScreen(direction);
    if (at[2] < -0.02) continue;  // it points away from the eye
    const QPointF end = middle + arm * QPointF(at[0], -at[1]);
    painter.setPen(QPen(QColor(150, 158, 166), 1.4));
    painter.drawLine(middle, middle + 0.62 * arm * QPointF(at[0], -at[1]));
    painter.setPen(QColor(230, 234, 238));
    painter.drawText(QRectF(end.x() - 8, end.y() - 8, 16, 16), Qt::AlignCenter,
                     QString::fromLatin1(letter));
  }
}

}  // namespace gadolin::view
