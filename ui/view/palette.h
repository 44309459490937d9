#pragma once
// Colours of what is laid over the grey image. No colour map ever touches the image itself.

#include <array>
#include <cstdint>

namespace gadolin::view {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};

enum class PaletteName {
  ColourBlindSafe,  // after Okabe and Ito (2008), brightened where a grey ground needs it
  Clinical          // endo red, epi green, scar yellow, MVO red
};

/// Colours of one mask: two contours and two tissues.
struct MaskColours {
  Rgb endo;
  Rgb epi;
  Rgb scar;
  Rgb mvo;
};

struct Palette {
  MaskColours main;       // the mask under discussion
  MaskColours reference;  // the mask it is compared with; outlines only
};

Palette palette(PaletteName name);

/// 256 colours from dark violet to pale yellow, lightness rising evenly (CIELCh, sRGB, D65), so
/// that equal steps of the value look equal. Entry 0 is never drawn.
const std::array<Rgb, 256>& heatColours();

}  // namespace gadolin::view
