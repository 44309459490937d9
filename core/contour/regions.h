#pragma once
// Parts and holes of a region of a slice.

#include <vector>

#include "core/contour/plane.h"

namespace gadolin::contour {

/// The parts whose pixels touch by their sides, largest first; equals by their first pixel. Indices
/// are sorted.
std::vector<std::vector<std::size_t>> partsOf(const Region& region, const Plane& plane);

/// The part that holds the pixel, empty where it is not of the region.
Region partAt(const Region& region, const Plane& plane, int x, int y);

/// `region` with what it encloses: all that cannot be reached from the rim of the slice by steps
/// over the sides of pixels outside it.
Region withHolesFilled(const Region& region, const Plane& plane);

}  // namespace gadolin::contour
