#include "ui/widgets/contour_tools.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/contour/polygon.h"
#include "core/contour/regions.h"
#include "core/contour/tissue_rules.h"
#include "core/imaging/brush.h"
#include "ui/session/contour_desk.h"
#include "ui/view/view_plane.h"

namespace gadolin::widgets {
namespace {

constexpr double closing_px = 9;

QString tr(const char* text) {
  return QCoreApplication::translate("ContourTool", text);
}

contour::Point pointOf(const view::Pointer& at) {
  return {at.voxel.x(), at.voxel.y()};
}

QPointF onScreen(const view::ViewPlane& plane, const contour::Point& point) {
  const view::Point2 screen = plane.toScreen(point.x, point.y);
  return {screen.x, screen.y};
}

}  // namespace

std::uint8_t ContourTool::painted(std::uint8_t present, bool erase) const {
  return erase ? contour::erased(hand_.tissue, present) : contour::drawn(hand_.tissue, present);
}

void ContourTool::finish(const char* tool, bool erased) {
  const bool changed = hand_.desk->commit(tool);
  hand_.show_mask();
  if (changed || erased) return;
  if (hand_.tissue == Tissue::Scar)
    hand_.explain(tr("Scar lies in the myocardium. There is none here that is healthy: draw the "
                     "wall first (C, or 2)."));
  else if (hand_.tissue == Tissue::Mvo)
    hand_.explain(tr("No-reflow lies in scar. There is none here: draw the scar first (3)."));
}

void ContourTool::fillRegion(const contour::Region& region, const char* tool) {
  const auto slice = hand_.desk->pen(hand_.slice());
  for (std::size_t i = 0; i < slice.size(); ++i)
    if (region[i] != 0) slice[i] = painted(slice[i], hand_.erase);
  finish(tool, hand_.erase);
}

// ---- brush -------------------------------------------------------------------------------------

void BrushTool::press(const view::Pointer& at) {
  if (!hand_.may_draw()) return;
  drawing_ = true;
  erasing_ = hand_.erase != at.modifiers.testFlag(Qt::ControlModifier);
  stroke(at, at);
}

void BrushTool::drag(const view::Pointer& from, const view::Pointer& to) {
  if (drawing_) stroke(from, to);
}

void BrushTool::stroke(const view::Pointer& from, const view::Pointer& to) {
  const contour::Plane plane = hand_.desk->plane();
  BrushStroke piece;
  piece.from = {from.voxel.x(), from.voxel.y()};
  piece.to = {to.voxel.x(), to.voxel.y()};
  piece.radius_mm = hand_.radius_mm;
  piece.spacing_mm = plane.spacing_mm;
  piece.columns = plane.columns;
  piece.rows = plane.rows;
  const auto slice = hand_.desk->pen(hand_.slice());
  if (slice.empty()) return;
  std::array<std::vector<std::size_t>, 5> changed;  // by the new label
  for (const std::size_t pixel : pixelsUnder(piece)) {
    const std::uint8_t label = painted(slice[pixel], erasing_);
    if (label == slice[pixel]) continue;
    slice[pixel] = label;
    changed[label].push_back(pixel);
  }
  for (std::size_t label = 0; label < changed.size(); ++label)
    if (!changed[label].empty())
      hand_.show_pixels(changed[label], static_cast<std::uint8_t>(label));
}

void BrushTool::release(const view::Pointer&) {
  letGo();
}

void BrushTool::letGo() {
  if (!std::exchange(drawing_, false)) return;
  finish(erasing_ ? "eraser" : "brush", erasing_);
}

QString BrushTool::hint() const {
  return hand_.erase ? tr("Drag to erase. Shift+wheel, + and − change the size; Ctrl draws instead.")
                     : tr("Drag to draw. Shift+wheel, + and − change the size; Ctrl erases instead.");
}

// ---- polygon -----------------------------------------------------------------------------------

void PolygonTool::press(const view::Pointer& at) {
  if (!hand_.may_draw()) return;
  const contour::Point point = pointOf(at);
  pressed_at_ = at.screen;
  // A click at the first corner closes.
  if (corners_.size() > 2 && hand_.desk->plane().distance_mm(point, corners_.front()) *
                                     pixels_per_mm_ < closing_px) {
    close();
    return;
  }
  corners_.push_back(point);
  hand_.show_tool();
}

void PolygonTool::drag(const view::Pointer& /*from*/, const view::Pointer& to) {
  // A free line begins with the first corner; later a hand that shakes sets a corner all the same.
  if (corners_.empty() || (!free_line_ && corners_.size() > 1)) return;
  if (!free_line_ && (to.screen - pressed_at_).manhattanLength() < QApplication::startDragDistance())
    return;
  free_line_ = true;
  const contour::Point point = pointOf(to);
  const contour::Plane plane = hand_.desk->plane();
  if (plane.distance_mm(point, corners_.back()) < 0.7 * plane.spacing_mm[0]) return;
  corners_.push_back(point);
  hand_.show_tool();
}

void PolygonTool::release(const view::Pointer&) {
  if (std::exchange(free_line_, false)) close();
}

void PolygonTool::hover(const view::Pointer& at) {
  mouse_ = pointOf(at);
  if (!corners_.empty()) hand_.show_tool();
}

bool PolygonTool::doubleClick(const view::Pointer&) {
  if (corners_.size() < 3) return false;
  close();
  return true;
}

void PolygonTool::letGo() {
  if (free_line_) reset();  // what the hand began is of another slice
}

bool PolygonTool::takeBack() {
  if (corners_.empty()) return false;
  corners_.pop_back();
  hand_.show_tool();
  return true;
}

void PolygonTool::close() {
  const std::vector<contour::Point> corners = std::exchange(corners_, {});
  hand_.show_tool();
  if (corners.size() < 3 || !hand_.may_draw()) return;
  fillRegion(contour::pixelsInside(corners, hand_.desk->plane()), "polygon");
}

void PolygonTool::reset() {
  corners_.clear();
  free_line_ = false;
}

bool PolygonTool::key(const QKeyEvent& event) {
  if (corners_.empty()) return false;
  switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
      close();
      return true;
    case Qt::Key_Backspace:
      return takeBack();
    case Qt::Key_Escape:
      reset();
      hand_.show_tool();
      return true;
    default:
      return false;
  }
}

void PolygonTool::paint(QPainter& painter, const view::ViewPlane& plane) const {
  pixels_per_mm_ = plane.pixelsPer_mm();
  if (corners_.empty()) return;
  painter.setRenderHint(QPainter::Antialiasing);
  QPolygonF line;
  for (const contour::Point& corner : corners_) line << onScreen(plane, corner);
  if (mouse_ && !free_line_) line << onScreen(plane, *mouse_);
  for (const auto& [colour, width] : {std::pair(QColor(0, 0, 0, 160), 3.2), {Qt::white, 1.4}}) {
    painter.setPen(QPen(colour, width));
    painter.drawPolyline(line);
    painter.drawEllipse(line.front(), 4, 4);
  }
}

QString PolygonTool::hint() const {
  return tr("Click corner after corner and close with Enter or at the first one, or drag a free "
            "line. Backspace takes the last corner away.");
}

// ---- fill --------------------------------------------------------------------------------------

void FillTool::press(const view::Pointer& at) {
  const contour::Plane plane = hand_.desk ? hand_.desk->plane() : contour::Plane();
  const int x = static_cast<int>(std::lround(at.voxel.x()));
  const int y = static_cast<int>(std::lround(at.voxel.y()));
  if (!plane.holds(x, y) || !hand_.may_draw()) return;
  const auto slice = std::as_const(*hand_.desk->mask()).slice(hand_.slice());
  const std::uint8_t under = slice[plane.index(x, y)];
  if (!hand_.erase && under == 0 && hand_.tissue != Tissue::Scar && hand_.tissue != Tissue::Mvo) {
    // The background reaches to the rim of the image, unless it is enclosed.
    contour::Region drawn(slice.size());
    std::ranges::transform(slice, drawn.begin(), [](std::uint8_t label) {
      return label != 0 ? std::uint8_t{1} : std::uint8_t{0};
    });
    if (contour::withHolesFilled(drawn, plane)[plane.index(x, y)] == 0) {
      hand_.explain(tr("This is not enclosed: draw a closed line first."));
      return;
    }
  }
  contour::Region alike(slice.size());
  std::ranges::transform(slice, alike.begin(), [&](std::uint8_t label) {
    const bool in = hand_.erase ? contour::belongsTo(hand_.tissue, label) : label == under;
    return in ? std::uint8_t{1} : std::uint8_t{0};
  });
  fillRegion(contour::partAt(alike, plane, x, y), "fill");
}

QString FillTool::hint() const {
  return hand_.erase ? tr("Click a part of the tissue to take the whole part away.")
                     : tr("Click an enclosed area to fill it with the tissue.");
}

// ---- remote myocardium -------------------------------------------------------------------------

void RemoteTool::press(const view::Pointer& at) {
  placed_(pointOf(at));
}

void RemoteTool::drag(const view::Pointer& /*from*/, const view::Pointer& to) {
  placed_(pointOf(to));
}

void RemoteTool::setPlace(std::optional<contour::Point> place, double radius_mm) {
  place_ = place;
  radius_mm_ = radius_mm;
  hand_.show_tool();
}

void RemoteTool::paint(QPainter& painter, const view::ViewPlane& plane) const {
  if (!place_) return;
  painter.setRenderHint(QPainter::Antialiasing);
  const double radius = radius_mm_ * plane.pixelsPer_mm();
  const QPointF middle = onScreen(plane, *place_);
  painter.setPen(QPen(QColor(0, 0, 0, 160), 3.2));
  painter.drawEllipse(middle, radius, radius);
  painter.setPen(QPen(QColor(120, 220, 255), 1.6, Qt::DashLine));
  painter.drawEllipse(middle, radius, radius);
  painter.drawText(middle + QPointF(radius + 5, 4), tr("remote"));
}

QString RemoteTool::hint() const {
  return tr("Click or drag over healthy myocardium to place the remote region of this slice; "
            "without one it is found. 2 to 6, W and O choose the rule; Enter takes the slice over, "
            "Shift+Enter the stack, Esc leaves it.");
}

}  // namespace gadolin::widgets
