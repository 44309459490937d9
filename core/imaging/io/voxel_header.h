#pragma once
// What the header of a volume file (NIfTI, NRRD, MetaImage) says about its voxels.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/imaging/geometry.h"

namespace gadolin::io {

enum class VoxelType {
  Uint8,
  Int8,
  Int16,
  Uint16,
  Int32,
  Uint32,
  Float32,
  Float64,
  Int64,
  Uint64,
};
std::size_t sizeBytes(VoxelType type);

/// One structure of a segmentation that names its structures (Slicer's .seg.nrrd).
struct Segment {
  std::string name;
  double label = 0;  // its value in its layer
  int layer = 0;
};

struct VoxelHeader {
  Geometry geometry;  // LPS, mm
  VoxelType type = VoxelType::Uint8;
  bool swapped = false;            // other byte order than this machine's
  std::size_t voxel_offset = 0;    // first voxel's byte in the decompressed voxels' file
  bool scaled = false;             // slope and intercept are to be applied
  bool bad_scale = false;          // the scale is not a finite number: images are refused
  double slope = 1, intercept = 0;
  /// False when the header does not say where the patient's left is.
  bool oriented = true;
  /// Values of one voxel follow each other, one a layer: overlapping segments. 1 for images.
  int layers = 1;
  std::vector<Segment> segments;
  /// Where the voxels lie; empty: in the file itself, behind the header.
  std::filesystem::path data_file;
  /// NIfTI in two files: the voxels are in the file of the same name with the ending .img or .img.gz.
  bool in_pair = false;
  /// The voxels alone are compressed (zlib or gzip), from voxel_offset on.
  bool voxels_compressed = false;
  /// voxel_offset counts from the end: the voxels are the last bytes of the file.
  bool at_end = false;
  std::vector<std::string> notes;  // what was repaired or assumed

  [[nodiscard]] std::size_t dataBytes() const {
    return geometry.voxels() * sizeBytes(type) * static_cast<std::size_t>(layers);
  }
};

}  // namespace gadolin::io
