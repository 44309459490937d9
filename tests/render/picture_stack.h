#pragma once
// Small stacks with known pictures in them, and questions about pixels.

#include <QImage>
#include <algorithm>
#include <cmath>
#include <memory>

#include "core/imaging/stack.h"

namespace gadolin::test {

/// Axial, scanner-like: x to the left, y to the back; not at the origin.
inline Geometry axialGrid(int columns, int rows, int slices, double spacing_x_mm = 1,
                          double spacing_y_mm = 1) {
  Geometry g;
  g.size = {columns, rows, slices};
  g.spacing_mm = {spacing_x_mm, spacing_y_mm, 8};
  g.origin_mm = {-100, -90, 40};
  return g;
}

inline std::shared_ptr<Stack> stackOf(const Geometry& geometry, float value = 0) {
  auto stack = std::make_shared<Stack>();
  stack->image = Volume<float>(geometry, value);
  for (int z = 0; z < geometry.size[2]; ++z) {
    SliceInfo slice;
    slice.origin_mm = geometry.toWorld(0, 0, z);
    slice.extent_mm = geometry.spacing_mm[2];
    stack->slices.push_back(slice);
  }
  return stack;
}

template <typename T>
void fillBox(Volume<T>& volume, int x0, int y0, int x1, int y1, int z, T value) {
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) volume.at(x, y, z) = value;
  }
}

inline int greyAt(const QImage& image, double x, double y) {
  return qGray(image.pixel(static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y))));
}

/// The smallest rectangle around all pixels for which `wanted` holds.
template <typename Wanted>
QRect boundsOf(const QImage& image, Wanted wanted) {
  QRect bounds;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (wanted(image.pixel(x, y))) bounds |= QRect(x, y, 1, 1);
    }
  }
  return bounds;
}

}  // namespace gadolin::test
