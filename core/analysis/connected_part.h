#pragma once
// One connected part of a region on a grid.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gadolin::analysis {

/// Steps to the neighbours over faces; the first four stay in the slice.
inline constexpr std::array<std::array<int, 3>, 6> face_steps{
    {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}};

/// The voxels that are reached from `start` over faces (over sides where there is one slice) through
/// voxels k with belongs(k), in the order in which they are reached; `start` counts as belonging.
/// size: columns, rows, slices, column fastest. They are marked in `seen`, one value a voxel; what
/// is marked there already is not entered. O(voxels of the part).
template <typename Belongs>
std::vector<std::size_t> connectedPart(std::size_t start, std::array<int, 3> size,
                                       std::vector<std::uint8_t>& seen, Belongs&& belongs) {
  const auto columns = static_cast<std::size_t>(size[0]);
  const std::size_t area = columns * static_cast<std::size_t>(size[1]);
  std::vector<std::size_t> part{start};
  seen[start] = 1;
  for (std::size_t next = 0; next < part.size(); ++next) {
    const std::size_t voxel = part[next];
    const int x = static_cast<int>(voxel % columns);
    const int y = static_cast<int>(voxel % area / columns);
    const int z = static_cast<int>(voxel / area);
    for (const auto& face : face_steps) {
      const int nx = x + face[0], ny = y + face[1], nz = z + face[2];
      if (nx < 0 || ny < 0 || nz < 0 || nx >= size[0] || ny >= size[1] || nz >= size[2]) continue;
      const std::size_t other = static_cast<std::size_t>(nz) * area +
                                static_cast<std::size_t>(ny) * columns +
                                static_cast<std::size_t>(nx);
      if (seen[other] != 0 || !belongs(other)) continue;
      seen[other] = 1;
      part.push_back(other);
    }
  }
  return part;
}

/// What a region of a slice encloses: 1 where the value is 0 and the rim of the slice cannot be
/// reached over the sides of other such pixels. columns * rows values, row by row.
std::vector<std::uint8_t> enclosedPixels(std::span<const std::uint8_t> slice, int columns, int rows);

}  // namespace gadolin::analysis
