#pragma once
// Exact Euclidean distance to a set of voxels on an anisotropic grid.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace gadolin::analysis {

/// For every voxel the squared distance in mm^2 from its centre to the centre of the nearest voxel
/// of `set` (non-zero), infinity when the set is empty. size: columns, rows, slices, column
/// fastest. One pass of lower envelopes of parabolas along each axis, O(voxels) (Felzenszwalb and
/// Huttenlocher, Distance Transforms of Sampled Functions, Theory of Computing 8, 2012).
std::vector<double> squaredDistance_mm2(std::span<const std::uint8_t> set, std::array<int, 3> size,
                                        std::array<double, 3> spacing_mm);

}  // namespace gadolin::analysis
