#include "core/analysis/connected_part.h"

namespace gadolin::analysis {

std::vector<std::uint8_t> enclosedPixels(std::span<const std::uint8_t> slice, int columns,
                                         int rows) {
  std::vector<std::uint8_t> reached(slice.size(), 0);
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      if (x != 0 && y != 0 && x != columns - 1 && y != rows - 1) continue;
      const std::size_t i = static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
                            static_cast<std::size_t>(x);
      if (slice[i] == 0 && reached[i] == 0)
        connectedPart(i, {columns, rows, 1}, reached, [&](std::size_t k) { return slice[k] == 0; });
    }
  std::vector<std::uint8_t> result(slice.size());
  for (std::size_t i = 0; i < slice.size(); ++i)
    result[i] = slice[i] == 0 && reached[i] == 0 ? 1 : 0;
  return result;
}

}  // namespace gadolin::analysis
