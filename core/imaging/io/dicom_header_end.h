#pragma once
// Does a DICOM file end before its header does? GDCM as Debian builds it ends the process over most
// of such files.

#include <filesystem>

namespace gadolin::io {

/// True where the elements in front of the pixels, followed by their lengths, run past the end of
/// the file. Only where that is beyond doubt: a preamble, explicit or implicit little-endian,
/// elements in rising order with known value representations. What is odd in another way,
/// compressed as a whole, big-endian or has a sequence of undefined length is left to the reader
/// (false). Reads a few bytes an element.
bool endsWithinHeader(const std::filesystem::path& path);

}  // namespace gadolin::io
