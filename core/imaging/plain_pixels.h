#pragma once
// Where the pixels of an image lie that is stored as it is: uncompressed little-endian grey values of
// 8 or 16 bits, as most scanners write them. Found while the header is read, so that the pixels can
// be read later without reading the header again.

#include <cstdint>

namespace gadolin {

/// grey value = slope * stored + intercept
struct PlainPixels {
  std::uint64_t at = 0;     // byte in the file at which the first pixel of the first frame begins
  int bits_allocated = 16;  // 8 or 16
  int bits_stored = 16;     // the lower ones; what the others hold is no part of the value
  bool is_signed = false;
  bool inverted = false;  // MONOCHROME1: small values are shown bright
  double slope = 1, intercept = 0;
  // The file as it was then: another one in its place is not read as if it were this.
  std::uint64_t file_bytes = 0;
  std::int64_t file_time_ns = 0;
  bool operator==(const PlainPixels&) const = default;
};

}  // namespace gadolin
