#pragma once
// The NIfTI-1 header (https://nifti.nimh.nih.gov/nifti-1) read by hand, because ITK 5.2 refuses the
// headers that EMIDEC and ACDC are distributed with, and reads others wrongly without a word.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/geometry.h"

namespace gadolin::io {

enum class NiftiType {
  Uint8 = 2,
  Int16 = 4,
  Int32 = 8,
  Float32 = 16,
  Float64 = 64,
  Int8 = 256,
  Uint16 = 512,
  Uint32 = 768,
  Int64 = 1024,
  Uint64 = 1280
};
std::size_t sizeBytes(NiftiType type);

struct NiftiHeader {
  Geometry geometry;  // LPS, mm
  NiftiType type = NiftiType::Uint8;
  bool swapped = false;            // other byte order than this machine's
  std::size_t voxel_offset = 352;  // first voxel's byte in the decompressed file
  bool scaled = false;             // slope and intercept are to be applied
  bool bad_scale = false;          // the scale is not a finite number: images are refused
  double slope = 1, intercept = 0;
  /// False when neither qform nor sform says where the patient's left is.
  bool oriented = true;
  std::vector<std::string> notes;  // what was repaired or assumed

  [[nodiscard]] std::size_t dataBytes() const { return geometry.voxels() * sizeBytes(type); }
};

/// Reads the first 348 bytes. Refused (Unsupported or InvalidInput, with the reason): NIfTI-2,
/// Analyze, two-file pairs, time series, five dimensions, colour and complex voxels, spacing that
/// is absent or no number, a sheared or contradictory orientation.
Result<NiftiHeader> parseNiftiHeader(std::span<const std::byte> bytes);

/// True when the bytes look like NIfTI-1, NIfTI-2 or Analyze.
bool looksLikeNifti(std::span<const std::byte> bytes);

}  // namespace gadolin::io
