#pragma once
// DICOM Segmentation objects (PS3.3 A.51 and C.8.20): which voxels belong to which named segment,
// frame by frame. Call only in a process that may die: GDCM aborts on some files.

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/decode_protocol.h"

namespace gdcm {
class DataSet;
class File;
}  // namespace gdcm

namespace gadolin::io {

class FunctionalGroups;

/// What the file says about one segment. Texts are bytes as stored.
struct SegmentText {
  int number = 0;
  std::string label, description;
  std::string code_scheme, code, code_meaning;  // SegmentedPropertyTypeCodeSequence
  bool automatic = false;                       // made without a person
};

enum class SegmentCoding {
  Binary,      // a frame is of one segment, one bit a voxel
  Fractional,  // a frame is of one segment, 0 to a maximum a voxel
  LabelMap,    // a voxel holds the number of its segment
};

class DicomSegmentation {
 public:
  /// Io; Corrupt: cut off, or it contradicts itself; Unsupported, by what it is: tiled (a slide), a
  /// surface, of images that are no MR images, frames without a place, frames in different planes,
  /// one bit a voxel in a compressed transfer syntax other than RLE.
  static Result<DicomSegmentation> read(const std::filesystem::path& path);

  SegmentCoding coding = SegmentCoding::Binary;
  int columns = 0, rows = 0;
  std::array<Vec3, 2> directions{};          // of a row and of a column, unit LPS vectors
  std::array<double, 2> pixel_spacing_mm{};  // along x and along y
  std::vector<Vec3> places_mm;               // of each frame's first pixel
  std::vector<int> segment_of_frame;         // 0 in a label map
  std::vector<SegmentText> segments;
  SegmentationSource source;
  std::string made;    // ContentDate and ContentTime
  std::string not_mr;  // the modality of the images that it segments, where that is not MR
  int fraction_maximum = 255;

  [[nodiscard]] int frames() const { return static_cast<int>(places_mm.size()); }
  [[nodiscard]] std::size_t area() const {
    return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  }
  /// The number of the segment that voxel `pixel` (row by row) of a frame belongs to; 0: of none. A
  /// fractional voxel belongs to its segment from half of the maximum on.
  [[nodiscard]] int segmentAt(int frame, std::size_t pixel) const;

 private:
  Result<void> describe(const gdcm::DataSet& set, const FunctionalGroups& groups,
                        const std::string& name);
  Result<void> placeFrames(const FunctionalGroups& groups, const std::string& name);
  Result<void> readVoxels(const gdcm::File& file, const std::filesystem::path& path,
                          const std::string& name);

  std::vector<std::byte> stored_;  // as in an uncompressed little-endian file
  int bits_ = 1;                   // 1, 8 or 16 a voxel
};

}  // namespace gadolin::io
