#include "core/contour/regions.h"

#include <algorithm>

namespace gadolin::contour {
namespace {

constexpr std::array<std::array<int, 2>, 4> sides{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};

/// Takes the part that begins at `first` out of `left` and returns its pixels.
std::vector<std::size_t> takePart(Region& left, const Plane& plane, std::size_t first) {
  std::vector<std::size_t> part{first};
  left[first] = 0;
  for (std::size_t next = 0; next < part.size(); ++next) {
    const int x = static_cast<int>(part[next] % static_cast<std::size_t>(plane.columns));
    const int y = static_cast<int>(part[next] / static_cast<std::size_t>(plane.columns));
    for (const auto& side : sides) {
      if (!plane.holds(x + side[0], y + side[1])) continue;
      const std::size_t neighbour = plane.index(x + side[0], y + side[1]);
      if (left[neighbour] == 0) continue;
      left[neighbour] = 0;
      part.push_back(neighbour);
    }
  }
  return part;
}

}  // namespace

std::vector<std::vector<std::size_t>> partsOf(const Region& region, const Plane& plane) {
  Region left = region;
  std::vector<std::vector<std::size_t>> parts;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == 0) continue;
    parts.push_back(takePart(left, plane, i));
    std::ranges::sort(parts.back());
  }
  std::ranges::stable_sort(parts,
                           [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return parts;
}

Region partAt(const Region& region, const Plane& plane, int x, int y) {
  Region part(region.size(), 0);
  if (!plane.holds(x, y) || region[plane.index(x, y)] == 0) return part;
  Region left = region;
  for (const std::size_t pixel : takePart(left, plane, plane.index(x, y))) part[pixel] = 1;
  return part;
}

Region withHolesFilled(const Region& region, const Plane& plane) {
  Region outside(region.size());
  std::ranges::transform(region, outside.begin(),
                         [](std::uint8_t in) { return in == 0 ? std::uint8_t{1} : std::uint8_t{0}; });
  for (int y = 0; y < plane.rows; ++y) {
    const bool whole_row = y == 0 || y + 1 == plane.rows;
    for (int x = 0; x < plane.columns; x += whole_row ? 1 : std::max(1, plane.columns - 1))
      if (const std::size_t pixel = plane.index(x, y); outside[pixel] != 0)
        takePart(outside, plane, pixel);
  }
  // What is left of the outside is enclosed.
  Region filled = region;
  for (std::size_t i = 0; i < filled.size(); ++i)
    if (outside[i] != 0) filled[i] = 1;
  return filled;
}

}  // namespace gadolin::contour
