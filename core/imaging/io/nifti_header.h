#pragma once
// The NIfTI-1 header (https://nifti.nimh.nih.gov/nifti-1) read by hand, because ITK 5.2 refuses the
// headers that EMIDEC and ACDC are distributed with, and reads others wrongly without a word.

#include <cstddef>
#include <span>

#include "core/base/result.h"
#include "core/imaging/io/voxel_header.h"

namespace gadolin::io {

/// Reads the first 348 bytes. Refused (Unsupported or InvalidInput, with the reason): NIfTI-2,
/// Analyze, two-file pairs, time series, five dimensions, colour and complex voxels, spacing that
/// is absent or no number, a sheared or contradictory orientation.
Result<VoxelHeader> parseNiftiHeader(std::span<const std::byte> bytes);

/// True when the bytes look like NIfTI-1, NIfTI-2 or Analyze.
bool looksLikeNifti(std::span<const std::byte> bytes);

}  // namespace gadolin::io
