#include "core/imaging/brush.h"

#include <algorithm>
#include <cmath>

namespace gadolin {
namespace {

/// Squared distance in mm from a pixel's centre to the way of the brush.
double distance2_mm2(const BrushStroke& stroke, int column, int row) {
  const double ax = stroke.from[0] * stroke.spacing_mm[0],
               ay = stroke.from[1] * stroke.spacing_mm[1];
  const double dx = stroke.to[0] * stroke.spacing_mm[0] - ax;
  const double dy = stroke.to[1] * stroke.spacing_mm[1] - ay;
  const double px = column * stroke.spacing_mm[0] - ax, py = row * stroke.spacing_mm[1] - ay;
  const double length2 = dx * dx + dy * dy;
  const double along = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0;
  const double x = px - along * dx, y = py - along * dy;
  return x * x + y * y;
}

bool isEnd(const std::array<double, 2>& end, int column, int row) {
  return std::lround(end[0]) == column && std::lround(end[1]) == row;
}

}  // namespace

std::vector<std::size_t> pixelsUnder(const BrushStroke& stroke) {
  const auto reach = [&](std::size_t axis, int count) {
    const double more = stroke.radius_mm / stroke.spacing_mm[axis] + 1;
    const auto [low, high] = std::minmax(stroke.from[axis], stroke.to[axis]);
    return std::array<int, 2>{
        static_cast<int>(std::clamp(std::floor(low - more), 0.0, count * 1.0)),
        static_cast<int>(std::clamp(std::ceil(high + more) + 1, 0.0, count * 1.0))};
  };
  const auto columns = reach(0, stroke.columns), rows = reach(1, stroke.rows);
  std::vector<std::size_t> pixels;
  for (int row = rows[0]; row < rows[1]; ++row)
    for (int column = columns[0]; column < columns[1]; ++column)
      if (distance2_mm2(stroke, column, row) <= stroke.radius_mm * stroke.radius_mm ||
          isEnd(stroke.from, column, row) || isEnd(stroke.to, column, row))
        pixels.push_back(static_cast<std::size_t>(row) * static_cast<std::size_t>(stroke.columns) +
                         static_cast<std::size_t>(column));
  return pixels;
}

}  // namespace gadolin
