#pragma once
// The border of a region of a mask slice, along the edges of its voxels: nothing is smoothed, so
// the line shows exactly what the mask says.

#include <cstdint>
#include <span>
#include <vector>

namespace gadolin::view {

/// A straight piece of border in corner coordinates: voxel (x, y) covers [x, x+1] x [y, y+1].
struct BorderPiece {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  friend bool operator==(const BorderPiece&, const BorderPiece&) = default;
};

/// The border of all voxels whose label's bit is set in `labels` (bit n for label n), in a slice of
/// columns x rows labels (0..7). Collinear neighbours are joined into one piece.
std::vector<BorderPiece> borderOf(std::span<const std::uint8_t> slice, int columns, int rows,
                                  unsigned labels);

}  // namespace gadolin::view
