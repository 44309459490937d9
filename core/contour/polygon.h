#pragma once
// The pixels within a closed line.

#include <span>

#include "core/contour/plane.h"

namespace gadolin::contour {

/// Pixels whose centre lies within the polygon, whose last corner joins the first (even-odd rule).
/// Of two polygons that share an edge no pixel belongs to both or to neither. Fewer than three
/// corners: none.
Region pixelsInside(std::span<const Point> corners, const Plane& plane);

}  // namespace gadolin::contour
