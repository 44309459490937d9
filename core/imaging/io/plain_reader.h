#pragma once
// Pixels that lie in a DICOM file as they are (PlainPixels), read straight from it: GDCM copies them
// three times.

#include <cstdint>
#include <filesystem>
#include <istream>
#include <optional>
#include <span>

#include "core/base/result.h"
#include "core/imaging/plain_pixels.h"

namespace gdcm {
class File;
}

namespace gadolin::io {

/// Where the pixels lie; nothing when they are compressed, of another kind, or something is wrong
/// with them (cut off, another length than rows, columns and frames say), which the full reader has
/// to name.
/// @param file    read up to its pixel data
/// @param stream  stands behind the head of the pixel data element; is moved
/// @param frames  of the file
std::optional<PlainPixels> findPlainPixels(const gdcm::File& file, std::istream& stream,
                                           const std::filesystem::path& path, int rows, int columns,
                                           int frames);

/// Frame `frame` in the scanner's units. Conflict when the file is another one than when the pixels were
/// found, or ends before the frame does; NotFound, Io; InvalidInput for a slope of 0.
/// @param frame  from 0, below the number of frames with which the pixels were found
/// @param out    rows * columns values, row by row
Result<void> readPlainFrame(const std::filesystem::path& path, const PlainPixels& pixels, int frame,
                            std::span<float> out);

/// Whether the scanner's units are whole numbers, which mostly fit into 16 bits: stored in 16 bits, with a whole slope
/// and a whole intercept.
bool isWhole(const PlainPixels& pixels);
/// The same values as readPlainFrame()'s, of pixels that are isWhole(). Unsupported when one of them does not fit
/// into 16 bits.
Result<void> readWholeFrame(const std::filesystem::path& path, const PlainPixels& pixels, int frame,
                            std::span<std::int16_t> out);

}  // namespace gadolin::io
