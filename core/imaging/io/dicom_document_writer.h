#pragma once
// A PDF as a DICOM object (Encapsulated PDF Storage, PS3.3 A.45.1).

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/imaging/io/dicom_segmentation_writer.h"

namespace gadolin::io {

/// Patient and study are those of `image`. InvalidInput for a file that is no PDF; errors as
/// writeDicomSegmentation().
Result<void> writeEncapsulatedPdf(const std::filesystem::path& path,
                                  const std::filesystem::path& pdf, const SourceImage& image,
                                  const MaskFacts& facts, const std::string& title);

/// The document in such an object, byte by byte.
Result<std::string> readEncapsulatedPdf(const std::filesystem::path& path);

}  // namespace gadolin::io
