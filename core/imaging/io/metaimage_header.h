#pragma once
// The text header of MetaImage (.mha, .mhd; https://itk.org/Wiki/ITK/MetaIO/Documentation).

#include <cstddef>
#include <span>

#include "core/base/result.h"
#include "core/imaging/io/voxel_header.h"

namespace gadolin::io {

bool looksLikeMetaImage(std::span<const std::byte> bytes);

/// `bytes`: the file, or its beginning that holds the whole header. data_file of the result is a bare
/// name, to be looked for beside the header. Unsupported or InvalidInput, with the reason: text voxels,
/// channels, four dimensions, spacing that is absent or not positive, a sheared grid, voxels in another
/// folder. Coordinates are LPS, as ITK writes them.
Result<VoxelHeader> parseMetaImageHeader(std::span<const std::byte> bytes);

}  // namespace gadolin::io
