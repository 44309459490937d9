#pragma once
// Bringing a mask onto another grid where that needs no interpolation.

#include "core/base/result.h"
#include "core/imaging/volume.h"

namespace gadolin {

/// `mask` in the order of `grid`'s voxels, with `grid` as its geometry. Exact: the voxel centres of
/// both grids coincide up to flips and permutations of the axes. `tolerance_mm` bounds how far the
/// two positions of any voxel centre may lie apart; headers round. InvalidInput otherwise, naming
/// what differs (size, spacing or position).
Result<Mask> onGrid(const Mask& mask, const Geometry& grid, double tolerance_mm = 0.2);

}  // namespace gadolin
