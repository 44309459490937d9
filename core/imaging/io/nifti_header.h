#pragma once
// The NIfTI-1 and NIfTI-2 headers (https://nifti.nimh.nih.gov) read by hand, because ITK 5.2 refuses
// NIfTI-2 and the headers that EMIDEC and ACDC are distributed with, and reads others wrongly without a word.

#include <cstddef>
#include <span>

#include "core/base/result.h"
#include "core/imaging/io/voxel_header.h"

namespace gadolin::io {

/// Reads the first 348 or 540 bytes. Refused (Unsupported or InvalidInput, with the reason):
/// Analyze, time series, five dimensions, colour and complex voxels, spacing that
/// is absent or no number, a sheared or contradictory orientation.
Result<VoxelHeader> parseNiftiHeader(std::span<const std::byte> bytes);

/// True when the bytes look like NIfTI-1, NIfTI-2 or Analyze.
bool looksLikeNifti(std::span<const std::byte> bytes);

}  // namespace gadolin::io
