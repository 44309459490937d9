#pragma once
// Whether a DICOM file holds all the pixel data that it announces. GDCM fills what a truncated file
// lacks with zeros and says so on stderr only.

#include <cstddef>
#include <cstdint>
#include <span>

namespace gadolin::io {

/// `bytes`: the whole file; `announced`: the length of its pixel data element, 0xffffffff for
/// compressed pixels in items. True as well where the element cannot be found in the bytes
/// (deflated files).
bool pixelDataIsComplete(std::span<const std::byte> bytes, std::uint32_t announced);

}  // namespace gadolin::io
