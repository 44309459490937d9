#include "core/imaging/regrid.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>

namespace gadolin {
namespace {

std::string describe(const Geometry& g) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), "%d x %d x %d voxels of %.3f x %.3f x %.3f mm", g.size[0],
                g.size[1], g.size[2], g.spacing_mm[0], g.spacing_mm[1], g.spacing_mm[2]);
  return text.data();
}

Error elsewhere(const Geometry& from, const Geometry& to, const std::string& what) {
  return {ErrorCode::InvalidInput, "The mask (" + describe(from) +
                                       ") does not lie on the voxels of the stack (" +
                                       describe(to) + "): " + what + "."};
}

/// Which axis of `from` runs along axis `along` of `to`; -1 when none of them is near.
int parallelAxis(const Geometry& from, const Geometry& to, std::size_t along) {
  int best = -1;
  double largest = 0.9;
  for (int i = 0; i < 3; ++i) {
    const double alignment = std::abs(dot(from.axes[static_cast<std::size_t>(i)], to.axes[along]));
    if (alignment > largest) {
      largest = alignment;
      best = i;
    }
  }
  return best;
}

/// Writes what `mask` holds into the same places of `into`, the inner structure where both hold one;
/// or why that would not be exact.
std::optional<std::string> copyInto(const Mask& mask, double tolerance_mm, Mask& into) {
  const Geometry& from = mask.geometry;
  const Geometry& grid = into.geometry;
  std::array<std::size_t, 3> axis{};  // of `from`, per axis of `grid`
  std::array<int, 3> sign{};          // -1: runs the other way
  std::array<int, 3> first{};         // index in `grid` of the first voxel of `from`
  std::array<bool, 3> taken{};
  const Vec3 apart = from.origin_mm - grid.origin_mm;
  for (std::size_t i = 0; i < 3; ++i) {
    const int parallel = parallelAxis(from, grid, i);
    if (parallel < 0 || taken[static_cast<std::size_t>(parallel)]) {
      return "their axes differ";
    }
    axis[i] = static_cast<std::size_t>(parallel);
    taken[axis[i]] = true;
    sign[i] = dot(from.axes[axis[i]], grid.axes[i]) < 0 ? -1 : 1;
    const double index = dot(apart, grid.axes[i]) / grid.spacing_mm[i];
    if (!(std::abs(index) < 1e6)) return "they lie apart";
    first[i] = static_cast<int>(std::lround(index));
  }
  const auto target = [&](std::array<int, 3> at) {
    std::array<int, 3> index{};
    for (std::size_t i = 0; i < 3; ++i) index[i] = first[i] + sign[i] * at[axis[i]];
    return index;
  };
  // Both maps are affine: where the corners coincide, everything between them does.
  double apart_mm = 0;
  for (int corner = 0; corner < 8; ++corner) {
    std::array<int, 3> at{};
    for (std::size_t i = 0; i < 3; ++i) at[i] = (corner >> i & 1) != 0 ? from.size[i] - 1 : 0;
    const std::array<int, 3> there = target(at);
    apart_mm = std::max(apart_mm, norm(from.toWorld(at[0], at[1], at[2]) -
                                       grid.toWorld(there[0], there[1], there[2])));
  }
  if (!(apart_mm <= tolerance_mm)) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "voxels lie up to %.2f mm apart", apart_mm);
    return text.data();
  }
  for (int z = 0; z < from.size[2]; ++z) {
    for (int y = 0; y < from.size[1]; ++y) {
      for (int x = 0; x < from.size[0]; ++x) {
        const std::uint8_t label = mask.at(x, y, z);
        if (label == 0) continue;
        const auto there = target({x, y, z});
        for (std::size_t i = 0; i < 3; ++i) {
          if (there[i] < 0 || there[i] >= grid.size[i]) return "it holds labels outside the stack";
        }
        auto& voxel = into.at(there[0], there[1], there[2]);
        voxel = std::max(voxel, label);
      }
    }
  }
  return std::nullopt;
}

/// The slice whose plane is the nearest to `place`.
std::size_t nearestSlice(const Vec3& place, const Stack& stack) {
  const Vec3& normal = stack.image.geometry.axes[2];
  const auto apart = [&](const SliceInfo& slice) {
    return std::abs(dot(place - slice.origin_mm, normal));
  };
  return static_cast<std::size_t>(std::ranges::min_element(stack.slices, {}, apart) -
                                  stack.slices.begin());
}

}  // namespace

Result<Mask> onGrid(const Mask& mask, const Geometry& grid, double tolerance_mm) {
  Mask moved(grid);
  if (const auto why = copyInto(mask, tolerance_mm, moved))
    return elsewhere(mask.geometry, grid, *why);
  return moved;
}

Result<Mask> onSlices(const Mask& planes, std::span<const Vec3> origins_mm, const Stack& stack,
                      double tolerance_mm) {
  const Geometry& grid = stack.image.geometry;
  if (origins_mm.size() != static_cast<std::size_t>(planes.geometry.size[2]) || stack.slices.empty())
    return Error{ErrorCode::Internal, "A mask does not know where each of its planes lies."};
  Mask moved(grid);
  for (std::size_t i = 0; i < origins_mm.size(); ++i) {
    const auto labels = planes.slice(static_cast<int>(i));
    if (std::ranges::all_of(labels, [](std::uint8_t label) { return label == 0; })) continue;
    const std::size_t z = nearestSlice(origins_mm[i], stack);
    Geometry place = planes.geometry, slice = grid;
    place.size[2] = slice.size[2] = 1;
    place.spacing_mm[2] = grid.spacing_mm[2];
    place.origin_mm = origins_mm[i];
    slice.origin_mm = stack.slices[z].origin_mm;
    Mask plane(place), onto(slice);
    std::ranges::copy(labels, plane.voxels.begin());
    if (const auto why = copyInto(plane, tolerance_mm, onto))
      return elsewhere(planes.geometry, grid, *why);
    const auto target = moved.slice(static_cast<int>(z));
    std::ranges::transform(target, onto.voxels, target.begin(),
                           [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
  }
  return moved;
}

bool coversAll(const Geometry& mask, const Geometry& grid) {
  for (int corner = 0; corner < 8; ++corner) {
    std::array<int, 3> at{};
    for (std::size_t i = 0; i < 3; ++i) at[i] = (corner >> i & 1) != 0 ? grid.size[i] - 1 : 0;
    const Vec3 from_origin = grid.toWorld(at[0], at[1], at[2]) - mask.origin_mm;
    for (std::size_t i = 0; i < 3; ++i) {
      const double index = dot(from_origin, mask.axes[i]) / mask.spacing_mm[i];
      if (index < -0.5 || index > mask.size[i] - 0.5) return false;
    }
  }
  return true;
}

}  // namespace gadolin
