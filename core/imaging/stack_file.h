#pragma once
// Stacks and masks on disk: one safetensors file each. Tensor "image" [slices, rows, columns], int16 where
// that holds every voxel exactly (most scanners') and float32 otherwise, or "mask" uint8 of the same shape;
// geometry and slice positions as JSON in the metadata key "gadolin".

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin {

/// Voxels as a file holds them: whole numbers of 16 bits where these are every voxel exactly, to the sign
/// of a zero. Equal voxels are always held alike.
using FiledVoxels = std::variant<std::vector<std::int16_t>, std::vector<float>>;
FiledVoxels filedVoxels(std::vector<float> voxels);

/// A stack on its way into its file: what a scanner stored as whole numbers never becomes anything else.
struct FiledStack {
  Stack about;  // with its geometry and without voxels
  FiledVoxels voxels;
};
FiledStack filed(Stack stack);

Result<void> writeStack(const std::filesystem::path& path, const Stack& stack,
                        Durability durability = Durability::Now);
Result<void> writeStack(const std::filesystem::path& path, const FiledStack& stack,
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
/// "2:" and SHA-256 over geometry (to 1e-6 mm) and voxels as they are filed; what makes a second import a
/// no-op. Equal for equal geometry and voxels, wherever they come from.
std::string contentHash(const Stack& stack);
std::string contentHash(const FiledStack& stack);
/// The kind before: SHA-256 over geometry and the voxels as float32. Stacks of older projects have it
/// until they are imported again.
std::string formerContentHash(const FiledStack& stack);
bool isFormerContentHash(std::string_view hash);
/// Whether the stack has this content hash, of either kind.
bool hasContent(const Stack& stack, std::string_view hash);

}  // namespace gadolin
