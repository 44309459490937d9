#include "core/contour/regions.h"

#include <algorithm>

#include "core/analysis/connected_part.h"

namespace gadolin::contour {
namespace {

std::vector<std::size_t> partFrom(std::size_t first, const Region& region, const Plane& plane,
                                  std::vector<std::uint8_t>& seen) {
  return analysis::connectedPart(first, {plane.columns, plane.rows, 1}, seen,
                                 [&](std::size_t pixel) { return region[pixel] != 0; });
}

}  // namespace

std::vector<std::vector<std::size_t>> partsOf(const Region& region, const Plane& plane) {
  std::vector<std::uint8_t> seen(region.size(), 0);
  std::vector<std::vector<std::size_t>> parts;
  for (std::size_t i = 0; i < region.size(); ++i) {
    if (region[i] == 0 || seen[i] != 0) continue;
    parts.push_back(partFrom(i, region, plane, seen));
    std::ranges::sort(parts.back());
  }
  std::ranges::stable_sort(parts,
                           [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return parts;
}

Region partAt(const Region& region, const Plane& plane, int x, int y) {
  Region part(region.size(), 0);
  if (plane.holds(x, y) && region[plane.index(x, y)] != 0)
    partFrom(plane.index(x, y), region, plane, part);
  return part;
}

Region withHolesFilled(const Region& region, const Plane& plane) {
  Region filled = region;
  const Region holes = analysis::enclosedPixels(region, plane.columns, plane.rows);
  for (std::size_t i = 0; i < filled.size(); ++i)
    if (holes[i] != 0) filled[i] = 1;
  return filled;
}

}  // namespace gadolin::contour
