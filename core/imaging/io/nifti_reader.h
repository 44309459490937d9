#pragma once
// NIfTI-1 files (.nii, .nii.gz) as stacks and masks.

#include <filesystem>
#include <optional>

#include "core/base/result.h"
#include "core/imaging/decode_protocol.h"
#include "core/imaging/io/nifti_header.h"
#include "core/imaging/stack.h"

namespace gadolin::io {

/// The header alone.
Result<NiftiHeader> readNiftiHeader(const std::filesystem::path& path);

/// Voxels after slope and intercept, in stored order. apex_first: as given, else from the
/// orientation (a slice axis that points away from the apex starts at it). Values that are no
/// number become 0 and are noted. Corrupt when the file holds fewer voxels than its header says.
Result<Stack> readNiftiStack(const std::filesystem::path& path, std::optional<bool> apex_first);

struct ReadMask {
  Mask mask;
  std::vector<std::string> notes;
};

/// Stored integers (a scale is not applied to labels), translated by `labels` into Tissue numbers.
/// InvalidInput for values that are no label of that table.
Result<ReadMask> readNiftiMask(const std::filesystem::path& path, LabelTable labels);

}  // namespace gadolin::io
