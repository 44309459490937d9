#pragma once
// A dense image with its geometry.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/imaging/geometry.h"

namespace gadolin {

/// nx*ny*nz values, x fastest. Never shared mutable: pass as shared_ptr<const ...> across threads.
template <typename T>
struct Volume {
  Geometry geometry;
  std::vector<T> voxels;

  Volume() = default;
  explicit Volume(const Geometry& g, T value = T{}) : geometry(g), voxels(g.voxels(), value) {}

  [[nodiscard]] T& at(int x, int y, int z) { return voxels[geometry.index(x, y, z)]; }
  [[nodiscard]] const T& at(int x, int y, int z) const { return voxels[geometry.index(x, y, z)]; }
  /// One slice, row by row.
  [[nodiscard]] std::span<const T> slice(int z) const {
    return std::span(voxels).subspan(geometry.index(0, 0, z), geometry.sliceVoxels());
  }
  [[nodiscard]] std::span<T> slice(int z) {
    return std::span(voxels).subspan(geometry.index(0, 0, z), geometry.sliceVoxels());
  }
};

/// What a mask voxel holds; the numbers are EMIDEC's. Nesting: Mvo lies in the scar, scar in the
/// myocardium.
enum class Tissue : std::uint8_t { Background = 0, Cavity = 1, Myocardium = 2, Scar = 3, Mvo = 4 };

using Mask = Volume<std::uint8_t>;

/// Myocardium in the wide sense: healthy, scar or MVO.
inline bool isMyocardium(std::uint8_t label) { return label >= 2 && label <= 4; }
/// Fibrosis by the challenge's rule: scar or MVO.
inline bool isFibrosis(std::uint8_t label) { return label == 3 || label == 4; }
/// False for a mask that holds no healthy myocardium, such as one in which somebody drew scar alone:
/// it does not say where the ventricle is, and the outline of its scar is not the heart's.
inline bool outlinesMyocardium(std::span<const std::uint8_t> labels) {
  return std::ranges::find(labels, static_cast<std::uint8_t>(Tissue::Myocardium)) != labels.end();
}

}  // namespace gadolin
