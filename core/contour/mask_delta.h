#pragma once
// What a stroke changed in a mask, as runs of voxels: small enough to keep for ever, and undone by
// applying it backwards.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/volume.h"

namespace gadolin::contour {

/// `length` voxels from index `start` that all had the label `from` and have the label `to`.
struct DeltaRun {
  std::uint32_t start = 0;
  std::uint32_t length = 0;
  std::uint8_t from = 0, to = 0;
  friend bool operator==(const DeltaRun&, const DeltaRun&) = default;
};

/// Runs in ascending order that do not overlap. Labels are those of Tissue.
struct MaskDelta {
  std::vector<DeltaRun> runs;
  [[nodiscard]] bool empty() const { return runs.empty(); }
  [[nodiscard]] std::size_t voxels() const;
  friend bool operator==(const MaskDelta&, const MaskDelta&) = default;
};

/// Two pieces of a mask of equal length; `offset` is the index of their first voxel in the mask.
MaskDelta deltaBetween(std::span<const std::uint8_t> before, std::span<const std::uint8_t> after,
                       std::size_t offset);

/// What takes it back.
MaskDelta inverse(MaskDelta delta);

/// Conflict, and the mask as it was, where a voxel is not what the delta says it was.
Result<void> apply(const MaskDelta& delta, Mask& mask);

/// A few bytes a run: the gap since the last run and the length as LEB128, the labels as one byte.
std::string toBytes(const MaskDelta& delta);
/// Corrupt when the bytes are not those of a delta of a mask of so many voxels.
Result<MaskDelta> deltaFromBytes(std::string_view bytes, std::size_t voxels);

}  // namespace gadolin::contour
