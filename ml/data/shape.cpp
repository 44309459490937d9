#include "ml/data/shape.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis/connected_part.h"

namespace gadolin::ml {
namespace {

/// Voxels of the part of `belongs` that holds `start`; marks them in `seen`.
template <typename Belongs>
std::vector<std::size_t> partFrom(std::size_t start, Plane plane, int slices,
                                  std::vector<std::uint8_t>& seen, Belongs&& belongs) {
  return analysis::connectedPart(start, {plane.columns, plane.rows, slices}, seen, belongs);
}

}  // namespace

void keepLargestPart(std::span<std::uint8_t> stack, Plane plane, int slices) {
  std::vector<std::uint8_t> seen(stack.size(), 0);
  std::vector<std::size_t> largest;
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (stack[i] == 0 || seen[i] != 0) continue;
    auto part = partFrom(i, plane, slices, seen, [&](std::size_t k) { return stack[k] != 0; });
    if (part.size() > largest.size()) largest = std::move(part);
  }
  std::fill(stack.begin(), stack.end(), std::uint8_t{0});
  for (const std::size_t i : largest) stack[i] = 1;
}

std::vector<std::uint8_t> enclosed(std::span<const std::uint8_t> slice, Plane plane) {
  return analysis::enclosedPixels(slice, plane.columns, plane.rows);
}

void keepTouchedParts(std::span<std::uint8_t> slice, std::span<const std::uint8_t> seed,
                      Plane plane) {
  std::vector<std::uint8_t> seen(slice.size(), 0);
  for (std::size_t i = 0; i < slice.size(); ++i) {
    if (slice[i] == 0 || seen[i] != 0) continue;
    const auto part = partFrom(i, plane, 1, seen, [&](std::size_t k) { return slice[k] != 0; });
    if (std::none_of(part.begin(), part.end(), [&](std::size_t k) { return seed[k] != 0; }))
      for (const std::size_t k : part) slice[k] = 0;
  }
}

std::vector<std::uint8_t> dilated(std::span<const std::uint8_t> slice, Plane plane, double spacing_x_mm,
                                  double spacing_y_mm, double radius_mm) {
  std::vector<std::uint8_t> result(slice.begin(), slice.end());
  const int reach_x = static_cast<int>(radius_mm / spacing_x_mm + 1e-6);
  const int reach_y = static_cast<int>(radius_mm / spacing_y_mm + 1e-6);
  for (int y = 0; y < plane.rows; ++y)
    for (int x = 0; x < plane.columns; ++x) {
      if (slice[static_cast<std::size_t>(y) * static_cast<std::size_t>(plane.columns) +
                static_cast<std::size_t>(x)] == 0)
        continue;
      for (int dy = -reach_y; dy <= reach_y; ++dy)
        for (int dx = -reach_x; dx <= reach_x; ++dx) {
          const int nx = x + dx, ny = y + dy;
          if (nx < 0 || ny < 0 || nx >= plane.columns || ny >= plane.rows) continue;
          if (std::hypot(dx * spacing_x_mm, dy * spacing_y_mm) > radius_mm + 1e-6) continue;
          result[static_cast<std::size_t>(ny) * static_cast<std::size_t>(plane.columns) +
                 static_cast<std::size_t>(nx)] = 1;
        }
    }
  return result;
}

void fillCores(std::span<std::uint8_t> scar, std::span<const std::uint8_t> myocardium,
               std::span<const std::uint8_t> cavity, Plane plane) {
  const auto scar_size = static_cast<std::size_t>(std::count(scar.begin(), scar.end(), std::uint8_t{1}));
  if (scar_size == 0) return;
  const auto columns = static_cast<std::size_t>(plane.columns);
  std::vector<std::uint8_t> seen(scar.size(), 0);
  for (std::size_t i = 0; i < scar.size(); ++i) {
    if (seen[i] != 0 || myocardium[i] == 0 || scar[i] != 0) continue;
    const auto part = partFrom(i, plane, 1, seen, [&](std::size_t k) {
      return myocardium[k] != 0 && scar[k] == 0;
    });
    if (part.size() >= scar_size) continue;
    std::size_t scar_contacts = 0, cavity_contacts = 0, other_contacts = 0;
    for (const std::size_t k : part) {
      const int x = static_cast<int>(k % columns), y = static_cast<int>(k / columns);
      for (const auto& step : analysis::face_steps) {
        if (step[2] != 0) continue;
        const int nx = x + step[0], ny = y + step[1];
        if (nx < 0 || ny < 0 || nx >= plane.columns || ny >= plane.rows) {
          ++other_contacts;
          continue;
        }
        const std::size_t other = static_cast<std::size_t>(ny) * columns + static_cast<std::size_t>(nx);
        if (scar[other] != 0) ++scar_contacts;
        else if (myocardium[other] == 0) ++(cavity[other] != 0 ? cavity_contacts : other_contacts);
      }
    }
    if (other_contacts == 0 && scar_contacts > cavity_contacts)
      for (const std::size_t k : part) scar[k] = 1;
  }
}

}  // namespace gadolin::ml
