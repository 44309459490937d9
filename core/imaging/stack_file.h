#pragma once
// Stacks and masks on disk: one safetensors file each. Tensor "image" [slices, rows, columns], int16 where
// that holds every voxel exactly (most scanners') and float32 otherwise, or "mask" uint8 of the same shape;
// geometry and slice positions as JSON in the metadata key "gadolin".

#include <filesystem>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin {

Result<void> writeStack(const std::filesystem::path& path, const Stack& stack,
                        Durability durability = Durability::Now);
/// Corrupt when the file contradicts itself.
Result<Stack> readStack(const std::filesystem::path& path);

/// Only the label values 0..4 are stored; others are InvalidInput.
Result<void> writeMask(const std::filesystem::path& path, const Mask& mask,
                       Durability durability = Durability::Now);
Result<Mask> readMask(const std::filesystem::path& path);
/// On the grid of its stack. A blob is named by size and voxels alone, so stacks whose pixels differ
/// in mm may share it, and the geometry in it may be that of another. Corrupt when the sizes differ.
Result<Mask> readMaskOn(const std::filesystem::path& path, const Geometry& grid);

/// SHA-256 over size and voxels: equal masks on equal grids have equal content.
std::string contentHash(const Mask& mask);
/// SHA-256 over geometry (to 1e-6 mm) and voxels; what makes a second import a no-op.
std::string contentHash(const Stack& stack);

}  // namespace gadolin
