#pragma once
// A smooth closed curve through a few points that a hand can drag.

#include <span>
#include <vector>

#include "core/contour/plane.h"

namespace gadolin::contour {

/// The closed centripetal Catmull-Rom curve through `points`, `per_piece` places for each of its
/// pieces, beginning with points[0]. It passes through every point, has no cusp within a piece
/// (Yuksel, Schaefer and Keyser, Comput. Aided Des. 43, 2011) and a point moves the two pieces to
/// each side of it alone. Lengths are measured in millimetres. Fewer than three points: the points.
std::vector<Point> curveThrough(std::span<const Point> points, const Plane& plane,
                                int per_piece = 16);

/// `count` points at equal distances along the outer border of the largest part of `region`, for
/// curveThrough(). The steps of the pixels are smoothed away, by less than half a pixel. Empty
/// where the region has fewer than four pixels.
std::vector<Point> pointsAround(const Region& region, const Plane& plane, int count);

/// The place on the curve through `points` that is nearest to `place`, in which piece it lies, and
/// how far away. Fewer than three points: piece -1.
struct PlaceOnCurve {
  int piece = -1;
  double distance_mm = 0;
  Point point;
};
PlaceOnCurve nearestOnCurve(std::span<const Point> points, const Plane& plane, const Point& place);

}  // namespace gadolin::contour
