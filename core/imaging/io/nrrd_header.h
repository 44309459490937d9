#pragma once
// The text header of NRRD (https://teem.sourceforge.net/nrrd/format.html), with the fields that
// Slicer adds to segmentations (.seg.nrrd).

#include <cstddef>
#include <span>

#include "core/base/result.h"
#include "core/imaging/io/voxel_header.h"

namespace gadolin::io {

bool looksLikeNrrd(std::span<const std::byte> bytes);

/// `bytes`: the file, or its beginning that holds the whole header. data_file of the result is a bare
/// name, to be looked for beside the header. Unsupported or InvalidInput, with the reason: encodings but
/// raw and gzip, blocks, colours and time series, sizes or spacing that are absent or no numbers, a sheared
/// grid, voxels in another folder. A first axis that is a list is layers: masks alone may have several.
Result<VoxelHeader> parseNrrdHeader(std::span<const std::byte> bytes);

}  // namespace gadolin::io
