#pragma once
// The images that a DICOM object of ours refers to: one classic image file a slice.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/geometry.h"

namespace gadolin::io {

struct SourceImage {
  std::filesystem::path path;
  std::string sop_class, sop_uid, series_uid, study_uid, frame_of_reference_uid;
  int frames = 1;
  int rows = 0, columns = 0;
  std::optional<Vec3> position_mm;  // of the first pixel, LPS
  /// Compressed with loss at some time, how often and how; empty where the header does not say it.
  bool lossy = false;
  std::string lossy_ratio, lossy_method;
};

/// The header up to the pixels, through DCMTK. Nothing for what is no DICOM image. Corrupt when it
/// breaks off.
Result<std::optional<SourceImage>> readSourceImage(const std::filesystem::path& path);

}  // namespace gadolin::io
