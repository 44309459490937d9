#pragma once
// Bringing a mask onto another grid where that needs no interpolation.

#include "core/base/result.h"
#include "core/imaging/volume.h"

namespace gadolin {

/// `mask` in the order of `grid`'s voxels, with `grid` as its geometry. Exact: the voxel centres of
/// both grids coincide up to flips and permutations of the axes; the mask may be a box within the grid
/// (Slicer crops what it saves), whose surroundings are background, or larger with nothing outside.
/// `tolerance_mm` bounds how far the two positions of any voxel centre may lie apart; headers round.
/// InvalidInput otherwise, naming both grids and what differs.
Result<Mask> onGrid(const Mask& mask, const Geometry& grid, double tolerance_mm = 0.2);

/// Whether every voxel of `grid` lies in the box of `mask`: else onGrid() fills up with background.
bool coversAll(const Geometry& mask, const Geometry& grid);

}  // namespace gadolin
