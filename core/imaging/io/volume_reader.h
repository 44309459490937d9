#pragma once
// Volume files as stacks and masks: NIfTI-1 and NIfTI-2 (.nii, .nii.gz, .hdr with .img), NRRD (.nrrd, .nhdr, .seg.nrrd) and
// MetaImage (.mha, .mhd).

#include <filesystem>
#include <optional>

#include "core/base/result.h"
#include "core/imaging/decode_protocol.h"
#include "core/imaging/stack.h"

namespace gadolin::io {

/// Voxels after slope and intercept, in stored order. apex_first: as given, else from the
/// orientation (a slice axis that points away from the apex starts at it). Values that are no
/// number become 0 and are noted. Corrupt when the file holds fewer voxels than its header says.
Result<Stack> readVolumeStack(const std::filesystem::path& path, std::optional<bool> apex_first);

struct ReadMask {
  Mask mask;
  std::vector<std::string> notes;
};

/// Stored integers (a scale is not applied to labels), translated into Tissue numbers: by the names of
/// the segments where the file has some, else by `labels`. InvalidInput for values without a meaning.
Result<ReadMask> readVolumeMask(const std::filesystem::path& path, LabelTable labels);

}  // namespace gadolin::io
