#include "core/contour/closed_curve.h"

#include <cmath>
#include <limits>

#include "core/contour/regions.h"

namespace gadolin::contour {
namespace {

Point mix(const Point& a, const Point& b, double share) {
  return {a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
}

/// The pyramid of Barry and Goldman (SIGGRAPH 1988) for the piece from p[1] to p[2].
Point onPiece(const std::array<Point, 4>& p, const std::array<double, 4>& knot, double t) {
  const auto between = [&](const Point& a, const Point& b, double ta, double tb) {
    return tb > ta ? mix(a, b, (t - ta) / (tb - ta)) : a;
  };
  const Point a1 = between(p[0], p[1], knot[0], knot[1]);
  const Point a2 = between(p[1], p[2], knot[1], knot[2]);
  const Point a3 = between(p[2], p[3], knot[2], knot[3]);
  const Point b1 = between(a1, a2, knot[0], knot[2]);
  const Point b2 = between(a2, a3, knot[1], knot[3]);
  return between(b1, b2, knot[1], knot[2]);
}

/// Middles of the sides of pixels along the outer border of a part, the part on the right hand.
std::vector<Point> borderOf(const Region& region, const Plane& plane, std::size_t first) {
  const auto in = [&](int x, int y) { return plane.holds(x, y) && region[plane.index(x, y)] != 0; };
  // From the upper left corner of the first pixel, which has nothing above it and before it, along
  // its upper side. Corner (x, y) is the upper left one of pixel (x, y).
  const int begin_x = static_cast<int>(first % static_cast<std::size_t>(plane.columns));
  const int begin_y = static_cast<int>(first / static_cast<std::size_t>(plane.columns));
  constexpr std::array<std::array<int, 2>, 4> way{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
  std::vector<Point> middles;
  int x = begin_x, y = begin_y;
  std::size_t heading = 0;
  do {
    middles.push_back({x + way[heading][0] * 0.5 - 0.5, y + way[heading][1] * 0.5 - 0.5});
    x += way[heading][0];
    y += way[heading][1];
    // The two pixels ahead of the corner: on the left and on the right of the way.
    const auto ahead = [&](bool right) {
      const auto& go = way[heading];
      const std::array<int, 2> side = right ? std::array<int, 2>{-go[1], go[0]}
                                            : std::array<int, 2>{go[1], -go[0]};
      const int px = x + (go[0] + side[0] - 1) / 2, py = y + (go[1] + side[1] - 1) / 2;
      return in(px, py);
    };
    if (!ahead(true))
      heading = (heading + 1) % 4;
    else if (ahead(false))
      heading = (heading + 3) % 4;
  } while (x != begin_x || y != begin_y || heading != 0);
  return middles;
}

/// `count` places at equal distances along the closed line.
std::vector<Point> evenly(const std::vector<Point>& line, const Plane& plane, std::size_t count) {
  std::vector<double> along{0};
  for (std::size_t i = 0; i < line.size(); ++i)
    along.push_back(along.back() + plane.distance_mm(line[i], line[(i + 1) % line.size()]));
  std::vector<Point> places;
  std::size_t piece = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double wanted = along.back() * static_cast<double>(k) / static_cast<double>(count);
    while (piece + 1 < line.size() && along[piece + 1] <= wanted) ++piece;
    const double length = along[piece + 1] - along[piece];
    places.push_back(mix(line[piece], line[(piece + 1) % line.size()],
                         length > 0 ? (wanted - along[piece]) / length : 0));
  }
  return places;
}

/// Every place as the mean of those within `reach` of it on both sides, twice.
std::vector<Point> smoothed(std::vector<Point> line, int reach) {
  const int count = static_cast<int>(line.size());
  for (int round = 0; round < 2; ++round) {
    std::vector<Point> next(line.size());
    for (int i = 0; i < count; ++i) {
      Point sum;
      for (int k = -reach; k <= reach; ++k) {
        const Point& p = line[static_cast<std::size_t>(((i + k) % count + count) % count)];
        sum.x += p.x;
        sum.y += p.y;
      }
      next[static_cast<std::size_t>(i)] = {sum.x / (2 * reach + 1), sum.y / (2 * reach + 1)};
    }
    line = std::move(next);
  }
  return line;
}

}  // namespace

std::vector<Point> curveThrough(std::span<const Point> points, const Plane& plane, int per_piece) {
  const std::size_t count = points.size();
  if (count < 3) return {points.begin(), points.end()};
  std::vector<Point> curve;
  curve.reserve(count * static_cast<std::size_t>(per_piece));
  for (std::size_t i = 0; i < count; ++i) {
    const std::array<Point, 4> p{points[(i + count - 1) % count], points[i],
                                 points[(i + 1) % count], points[(i + 2) % count]};
    std::array<double, 4> knot{};
    for (std::size_t k = 1; k < 4; ++k)
      knot[k] = knot[k - 1] + std::sqrt(plane.distance_mm(p[k - 1], p[k]));
    for (int step = 0; step < per_piece; ++step)
      curve.push_back(onPiece(p, knot, knot[1] + (knot[2] - knot[1]) * step / per_piece));
  }
  return curve;
}

std::vector<Point> pointsAround(const Region& region, const Plane& plane, int count) {
  const auto parts = partsOf(region, plane);
  constexpr std::size_t enough_pixels = 4;
  if (parts.empty() || parts.front().size() < enough_pixels || count < 3) return {};
  Region largest(region.size(), 0);
  for (const std::size_t pixel : parts.front()) largest[pixel] = 1;
  const auto border = borderOf(largest, plane, parts.front().front());
  // An eighth of a pixel's side apart; the mean over three sides, twice, leaves of a staircase
  // less than a tenth of a pixel and takes less than that from a circle of ten pixels.
  constexpr int per_side = 8;
  const auto fine = evenly(border, plane, border.size() * per_side);
  return evenly(smoothed(fine, per_side * 3 / 2), plane, static_cast<std::size_t>(count));
}

PlaceOnCurve nearestOnCurve(std::span<const Point> points, const Plane& plane, const Point& place) {
  PlaceOnCurve nearest{-1, std::numeric_limits<double>::infinity(), {}};
  if (points.size() < 3) return nearest;
  constexpr int per_piece = 16;
  const auto curve = curveThrough(points, plane, per_piece);
  for (std::size_t i = 0; i < curve.size(); ++i)
    if (const double distance = plane.distance_mm(curve[i], place); distance < nearest.distance_mm)
      nearest = {static_cast<int>(i) / per_piece, distance, curve[i]};
  return nearest;
}

}  // namespace gadolin::contour
