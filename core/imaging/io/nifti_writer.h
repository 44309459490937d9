#pragma once
// Volumes as compressed NIfTI-1 (.nii.gz) in the patient's coordinates, written by ITK.

#include <filesystem>

#include "core/base/result.h"
#include "core/imaging/volume.h"

namespace gadolin::io {

/// float32. The name must end in ".nii.gz" or ".nii"; the file is whole or absent. Geometry in
/// millimetres to the precision of the format (float32). One distance for all slices: NIfTI holds
/// no other.
Result<void> writeNifti(const std::filesystem::path& path, const Volume<float>& volume);
/// uint8.
Result<void> writeNifti(const std::filesystem::path& path, const Volume<std::uint8_t>& volume);

}  // namespace gadolin::io
