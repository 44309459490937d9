#include "ml/data/shape.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gadolin::ml {
namespace {

constexpr std::array<std::array<int, 3>, 6> neighbours{
    {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}};

/// Voxels of the part of `belongs` that holds `start`; marks them in `seen`.
template <typename Belongs>
std::vector<std::size_t> partFrom(std::size_t start, Plane plane, int slices,
                                  std::vector<std::uint8_t>& seen, Belongs&& belongs) {
  const auto columns = static_cast<std::size_t>(plane.columns);
  const std::size_t area = columns * static_cast<std::size_t>(plane.rows);
  std::vector<std::size_t> part{start};
  seen[start] = 1;
  for (std::size_t next = 0; next < part.size(); ++next) {
    const std::size_t voxel = part[next];
    const int x = static_cast<int>(voxel % columns);
    const int y = static_cast<int>(voxel % area / columns);
    const int z = static_cast<int>(voxel / area);
    for (const auto& step : neighbours) {
      const int nx = x + step[0], ny = y + step[1], nz = z + step[2];
      if (nx < 0 || ny < 0 || nz < 0 || nx >= plane.columns || ny >= plane.rows || nz >= slices) continue;
      const std::size_t other = static_cast<std::size_t>(nz) * area +
                                static_cast<std::size_t>(ny) * columns + static_cast<std::size_t>(nx);
      if (seen[other] != 0 || !belongs(other)) continue;
      seen[other] = 1;
      part.push_back(other);
    }
  }
  return part;
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
  std::vector<std::uint8_t> reached(slice.size(), 0);
  const auto columns = static_cast<std::size_t>(plane.columns);
  for (int y = 0; y < plane.rows; ++y)
    for (int x = 0; x < plane.columns; ++x) {
      if (x != 0 && y != 0 && x != plane.columns - 1 && y != plane.rows - 1) continue;
      const std::size_t i = static_cast<std::size_t>(y) * columns + static_cast<std::size_t>(x);
      if (slice[i] == 0 && reached[i] == 0)
        partFrom(i, plane, 1, reached, [&](std::size_t k) { return slice[k] == 0; });
    }
  std::vector<std::uint8_t> result(slice.size());
  for (std::size_t i = 0; i < slice.size(); ++i) result[i] = slice[i] == 0 && reached[i] == 0 ? 1 : 0;
  return result;
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
      for (const auto& step : neighbours) {
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
