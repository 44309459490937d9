#pragma once
// Bringing a mask onto another grid where that needs no interpolation.

#include <span>

#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin {

/// `mask` in the order of `grid`'s voxels, with `grid` as its geometry. Exact: the voxel centres of
/// both grids coincide up to flips and permutations of the axes; the mask may be a box within the grid
/// (Slicer crops what it saves), whose surroundings are background, or larger with nothing outside.
/// `tolerance_mm` bounds how far the two positions of any voxel centre may lie apart; headers round.
/// InvalidInput otherwise, naming both grids and what differs.
Result<Mask> onGrid(const Mask& mask, const Geometry& grid, double tolerance_mm = 0.2);

/// `planes`, each slice of which begins at its own place `origins_mm` (as many as slices; its geometry
/// holds for the axes and the pixels alone), on the grid of `stack`: each plane on the slice that lies
/// where it lies, by that slice's real position. Exact, under the same conditions as onGrid() for each
/// plane with its slice; slices without a plane are background. InvalidInput otherwise, naming both.
Result<Mask> onSlices(const Mask& planes, std::span<const Vec3> origins_mm, const Stack& stack,
                      double tolerance_mm = 0.2);

/// Whether every voxel of `grid` lies in the box of `mask`: else onGrid() fills up with background.
bool coversAll(const Geometry& mask, const Geometry& grid);

}  // namespace gadolin
