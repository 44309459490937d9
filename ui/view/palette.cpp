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

/// CIELCh (D65) to linear sRGB, IEC 61966-2-1; may lie outside 0..1.
std::array<double, 3> linearFromLch(double lightness, double chroma, double hue_degrees) {
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
  return {3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z,
          0.0557 * x - 0.2040 * y + 1.0570 * z};
}

/// The most colourful sRGB colour of this lightness and hue with at most this chroma: clipping
/// instead would change the lightness.
Rgb fromLch(double lightness, double chroma, double hue_degrees) {
  auto linear = linearFromLch(lightness, chroma, hue_degrees);
  while (chroma > 0.5 && std::ranges::any_of(linear, [](double c) { return c < 0 || c > 1; })) {
    chroma *= 0.97;
    linear = linearFromLch(lightness, chroma, hue_degrees);
  }
  return {gammaEncoded(linear[0]), gammaEncoded(linear[1]), gammaEncoded(linear[2])};
}

}  // namespace

Palette palette(PaletteName name) {
  // Pale and cyan occur neither in the masks' own colours nor in the heat map.
  constexpr Rgb pale{225, 225, 225};
  constexpr Rgb cyan{60, 230, 255};
  constexpr MaskColours reference{pale, pale, cyan, cyan};
  if (name == PaletteName::Clinical) {
    return {{{255, 64, 64}, {60, 220, 60}, {255, 225, 25}, {255, 40, 40}}, reference};
  }
  return {{{86, 180, 233}, {0, 190, 140}, {240, 140, 0}, {214, 120, 190}}, reference};
}

const std::array<Rgb, 256>& heatColours() {
  static const std::array<Rgb, 256> table = [] {
    std::array<Rgb, 256> colours{};
    for (std::size_t i = 0; i < colours.size(); ++i) {
      const double t = static_cast<double>(i) / 255;
      colours[i] = fromLch(20 + 72 * t, 85, 310 + t * 150);  // violet, red, orange, yellow
    }
    return colours;
  }();
  return table;
}

}  // namespace gadolin::view
