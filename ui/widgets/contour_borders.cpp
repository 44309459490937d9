#include "ui/widgets/contour_borders.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

#include "core/contour/closed_curve.h"
#include "core/contour/polygon.h"
#include "core/imaging/volume.h"
#include "ui/session/contour_desk.h"
#include "ui/view/view_plane.h"

namespace gadolin::widgets {
namespace {

using contour::Border;
using contour::Point;

// As many as a hand places in other programs, and enough for a papillary muscle's dent.
constexpr std::array<int, 2> points_around{10, 12};
constexpr double reach_px = 9;
constexpr std::size_t fewest_points = 3;

QString say(const char* text) {
  return QCoreApplication::translate("BorderTool", text);
}

Point placeOf(const view::Pointer& at) {
  return {at.voxel.x(), at.voxel.y()};
}

QPolygonF lineOf(const std::vector<Point>& points, const view::ViewPlane& plane) {
  QPolygonF line;
  for (const Point& point : points) {
    const view::Point2 screen = plane.toScreen(point.x, point.y);
    line << QPointF(screen.x, screen.y);
  }
  return line;
}

}  // namespace

double BorderTool::reach_mm() const {
  return reach_px / pixels_per_mm_;
}

void BorderTool::derive() {
  points_ = {};
  if (hand_.desk == nullptr || !hand_.desk->mask()) return;
  const contour::Plane plane = hand_.desk->plane();
  const auto slice = std::as_const(*hand_.desk->mask()).slice(hand_.slice());
  for (const Border border : {Border::Endocardium, Border::Epicardium}) {
    const auto at = static_cast<std::size_t>(border);
    // A cavity alone has no outer border yet.
    if (border == Border::Epicardium && std::ranges::none_of(slice, isMyocardium)) continue;
    points_[at] = contour::pointsAround(contour::enclosedBy(border, slice, plane), plane,
                                        points_around[at]);
  }
}

void BorderTool::reset() {
  laid_.clear();
  held_ = over_ = {};
  derive();
}

void BorderTool::setBorder(Border border) {
  if (border == border_) return;
  border_ = border;
  laid_.clear();
  hand_.show_tool();
}

BorderTool::Handle BorderTool::handleAt(const view::Pointer& at) const {
  const contour::Plane plane = hand_.desk->plane();
  Handle nearest;
  double least = reach_mm();
  for (int border = 0; border < 2; ++border) {
    const auto& points = points_[static_cast<std::size_t>(border)];
    for (std::size_t i = 0; i < points.size(); ++i) {
      // Where both lie in reach, the chosen border's point is meant.
      const double distance = plane.distance_mm(points[i], placeOf(at)) *
                              (border == static_cast<int>(border_) ? 0.8 : 1.0);
      if (distance >= least) continue;
      least = distance;
      nearest = {border, i};
    }
  }
  return nearest;
}

void BorderTool::press(const view::Pointer& at) {
  if (hand_.desk == nullptr || !hand_.desk->mask() || !hand_.may_draw()) return;
  if (laid_.empty()) {
    held_ = handleAt(at);
    if (held_.border < 0) {
      const contour::Plane plane = hand_.desk->plane();
      for (const int border : {static_cast<int>(border_), 1 - static_cast<int>(border_)}) {
        auto& points = points_[static_cast<std::size_t>(border)];
        const auto place = contour::nearestOnCurve(points, plane, placeOf(at));
        if (place.piece < 0 || place.distance_mm > reach_mm()) continue;
        // A point on the curve moves nothing yet.
        const auto after = static_cast<std::size_t>(place.piece) + 1;
        points.insert(points.begin() + static_cast<std::ptrdiff_t>(after), place.point);
        held_ = {border, after};
        break;
      }
    }
    if (held_.border >= 0) {
      border_ = static_cast<Border>(held_.border);
      hand_.border_changed();
      at_press_ = points_[static_cast<std::size_t>(held_.border)];
      over_ = held_;
      hand_.show_tool();
      return;
    }
  }
  if (!points_[static_cast<std::size_t>(border_)].empty()) {
    hand_.explain(border_ == Border::Endocardium
                      ? say("This slice has an endocardial contour: drag its points, or erase the "
                            "cavity first.")
                      : say("This slice has an epicardial contour: drag its points, or clear the "
                            "slice first."));
    return;
  }
  if (laid_.size() >= fewest_points &&
      hand_.desk->plane().distance_mm(placeOf(at), laid_.front()) < reach_mm()) {
    close();
    return;
  }
  laid_.push_back(placeOf(at));
  hand_.show_tool();
}

void BorderTool::drag(const view::Pointer& /*from*/, const view::Pointer& to) {
  if (held_.border >= 0) move(placeOf(to));
}

void BorderTool::move(const Point& to) {
  auto points = points_[static_cast<std::size_t>(held_.border)];
  points[held_.point] = to;
  rewrite(std::move(points));
}

/// The slice as it was at the press, with the held curve's area changed from what it was then.
void BorderTool::rewrite(std::vector<Point> after) {
  const contour::Plane plane = hand_.desk->plane();
  const auto slice = hand_.desk->pen(hand_.slice());
  if (slice.empty()) return;
  std::ranges::copy(hand_.desk->before(), slice.begin());
  contour::moveBorder(static_cast<Border>(held_.border), slice,
                      contour::pixelsInside(contour::curveThrough(at_press_, plane), plane),
                      contour::pixelsInside(contour::curveThrough(after, plane), plane), plane);
  points_[static_cast<std::size_t>(held_.border)] = std::move(after);
  hand_.show_pixels({}, 0);  // the curve is seen at once, the pixels follow
}

void BorderTool::release(const view::Pointer&) {
  letGo();
}

void BorderTool::letGo() {
  if (held_.border < 0) return;
  const bool endo = held_.border == static_cast<int>(Border::Endocardium);
  held_ = {};
  hand_.desk->commit(endo ? "endocardium" : "epicardium");
  hand_.show_mask();
}

void BorderTool::hover(const view::Pointer& at) {
  if (hand_.desk == nullptr || !hand_.desk->mask()) return;
  mouse_ = placeOf(at);
  const Handle now = laid_.empty() ? handleAt(at) : Handle{};
  const bool other = now.border != over_.border || now.point != over_.point;
  over_ = now;
  if (other || !laid_.empty()) hand_.show_tool();
}

bool BorderTool::doubleClick(const view::Pointer&) {
  if (laid_.size() < fewest_points) return false;
  close();
  return true;
}

void BorderTool::leave() {
  mouse_.reset();
  over_ = {};
  hand_.show_tool();
}

bool BorderTool::takeBack() {
  if (laid_.empty()) return false;
  laid_.pop_back();
  hand_.show_tool();
  return true;
}

void BorderTool::abandon() {
  laid_.clear();
  held_ = over_ = {};
  points_ = {};
}

void BorderTool::close() {
  const std::vector<Point> points = std::exchange(laid_, {});
  hand_.show_tool();
  if (points.size() < fewest_points || !hand_.may_draw()) return;
  const contour::Plane plane = hand_.desk->plane();
  const auto slice = hand_.desk->pen(hand_.slice());
  if (slice.empty()) return;
  contour::moveBorder(border_, slice, contour::enclosedBy(border_, slice, plane),
                      contour::pixelsInside(contour::curveThrough(points, plane), plane), plane);
  const bool endo = border_ == Border::Endocardium;
  const bool changed = hand_.desk->commit(endo ? "endocardium" : "epicardium");
  derive();
  if (!changed) {
    hand_.show_mask();
    hand_.explain(say("The contour encloses nothing that is not drawn already."));
    return;
  }
  points_[static_cast<std::size_t>(border_)] = points;
  // The other one comes next.
  if (const Border next = endo ? Border::Epicardium : Border::Endocardium;
      points_[static_cast<std::size_t>(next)].empty())
    border_ = next;
  hand_.border_changed();
  hand_.show_mask();
}

bool BorderTool::key(const QKeyEvent& event) {
  switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (laid_.empty()) return false;
      close();
      return true;
    case Qt::Key_Escape:
      if (laid_.empty()) return false;
      laid_.clear();
      hand_.show_tool();
      return true;
    case Qt::Key_Backspace:
      return takeBack();
    case Qt::Key_Delete: {
      if (over_.border < 0 || held_.border >= 0 || event.modifiers() != Qt::NoModifier)
        return false;
      const auto points = points_[static_cast<std::size_t>(over_.border)];
      if (points.size() <= fewest_points || !hand_.may_draw()) return true;
      held_ = over_;
      over_ = {};
      at_press_ = points;
      auto fewer = points;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(held_.point));
      rewrite(std::move(fewer));
      letGo();
      return true;
    }
    default:
      return false;
  }
}

void BorderTool::paint(QPainter& painter, const view::ViewPlane& plane) const {
  pixels_per_mm_ = plane.pixelsPer_mm();
  if (hand_.desk == nullptr || !hand_.desk->mask()) return;
  painter.setRenderHint(QPainter::Antialiasing);
  const auto colours = view::palette(hand_.palette).main;
  const contour::Plane grid = hand_.desk->plane();
  for (int border = 0; border < 2; ++border) {
    const auto& points = points_[static_cast<std::size_t>(border)];
    if (points.empty()) continue;
    const view::Rgb rgb = border == 0 ? colours.endo : colours.epi;
    const QColor colour(rgb.r, rgb.g, rgb.b);
    const QPolygonF curve = lineOf(contour::curveThrough(points, grid), plane);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 150), 3.4));
    painter.drawPolygon(curve);
    painter.setPen(QPen(colour, 1.8));
    painter.drawPolygon(curve);
    const QPolygonF handles = lineOf(points, plane);
    for (int i = 0; i < handles.size(); ++i) {
      const bool over = over_.border == border && over_.point == static_cast<std::size_t>(i);
      painter.setPen(QPen(Qt::black, 1));
      painter.setBrush(over ? QColor(Qt::white) : colour);
      painter.drawEllipse(handles[i], over ? 6.0 : 4.0, over ? 6.0 : 4.0);
    }
  }
  if (laid_.empty()) return;
  auto line = laid_;
  if (mouse_) line.push_back(*mouse_);
  const QPolygonF curve = lineOf(contour::curveThrough(line, grid), plane);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(QColor(0, 0, 0, 150), 3.4));
  painter.drawPolyline(curve);
  painter.setPen(QPen(Qt::white, 1.6, Qt::DashLine));
  painter.drawPolyline(curve);
  painter.setBrush(Qt::white);
  painter.setPen(QPen(Qt::black, 1));
  for (const QPointF& handle : lineOf(laid_, plane)) painter.drawEllipse(handle, 4, 4);
}

QString BorderTool::hint() const {
  return say("Drag a point, press on the curve for a new one, Delete takes the one under the mouse "
             "away. On an empty slice click around the border and close it with Enter. N endocardium, "
             "M epicardium.");
}

}  // namespace gadolin::widgets
