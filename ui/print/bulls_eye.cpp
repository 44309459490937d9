#include "ui/print/bulls_eye.h"

#include <QPainter>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace gadolin::print {
namespace {

/// Outer radius of the rings apex, apical, mid, basal, as shares of the whole.
constexpr std::array<double, 4> ring{0.25, 0.5, 0.75, 1.0};

struct Place {
  int ring = 0;          // index of its outer radius
  double from = 0;       // degrees, counter-clockwise from the right
  double span = 360;
};

Place placeOf(int segment) {
  if (segment == 17) return {};
  if (segment >= 13) return {1, 45.0 + 90.0 * (segment - 13), 90};
  return {segment <= 6 ? 3 : 2, 60.0 + 60.0 * ((segment - 1) % 6), 60};
}

QRectF circle(const QRectF& square, double share) {
  const double size = share * square.width();
  return {square.center().x() - size / 2, square.center().y() - size / 2, size, size};
}

/// What a segment's number is: transmurality, of the apex the share of scar.
std::optional<double> shown(const analysis::SegmentFigures& figures) {
  return figures.transmurality_percent ? figures.transmurality_percent : figures.scarPercent();
}

/// Little is not none.
QString numberOf(double percent) {
  return percent > 0 && percent < 0.5 ? QStringLiteral("<1")
                                      : QString::number(std::lround(percent));
}

}  // namespace

QPainterPath segmentPath(int segment, const QRectF& square) {
  const Place place = placeOf(segment);
  const QRectF outer = circle(square, ring[static_cast<std::size_t>(place.ring)]);
  QPainterPath path;
  if (place.ring == 0) {
    path.addEllipse(outer);
    return path;
  }
  const QRectF inner = circle(square, ring[static_cast<std::size_t>(place.ring - 1)]);
  path.arcMoveTo(outer, place.from);
  path.arcTo(outer, place.from, place.span);
  path.arcTo(inner, place.from + place.span, -place.span);
  path.closeSubpath();
  return path;
}

QColor bandColour(analysis::TransmuralityBand band) {
  // Lightness falls evenly, so that a grey print and any eye keep the order.
  constexpr std::array<std::array<int, 3>, 5> colours{{{0xf1, 0xf4, 0xf6},
                                                       {0xfd, 0xdf, 0xa8},
                                                       {0xf6, 0xaa, 0x4f},
                                                       {0xd9, 0x62, 0x21},
                                                       {0x8f, 0x26, 0x0b}}};
  const auto& c = colours[static_cast<std::size_t>(band)];
  return {c[0], c[1], c[2]};
}

void drawBullsEye(QPainter& painter, const QRectF& square, const analysis::SegmentReport& report) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor line(0x5f, 0x6b, 0x76);
  for (int segment = 1; segment <= analysis::aha_segments; ++segment) {
    const auto& figures = report.segments[static_cast<std::size_t>(segment - 1)];
    const QPainterPath path = segmentPath(segment, square);
    const auto value = shown(figures);
    const auto band = value ? analysis::bandOf(*value) : analysis::TransmuralityBand::None;
    painter.fillPath(path, value ? bandColour(band) : QColor(Qt::white));
    if (!value) {
      painter.fillPath(path, QBrush(QColor(0xb8, 0xc1, 0xc9), Qt::BDiagPattern));
    }
    painter.setPen(QPen(line, square.width() / 300));
    painter.drawPath(path);
    const Place place = placeOf(segment);
    const double middle = place.ring == 0
                              ? 0
                              : 0.25 * square.width() *
                                    (ring[static_cast<std::size_t>(place.ring)] +
                                     ring[static_cast<std::size_t>(place.ring - 1)]);
    const double angle = (place.from + place.span / 2) * std::numbers::pi / 180;
    const QPointF centre = square.center() + QPointF(middle * std::cos(angle), -middle * std::sin(angle));
    const double box = square.width() / 6;
    painter.setPen(value && band == analysis::TransmuralityBand::To100 ? QColor(Qt::white)
                                                                       : QColor(0x1d, 0x24, 0x2b));
    painter.drawText(QRectF(centre.x() - box / 2, centre.y() - box / 2, box, box), Qt::AlignCenter,
                     value ? numberOf(*value) : QStringLiteral("\u2013"));
  }
  painter.restore();
}

}  // namespace gadolin::print
