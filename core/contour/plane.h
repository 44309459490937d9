#pragma once
// A slice as drawing sees it: its pixels and the places between them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/imaging/geometry.h"

namespace gadolin::contour {

/// Continuous indices (column, row): 0 is the centre of the first pixel.
struct Point {
  double x = 0, y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// columns x rows pixels of so many millimetres.
struct Plane {
  int columns = 0, rows = 0;
  std::array<double, 2> spacing_mm{1, 1};

  Plane() = default;
  explicit Plane(const Geometry& g)
      : columns(g.size[0]), rows(g.size[1]), spacing_mm{g.spacing_mm[0], g.spacing_mm[1]} {}

  [[nodiscard]] std::size_t pixels() const {
    return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  }
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(x);
  }
  [[nodiscard]] bool holds(int x, int y) const {
    return x >= 0 && y >= 0 && x < columns && y < rows;
  }
  [[nodiscard]] double distance_mm(const Point& a, const Point& b) const {
    return std::hypot((a.x - b.x) * spacing_mm[0], (a.y - b.y) * spacing_mm[1]);
  }
};

/// One value a pixel, row by row: 1 where it belongs to the region, else 0.
using Region = std::vector<std::uint8_t>;

}  // namespace gadolin::contour
