#pragma once
// A round brush that is drawn over a slice.

#include <array>
#include <cstddef>
#include <vector>

namespace gadolin {

/// A straight piece of the way of the brush over a slice of columns x rows pixels.
struct BrushStroke {
  std::array<double, 2> from{},
      to{};              // continuous indices (column, row); 0 is the centre of a pixel
  double radius_mm = 0;  // at least 0
  std::array<double, 2> spacing_mm{1, 1};
  int columns = 0, rows = 0;
};

/// The pixels, as row * columns + column and sorted, whose centre the brush covers; where it is
/// smaller than a pixel, also the one it begins in and the one it ends in. Empty outside the slice.
std::vector<std::size_t> pixelsUnder(const BrushStroke& stroke);

}  // namespace gadolin
