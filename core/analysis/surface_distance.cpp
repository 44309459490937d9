#include "core/analysis/surface_distance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/analysis/distance_transform.h"
#include "core/analysis/statistics.h"

namespace gadolin::analysis {
namespace {

using Size = std::array<int, 3>;

struct Box {
  Size low{0, 0, 0};
  Size size{0, 0, 0};
};

std::size_t at(const Size& size, int x, int y, int z) {
  return (static_cast<std::size_t>(z) * static_cast<std::size_t>(size[1]) +
          static_cast<std::size_t>(y)) *
             static_cast<std::size_t>(size[0]) +
         static_cast<std::size_t>(x);
}

/// The smallest box around both masks: every surface voxel lies in it, so it is enough.
Box commonBox(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, const Size& size) {
  Size low = size;
  Size high{-1, -1, -1};
  for (int z = 0; z < size[2]; ++z) {
    for (int y = 0; y < size[1]; ++y) {
      for (int x = 0; x < size[0]; ++x) {
        const std::size_t i = at(size, x, y, z);
        if (a[i] == 0 && b[i] == 0) continue;
        const Size here{x, y, z};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          low[axis] = std::min(low[axis], here[axis]);
          high[axis] = std::max(high[axis], here[axis]);
        }
      }
    }
  }
  Box box;
  if (high[0] < 0) return box;
  box.low = low;
  for (std::size_t axis = 0; axis < 3; ++axis) box.size[axis] = high[axis] - low[axis] + 1;
  return box;
}

/// Surface voxels within the box. What lies outside the box is outside the mask.
std::vector<std::uint8_t> surface(std::span<const std::uint8_t> mask, const Size& size,
                                  const Box& box) {
  const auto inside = [&](int x, int y, int z) {
    if (x < 0 || y < 0 || z < 0 || x >= box.size[0] || y >= box.size[1] || z >= box.size[2]) {
      return false;
    }
    return mask[at(size, x + box.low[0], y + box.low[1], z + box.low[2])] != 0;
  };
  std::vector<std::uint8_t> result(at(box.size, 0, 0, box.size[2]), 0);
  for (int z = 0; z < box.size[2]; ++z) {
    for (int y = 0; y < box.size[1]; ++y) {
      for (int x = 0; x < box.size[0]; ++x) {
        if (!inside(x, y, z)) continue;
        const bool enclosed = inside(x - 1, y, z) && inside(x + 1, y, z) && inside(x, y - 1, z) &&
                              inside(x, y + 1, z) && inside(x, y, z - 1) && inside(x, y, z + 1);
        if (!enclosed) result[at(box.size, x, y, z)] = 1;
      }
    }
  }
  return result;
}

/// Adds the distance of every voxel of `from` to the nearest voxel of the set behind `squared_mm2`;
/// returns the largest.
double collect(const std::vector<std::uint8_t>& from, const std::vector<double>& squared_mm2,
               std::vector<double>& distances_mm) {
  double largest = 0.0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] == 0) continue;
    const double distance = std::sqrt(squared_mm2[i]);
    distances_mm.push_back(distance);
    largest = std::max(largest, distance);
  }
  return largest;
}

}  // namespace

std::optional<SurfaceDistances> surfaceDistances(std::span<const std::uint8_t> reference,
                                                 std::span<const std::uint8_t> prediction,
                                                 std::array<int, 3> size,
                                                 std::array<double, 3> spacing_mm) {
  const std::size_t voxels = at(size, 0, 0, size[2]);
  if (reference.size() != voxels || prediction.size() != voxels) return std::nullopt;
  const auto filled = [](std::uint8_t value) { return value != 0; };
  if (std::none_of(reference.begin(), reference.end(), filled) ||
      std::none_of(prediction.begin(), prediction.end(), filled)) {
    return std::nullopt;
  }
  const Box box = commonBox(reference, prediction, size);
  const auto reference_surface = surface(reference, size, box);
  const auto prediction_surface = surface(prediction, size, box);
  std::vector<double> distances_mm;
  SurfaceDistances result;
  result.hd_mm =
      std::max(collect(reference_surface,
                       squaredDistance_mm2(prediction_surface, box.size, spacing_mm), distances_mm),
               collect(prediction_surface,
                       squaredDistance_mm2(reference_surface, box.size, spacing_mm), distances_mm));
  result.hd95_mm = percentile(distances_mm, 95.0).value_or(0.0);
  return result;
}

std::optional<SurfaceDistances> surfaceDistancesAsEmidec(std::span<const std::uint8_t> reference,
                                                         std::span<const std::uint8_t> prediction,
                                                         std::array<int, 3> size,
                                                         std::array<double, 3> spacing_mm) {
  std::swap(spacing_mm[0], spacing_mm[2]);
  return surfaceDistances(reference, prediction, size, spacing_mm);
}

}  // namespace gadolin::analysis
