#include "ui/widgets/contour_insertions.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/analysis/wall_chords.h"
#include "core/imaging/display_orientation.h"
#include "ui/session/contour_desk.h"
#include "ui/session/insertion_desk.h"
#include "ui/view/view_plane.h"

namespace gadolin::widgets {
namespace {

using analysis::InsertionKind;

constexpr double grab_px = 14;
const QColor insertion_colour(0xff, 0xd1, 0x4a);

QString words(const char* text) { return QCoreApplication::translate("InsertionTool", text); }

contour::Point pointAt(const view::Pointer& at) { return {at.voxel.x(), at.voxel.y()}; }

QPointF screenOf(const view::ViewPlane& plane, double column, double row) {
  const view::Point2 screen = plane.toScreen(column, row);
  return {screen.x, screen.y};
}

}  // namespace

void InsertionTool::refresh() {
  frame_.reset();
  levels_.clear();
  missing_.clear();
  if (desk_ == nullptr || hand_.desk == nullptr || !hand_.desk->mask() || !hand_.desk->image()) return;
  const Stack& stack = *hand_.desk->image();
  const Mask& mask = *hand_.desk->mask();
  auto frame = analysis::shortAxisFrame(stack, mask, desk_->points(),
                                        displayOrientation(stack.image.geometry).known);
  if (frame) {
    frame_ = std::move(frame).value();
    levels_ = analysis::shortAxisLevels(stack, mask);
  } else {
    missing_ = QString::fromStdString(frame.error().message);
  }
  hand_.show_tool();
}

void InsertionTool::reset() {
  held_.reset();
  dragged_to_.reset();
  refresh();
}

void InsertionTool::otherSlice() {
  letGo();
  hand_.show_tool();
}

std::optional<InsertionTool::Marker> InsertionTool::marker(InsertionKind kind) const {
  if (desk_ == nullptr) return std::nullopt;
  const int z = hand_.slice();
  if (held_ == kind && dragged_to_) return Marker{kind, *dragged_to_, true};
  const auto& points = desk_->points();
  const auto own = std::ranges::find(points, z, &analysis::RvInsertion::slice);
  if (own != points.end() && own->at(kind)) {
    const auto& place = *own->at(kind);
    return Marker{kind, {place[0], place[1]}, !desk_->areProposed()};
  }
  // Of the nearest slice that has one, in the same direction from this slice's centre, on the wall.
  const analysis::RvInsertion* nearest = nullptr;
  for (const auto& point : points) {
    if (point.at(kind) && (nearest == nullptr || std::abs(point.slice - z) < std::abs(nearest->slice - z)))
      nearest = &point;
  }
  if (nearest == nullptr || !frame_) return std::nullopt;
  const auto& here = frame_->slices[static_cast<std::size_t>(z)];
  const auto& there = frame_->slices[static_cast<std::size_t>(nearest->slice)];
  if (!here || !there) return std::nullopt;
  const auto& place = *nearest->at(kind);
  const double angle = frame_->imageAngle(there->centre, place[0], place[1]);
  const double u = std::cos(angle), v = std::sin(angle);
  double outer_mm = 0, best = -2;
  for (const auto& chord : analysis::wallChords(*hand_.desk->mask(), z, here->centre)) {
    const double along = chord.column_mm * u + chord.row_mm * v;
    if (along <= best) continue;
    best = along;
    outer_mm = chord.outer_mm;
  }
  return Marker{kind,
                {here->centre[0] + outer_mm * u / frame_->pixel_mm[0],
                 here->centre[1] + outer_mm * v / frame_->pixel_mm[1]},
                false};
}

std::optional<InsertionKind> InsertionTool::markerAt(const view::Pointer& at) const {
  std::optional<InsertionKind> found;
  double least = grab_px / pixels_per_mm_;
  for (const auto kind : {InsertionKind::Anterior, InsertionKind::Inferior}) {
    const auto one = marker(kind);
    if (!one) continue;
    const double distance = hand_.desk->plane().distance_mm(one->place, pointAt(at));
    if (distance >= least) continue;
    least = distance;
    found = kind;
  }
  return found;
}

void InsertionTool::press(const view::Pointer& at) {
  if (desk_ == nullptr || hand_.desk == nullptr || !hand_.desk->mask() || !hand_.may_draw()) return;
  if (missing_.isEmpty() && !frame_) refresh();
  held_ = markerAt(at);
  if (!held_) {
    held_ = !marker(InsertionKind::Anterior) ? InsertionKind::Anterior : InsertionKind::Inferior;
    if (marker(InsertionKind::Anterior) && marker(InsertionKind::Inferior)) {
      const auto distance = [&](InsertionKind kind) {
        return hand_.desk->plane().distance_mm(marker(kind)->place, pointAt(at));
      };
      held_ = distance(InsertionKind::Anterior) <= distance(InsertionKind::Inferior)
                  ? InsertionKind::Anterior
                  : InsertionKind::Inferior;
    }
  }
  dragged_to_ = pointAt(at);
  hand_.show_tool();
}

void InsertionTool::drag(const view::Pointer& /*from*/, const view::Pointer& to) {
  if (!held_) return;
  dragged_to_ = pointAt(to);
  hand_.show_tool();
}

void InsertionTool::release(const view::Pointer& at) {
  if (!held_ || !dragged_to_) return;
  const InsertionKind kind = *held_;
  held_.reset();
  dragged_to_.reset();
  const contour::Point place = pointAt(at);
  desk_->set(hand_.slice(), kind, std::array{place.x, place.y});
}

void InsertionTool::hover(const view::Pointer& at) { mouse_ = at; }

bool InsertionTool::takeBack() { return desk_ != nullptr && desk_->undo(); }

bool InsertionTool::key(const QKeyEvent& event) {
  if (desk_ == nullptr) return false;
  switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (!desk_->areProposed() || !hand_.may_draw()) return false;
      desk_->confirm();
      return true;
    case Qt::Key_Delete: {
      if (event.modifiers() != Qt::NoModifier || !mouse_) return false;
      const auto over = markerAt(*mouse_);
      if (!over) return false;
      if (!marker(*over)->own) {
        hand_.explain(desk_->areProposed()
                          ? words("Nothing is set yet: drag the point to where it belongs.")
                          : words("This slice has no point of its own: it follows the nearest slice "
                                  "that has one."));
        return true;
      }
      if (hand_.may_draw()) desk_->set(hand_.slice(), *over, std::nullopt);
      return true;
    }
    default:
      return false;
  }
}

void InsertionTool::paintSegments(QPainter& painter, const view::ViewPlane& plane) const {
  const int z = hand_.slice();
  const auto k = static_cast<std::size_t>(z);
  if (!frame_ || k >= levels_.size() || !frame_->slices[k]) return;
  const auto level = levels_[k];
  const bool apical = level == analysis::ShortAxisLevel::Apical;
  if (level == analysis::ShortAxisLevel::None || level == analysis::ShortAxisLevel::Apex) return;
  const auto& centre = frame_->slices[k]->centre;
  const auto chords = analysis::wallChords(*hand_.desk->mask(), z, centre);
  if (chords.empty()) return;
  /// The chord nearest to an angle from the anterior insertion.
  const auto chordAt = [&](double wall_degrees) {
    const double angle =
        frame_->slices[k]->anterior_rad + frame_->septal_turn * wall_degrees * std::numbers::pi / 180;
    return *std::ranges::max_element(chords, {}, [&](const analysis::WallChord& chord) {
      return chord.column_mm * std::cos(angle) + chord.row_mm * std::sin(angle);
    });
  };
  const auto onScreen = [&](const analysis::WallChord& chord, double radius_mm) {
    return screenOf(plane, centre[0] + radius_mm * chord.column_mm / frame_->pixel_mm[0],
                    centre[1] + radius_mm * chord.row_mm / frame_->pixel_mm[1]);
  };
  const double step = apical ? 90 : 60, first = apical ? 15 : 0;
  for (double degrees = first; degrees < 360 + first - 1; degrees += step) {
    const auto border = chordAt(degrees);
    for (const auto& [colour, width] : {std::pair(QColor(0, 0, 0, 150), 3.0),
                                        std::pair(QColor(255, 255, 255, 210), 1.2)}) {
      painter.setPen(QPen(colour, width));
      painter.drawLine(onScreen(border, border.inner_mm), onScreen(border, border.outer_mm));
    }
    const auto middle = chordAt(degrees + step / 2);
    const QPointF at = onScreen(middle, 0.5 * (middle.inner_mm + middle.outer_mm));
    const double wall_angle = (degrees + step / 2) * std::numbers::pi / 180;
    const QString number = QString::number(analysis::ahaSegment(
        level, wall_angle >= 2 * std::numbers::pi ? wall_angle - 2 * std::numbers::pi : wall_angle));
    const QRectF box(at.x() - 14, at.y() - 9, 28, 18);
    painter.setPen(QColor(0, 0, 0, 190));
    painter.drawText(box.translated(1, 1), Qt::AlignCenter, number);
    painter.setPen(Qt::white);
    painter.drawText(box, Qt::AlignCenter, number);
  }
}

void InsertionTool::paintMarker(QPainter& painter, const view::ViewPlane& plane,
                                const Marker& one) const {
  const QPointF at = screenOf(plane, one.place.x, one.place.y);
  const QString letter = one.kind == InsertionKind::Anterior ? words("A") : words("I");
  painter.setBrush(one.own ? QBrush(insertion_colour) : QBrush(QColor(0, 0, 0, 120)));
  painter.setPen(QPen(QColor(0, 0, 0, 190), 4));
  painter.drawEllipse(at, 9, 9);
  QPen ring(insertion_colour, 1.8);
  if (!one.own) ring.setStyle(Qt::DotLine);
  painter.setPen(ring);
  painter.drawEllipse(at, 9, 9);
  painter.setPen(one.own ? QColor(0x22, 0x1a, 0x00) : insertion_colour);
  painter.drawText(QRectF(at.x() - 9, at.y() - 9, 18, 18), Qt::AlignCenter, letter);
}

void InsertionTool::paint(QPainter& painter, const view::ViewPlane& plane) const {
  pixels_per_mm_ = plane.pixelsPer_mm();
  if (desk_ == nullptr || hand_.desk == nullptr || !hand_.desk->mask()) return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  QFont font = painter.font();
  font.setBold(true);
  painter.setFont(font);
  paintSegments(painter, plane);
  for (const auto kind : {InsertionKind::Anterior, InsertionKind::Inferior}) {
    if (const auto one = marker(kind)) paintMarker(painter, plane, *one);
  }
  painter.restore();
}

QString InsertionTool::hint() const {
  if (desk_ == nullptr) return {};
  if (desk_->points().empty()) {
    return words("Click where the right ventricle's wall meets the left one in front (A), then below "
               "(I): the segments are counted from there.");
  }
  if (desk_->areProposed()) {
    return words("Found in the image: drag A (anterior) and I (inferior) where they are wrong. Enter "
               "confirms them.");
  }
  QString text = desk_->setBy().empty()
                     ? words("Drag A and I; Delete over one takes it away.")
                     : words("Set by %1. Drag A and I; Delete over one takes it away.")
                           .arg(QString::fromStdString(desk_->setBy()));
  if (!frame_ && !missing_.isEmpty()) text += u' ' + missing_;
  return text;
}

}  // namespace gadolin::widgets
