#pragma once
// From the integers of a pixel matrix to the scanner's units.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace gadolin::io {

/// value = slope * stored + intercept
struct Rescale {
  double slope = 1, intercept = 0;
};

/// How stored values become grey values.
struct GreyScale {
  /// Above those stored: overlays of old scanners, no part of the value. 0 to one less than the bits of the
  /// type; wider types than 16 bits have none.
  int unused_bits = 0;
  bool inverted = false;  // MONOCHROME1: shows as bright what `stored` says is dark
  /// Sum of a value and its counterpart when inverted: largest plus smallest of the bits stored.
  double mirror = 0;
  Rescale rescale;
};

/// GreyScale::mirror of so many bits, 1 to 64.
inline double mirrorOf(int bits_stored, bool is_signed) {
  return is_signed ? -1 : std::ldexp(1.0, bits_stored) - 1;
}

/// The grey values of a run of pixels.
/// @param stored  out.size() values of type T in this machine's byte order, aligned or not
template <typename T>
void greyValues(const char* stored, const GreyScale& scale, std::span<float> out) {
  const auto at = [stored](std::size_t i) {
    T value{};
    std::memcpy(&value, stored + i * sizeof(T), sizeof(T));
    return value;
  };
  const auto meant = [&at, unused = scale.unused_bits](std::size_t i) {
    if constexpr (std::is_integral_v<T> && sizeof(T) <= 2)
      return static_cast<T>(static_cast<T>(static_cast<std::make_unsigned_t<T>>(at(i)) << unused) >>
                            unused);
    else
      return at(i);
  };
  const auto [slope, intercept] = scale.rescale;
  // One loop a case, so that each becomes vector instructions.
  if (scale.inverted) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<float>((scale.mirror - static_cast<double>(meant(i))) * slope + intercept);
  } else if (slope != 1 || intercept != 0) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<float>(static_cast<double>(meant(i)) * slope + intercept);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(meant(i));
  }
}

}  // namespace gadolin::io
