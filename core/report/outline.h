#pragma once
// Outlines of a mask slice as polygons, for figures that must stay sharp at any size.

#include <cstdint>
#include <span>
#include <vector>

namespace gadolin::report {

/// In pixels: (0, 0) is the centre of the first pixel, (0.5, 0) lies between it and its neighbour.
struct OutlinePoint {
  double x = 0;
  double y = 0;
};
using Outline = std::vector<OutlinePoint>;  // closed: the last point joins the first

/// Every closed border of the set inside[row * columns + column] != 0, by marching squares at half
/// height, which cuts the corners of pixels but keeps their area to within an eighth of a pixel a
/// corner. Pixels that touch at a corner alone are two regions. Borders at the image's edge are
/// closed half a pixel outside it.
std::vector<Outline> outlines(std::span<const std::uint8_t> inside, int columns, int rows);

}  // namespace gadolin::report
