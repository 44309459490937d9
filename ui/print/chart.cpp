#include "ui/print/chart.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/report/wording.h"

namespace gadolin::print {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void include(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

QString tickText(double value, double step) {
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
  return text(report::fixed(value, decimals));
}

}  // namespace

std::vector<double> niceTicks(double low, double high, bool whole) {
  if (!std::isfinite(low) || !std::isfinite(high)) return {0.0, 1.0};
  if (high <= low) {
    const double half = std::max(0.5, std::abs(low) * 0.1);
    low -= half;
    high += half;
  }
  const double rough = (high - low) / 5.0;
  const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
  double step = magnitude;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = factor * magnitude;
    if (step >= rough) break;
  }
  if (whole) step = std::max(1.0, std::round(step));
  std::vector<double> ticks;
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  for (double i = first; i <= last; i += 1.0) ticks.push_back(i * step);
  return ticks;
}

void Chart::draw(Document& document, double x, double y, double width, double height) const {
  Range horizontal;
  Range vertical;
  for (const Series& one : series) {
    for (const QPointF& point : one.points) {
      horizontal.include(point.x());
      vertical.include(point.y());
    }
  }
  for (const ReferenceLine& line : lines) vertical.include(line.y);
  if (diagonal) {
    Range both = horizontal;
    both.include(vertical.low);
    both.include(vertical.high);
    horizontal = vertical = both;
  }
  if (x_range) horizontal = {x_range->first, x_range->second};
  if (y_range) vertical = {y_range->first, y_range->second};
  const auto x_ticks = niceTicks(horizontal.low, horizontal.high, whole_x);
  const auto y_ticks = niceTicks(vertical.low, vertical.high);
  const double x_step = x_ticks.size() > 1 ? x_ticks[1] - x_ticks[0] : 1.0;
  const double y_step = y_ticks.size() > 1 ? y_ticks[1] - y_ticks[0] : 1.0;

  const double small = document.lineHeight_mm(Style::Small);
  document.line(x, y, width, title, Style::Strong);
  double label_width = 0;
  for (const double tick : y_ticks) {
    label_width =
        std::max(label_width, document.textWidth_mm(tickText(tick, y_step), Style::Small));
  }
  const double top = y + document.lineHeight_mm(Style::Strong) + small + 1.0;
  const double bottom = y + height - 2 * small - 1.5;
  const double left = x + small + label_width + 2.0;
  const double right = x + width - 2.0;
  const auto at = [&](const QPointF& point) {
    const double u = (point.x() - x_ticks.front()) / (x_ticks.back() - x_ticks.front());
    const double v = (point.y() - y_ticks.front()) / (y_ticks.back() - y_ticks.front());
    return QPointF(left + u * (right - left), bottom - v * (bottom - top));
  };

  for (const double tick : y_ticks) {
    const double height_mm = at({x_ticks.front(), tick}).y();
    document.rule(left, height_mm, right, height_mm, ink::rule, 0.12);
    document.line(left - label_width - 1.0, height_mm - small / 2, label_width + 0.1,
                  tickText(tick, y_step), Style::Small, ink::quiet, Qt::AlignRight);
  }
  for (const double tick : x_ticks) {
    const double place = at({tick, y_ticks.front()}).x();
    document.rule(place, bottom, place, bottom + 0.8, ink::quiet, 0.15);
    document.line(place - 10, bottom + 1.0, 20, tickText(tick, x_step), Style::Small, ink::quiet,
                  Qt::AlignHCenter);
  }
  document.rule(left, bottom, right, bottom, ink::quiet, 0.2);
  document.rule(left, top, left, bottom, ink::quiet, 0.2);
  document.line(left, bottom + 1.0 + small, right - left, x_name, Style::Small, ink::quiet,
                Qt::AlignHCenter);
  QPainter& painter = document.painter();
  painter.save();
  painter.translate(document.px(x), document.px(bottom));
  painter.rotate(-90);
  document.line(0, 0, bottom - top, y_name, Style::Small, ink::quiet, Qt::AlignHCenter);
  painter.restore();

  // Legend above the plot, only where there is more than one thing to tell apart.
  double legend_x = left;
  const double legend_y = top - small - 0.4;
  for (const Series& one : series) {
    if (one.name.isEmpty()) continue;
    painter.setPen(QPen(one.colour, document.px(0.4), one.style, Qt::FlatCap));
    const double middle = document.px(legend_y + small / 2);
    if (one.dots) {
      painter.setBrush(one.colour);
      painter.setPen(Qt::NoPen);
      painter.drawEllipse(QPointF(document.px(legend_x + 2.5), middle), document.px(0.7),
                          document.px(0.7));
    } else {
      painter.drawLine(QPointF(document.px(legend_x), middle),
                       QPointF(document.px(legend_x + 5), middle));
    }
    document.line(legend_x + 6, legend_y, 40, one.name, Style::Small, ink::quiet);
    legend_x += 6 + document.textWidth_mm(one.name, Style::Small) + 4;
  }

  painter.save();
  painter.setClipRect(document.rect(left - 1.0, top - 1.0, right - left + 2.0, bottom - top + 2.0));
  const auto device = [&](const QPointF& mm) {
    return QPointF(document.px(mm.x()), document.px(mm.y()));
  };
  if (diagonal) {
    const double low = std::max(x_ticks.front(), y_ticks.front());
    const double high = std::min(x_ticks.back(), y_ticks.back());
    painter.setPen(QPen(ink::quiet, document.px(0.2), Qt::DashLine, Qt::FlatCap));
    painter.drawLine(device(at({low, low})), device(at({high, high})));
  }
  for (const ReferenceLine& line : lines) {
    const double place = at({x_ticks.front(), line.y}).y();
    painter.setPen(QPen(ink::text, document.px(0.25), line.dashed ? Qt::DashLine : Qt::SolidLine,
                        Qt::FlatCap));
    painter.drawLine(device({left, place}), device({right, place}));
    document.line(left, place - small, right - left - 0.5, line.name, Style::Small, ink::text,
                  Qt::AlignRight);
  }
  for (const Series& one : series) {
    if (one.dots) {
      QColor soft = one.colour;
      soft.setAlphaF(0.75F);
      painter.setPen(QPen(Qt::white, document.px(0.12)));
      painter.setBrush(soft);
      for (const QPointF& point : one.points) {
        painter.drawEllipse(device(at(point)), document.px(0.9), document.px(0.9));
      }
      continue;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(one.colour, document.px(0.4), one.style, Qt::RoundCap, Qt::RoundJoin));
    QPainterPath path;
    bool down = false;
    for (const QPointF& point : one.points) {
      if (!std::isfinite(point.y())) {
        down = false;
        continue;
      }
      down ? path.lineTo(device(at(point))) : path.moveTo(device(at(point)));
      down = true;
    }
    painter.drawPath(path);
    if (one.points.size() == 1) {  // a single epoch would be invisible as a line
      painter.setPen(QPen(one.colour, document.px(1.2), Qt::SolidLine, Qt::RoundCap));
      painter.drawPoint(device(at(one.points.front())));
    }
  }
  painter.restore();
}

}  // namespace gadolin::print
