#include "ui/view/mask_outline.h"

#include <cstddef>

namespace gadolin::view {

std::vector<BorderPiece> borderOf(std::span<const std::uint8_t> slice, int columns, int rows,
                                  unsigned labels) {
  const auto inside = [&](int x, int y) {
    if (x < 0 || y < 0 || x >= columns || y >= rows) return false;
    const auto label = slice[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
                             static_cast<std::size_t>(x)];
    return (labels >> (label & 31u) & 1u) != 0;
  };
  std::vector<BorderPiece> pieces;
  for (int y = 0; y <= rows; ++y) {  // horizontal pieces between rows y-1 and y
    int begin = -1;
    for (int x = 0; x <= columns; ++x) {
      const bool edge = x < columns && inside(x, y - 1) != inside(x, y);
      if (edge && begin < 0) begin = x;
      if (!edge && begin >= 0) {
        pieces.push_back({begin, y, x, y});
        begin = -1;
      }
    }
  }
  for (int x = 0; x <= columns; ++x) {  // vertical pieces between columns x-1 and x
    int begin = -1;
    for (int y = 0; y <= rows; ++y) {
      const bool edge = y < rows && inside(x - 1, y) != inside(x, y);
      if (edge && begin < 0) begin = y;
      if (!edge && begin >= 0) {
        pieces.push_back({x, begin, x, y});
        begin = -1;
      }
    }
  }
  return pieces;
}

}  // namespace gadolin::view
