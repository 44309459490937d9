#include "ui/view/palette.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace gadolin::view {
namespace {

std::uint8_t gammaEncoded(double linear) {
  const double x = std::clamp(linear, 0.0, 1.0);
  const double y = x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(255 * y));
}

/// CIELCh (D65) to sRGB, IEC 61966-2-1; out-of-gamut parts are clipped.
Rgb fromLch(double lightness, double chroma, double hue_degrees) {
  const double hue = hue_degrees * std::numbers::pi / 180;
  const double fy = (lightness + 16) / 116;
  const double fx = fy + chroma * std::cos(hue) / 500;
  const double fz = fy - chroma * std::sin(hue) / 200;
  const auto inverse = [](double f) {
    return f > 6.0 / 29 ? f * f * f : (f - 4.0 / 29) * 108 / 841;
  };
  const double x = 0.95047 * inverse(fx);
  const double y = inverse(fy);
  const double z = 1.08883 * inverse(fz);
  return {gammaEncoded(3.2406 * x - 1.5372 * y - 0.4986 * z),
          gammaEncoded(-0.9689 * x + 1.8758 * y + 0.0415 * z),
          gammaEncoded(0.0557 * x - 0.2040 * y + 1.0570 * z)};
}

}  // namespace

Palette palette(PaletteName name) {
  constexpr Rgb pale{225, 225, 225};
  if (name == PaletteName::Clinical) {
    constexpr Rgb cyan{0, 220, 255};
    return {{{255, 64, 64}, {60, 220, 60}, {255, 225, 25}, {255, 40, 40}},
            {pale, pale, cyan, cyan}};
  }
  constexpr Rgb lemon{240, 228, 66};
  return {{{86, 180, 233}, {0, 190, 140}, {240, 140, 0}, {214, 120, 190}},
          {pale, pale, lemon, lemon}};
}

const std::array<Rgb, 256>& heatColours() {
  static const std::array<Rgb, 256> table = [] {
    std::array<Rgb, 256> colours{};
    for (std::size_t i = 0; i < colours.size(); ++i) {
      const double t = static_cast<double>(i) / 255;
      // Hue runs from violet through red to yellow; chroma is low at both ends, where sRGB is thin.
      const double hue = 310 + t * 150;
      const double chroma = 30 + 45 * std::sin(std::numbers::pi * std::pow(t, 0.9));
      colours[i] = fromLch(20 + 72 * t, chroma, hue);
    }
    return colours;
  }();
  return table;
}

}  // namespace gadolin::view
