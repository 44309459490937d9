#pragma once
// The pixels of one DICOM file in the scanner's units, frame by frame.

#include <filesystem>
#include <memory>
#include <span>

#include "core/base/result.h"

namespace gadolin::io {

/// Decodes the file once, for all its frames.
class DicomPixels {
 public:
  /// Io; Corrupt (cut off, damaged); Unsupported (colour, palette, odd sample sizes).
  static Result<DicomPixels> open(const std::filesystem::path& path);
  DicomPixels(DicomPixels&&) noexcept;
  DicomPixels& operator=(DicomPixels&&) noexcept;
  ~DicomPixels();

  [[nodiscard]] int columns() const;
  [[nodiscard]] int rows() const;
  [[nodiscard]] int frames() const;
  /// MONOCHROME1: the file shows small values bright. frame() has them turned round.
  [[nodiscard]] bool inverted() const;

  /// A frame (from 0), row by row, after its own rescale. InvalidInput for a scale of 0 or one that is
  /// no number; Conflict for a frame that the file does not have; Io.
  /// @param out  rows() * columns() values
  [[nodiscard]] Result<void> frame(int number, std::span<float> out) const;

 private:
  struct Content;
  explicit DicomPixels(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace gadolin::io
