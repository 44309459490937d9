#include "app/files/export_volume.h"

#include <algorithm>
#include <cmath>

#include "core/imaging/io/nifti_writer.h"
#include "core/imaging/io/volume_reader.h"

namespace gadolin::ctl {
namespace {

/// NIfTI keeps geometry in 32-bit numbers: a hundredth of a millimetre is more than they lose.
bool sameAfterFloat(const Geometry& a, const Geometry& b) {
  return sameGrid(a, b, 0.01, 1e-4);
}

}  // namespace

Result<void> exportImage(ExportFolder& folder, const std::string& name,
                         const Volume<float>& image) {
  GADOLIN_TRY(const auto file, folder.file(name));
  GADOLIN_CHECK(io::writeNifti(file, image));
  GADOLIN_TRY(const Stack back, io::readVolumeStack(file, std::nullopt));
  if (back.image.voxels != image.voxels || !sameAfterFloat(back.image.geometry, image.geometry))
    return differsFromWritten(file);
  return {};
}

Result<void> exportMask(ExportFolder& folder, const std::string& name, const Mask& mask) {
  GADOLIN_TRY(const auto file, folder.file(name));
  GADOLIN_CHECK(io::writeNifti(file, mask));
  if (std::ranges::any_of(mask.voxels, [](std::uint8_t label) { return label > 4; })) {
    // No mask to an importer of ours: read as numbers.
    GADOLIN_TRY(const Stack back, io::readVolumeStack(file, std::nullopt));
    if (!std::ranges::equal(back.image.voxels, mask.voxels) ||
        !sameAfterFloat(back.image.geometry, mask.geometry))
      return differsFromWritten(file);
    return {};
  }
  GADOLIN_TRY(const io::ReadMask back, io::readVolumeMask(file, LabelTable::Tissue));
  if (back.mask.voxels != mask.voxels || !sameAfterFloat(back.mask.geometry, mask.geometry))
    return differsFromWritten(file);
  return {};
}

std::optional<std::string> unevenlySpaced(const std::string& id, const Stack& stack) {
  const double nominal_mm = stack.image.geometry.spacing_mm[2];
  for (std::size_t z = 1; z < stack.slices.size(); ++z) {
    const double apart_mm = norm(stack.slices[z].origin_mm - stack.slices[z - 1].origin_mm);
    if (std::abs(apart_mm - nominal_mm) > 0.01)
      return id +
             ": its slices are unevenly spaced, which NIfTI cannot say; the file has one distance "
             "for all.";
  }
  return std::nullopt;
}

}  // namespace gadolin::ctl
