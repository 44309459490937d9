#include "core/contour/polygon.h"

#include <algorithm>
#include <cmath>

namespace gadolin::contour {

Region pixelsInside(std::span<const Point> corners, const Plane& plane) {
  Region region(plane.pixels(), 0);
  if (corners.size() < 3) return region;
  std::vector<double> crossings;
  for (int row = 0; row < plane.rows; ++row) {
    crossings.clear();
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Point& a = corners[i];
      const Point& b = corners[(i + 1) % corners.size()];
      // An edge holds its upper end and not its lower one, so that a corner counts once.
      if ((a.y <= row) == (b.y <= row)) continue;
      crossings.push_back(a.x + (row - a.y) / (b.y - a.y) * (b.x - a.x));
    }
    std::ranges::sort(crossings);
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      const double first = std::max(0.0, std::ceil(crossings[i]));
      for (int column = static_cast<int>(std::min(first, plane.columns * 1.0));
           column < plane.columns && column < crossings[i + 1]; ++column)
        region[plane.index(column, row)] = 1;
    }
  }
  return region;
}

}  // namespace gadolin::contour
