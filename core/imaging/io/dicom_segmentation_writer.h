#pragma once
// A mask as a DICOM Segmentation (PS3.3 A.51), BINARY, through DCMTK's dcmseg.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/io/dicom_source.h"
#include "core/imaging/stack.h"

namespace gadolin::io {

/// How the mask came about (SegmentAlgorithmType).
enum class MaskOrigin {
  Manual,         // a person drew it
  SemiAutomatic,  // a person changed what an algorithm made, or drew with its help
  Automatic,      // an algorithm made it
};

/// What a segmentation or a report on one says beside the voxels. Texts are UTF-8.
struct MaskFacts {
  MaskOrigin origin = MaskOrigin::Manual;
  std::string algorithm;    // its name; empty for Manual
  std::string creator;      // person; empty: none
  std::string made_utc;     // ISO 8601, as core/base/time.h writes it
  std::string description;  // for a list in a viewer
  /// Equal keys give equal UIDs, so that a second export is the same object.
  std::string key;
  int series_number = 1000;
  std::string software_version;
};

/// One segment a structure (tissue_segments.h) and one frame a slice that it has a voxel in.
/// Patient, study and frame of reference are those of the images; `images` has one for each slice
/// of the stack. The same input gives the same bytes. InvalidInput: sizes that do not fit, an empty
/// mask, images of several studies or none; Unsupported: no dictionary; what writing gives.
Result<void> writeDicomSegmentation(const std::filesystem::path& path, const Stack& stack,
                                    const Mask& mask, const std::vector<SourceImage>& images,
                                    const MaskFacts& facts);

}  // namespace gadolin::io
