#include "core/analysis/wall_chords.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/analysis/short_axis_frame.h"

namespace gadolin::analysis {

std::vector<WallChord> wallChords(const Mask& mask, int z, const std::array<double, 2>& centre) {
  const Geometry& grid = mask.geometry;
  const double pixel_x = grid.spacing_mm[0], pixel_y = grid.spacing_mm[1];
  const double step = 0.1 * std::min(pixel_x, pixel_y);
  const double gap = std::hypot(pixel_x, pixel_y);
  const double reach = std::hypot(grid.size[0] * pixel_x, grid.size[1] * pixel_y);
  const auto cavity = cavityOf(mask, z);
  std::vector<WallChord> chords;
  for (int ray = 0; ray < chords_a_slice; ++ray) {
    // Half a step off the axes, so that no ray runs along the border of two pixels.
    const double angle = 2.0 * std::numbers::pi * (ray + 0.5) / chords_a_slice;
    WallChord chord;
    chord.column_mm = std::cos(angle);
    chord.row_mm = std::sin(angle);
    double first = -1, last = -1;
    double scar = 0, scar_first = -1, scar_last = -1;
    for (double r = 0.5 * step; r < reach; r += step) {
      const auto x = static_cast<int>(std::lround(centre[0] + r * chord.column_mm / pixel_x));
      const auto y = static_cast<int>(std::lround(centre[1] + r * chord.row_mm / pixel_y));
      if (x < 0 || y < 0 || x >= grid.size[0] || y >= grid.size[1]) break;
      const std::uint8_t label = mask.at(x, y, z);
      if (!isMyocardium(label)) {
        if (first < 0) continue;
        if (!cavity.empty() && cavity[grid.index(x, y, 0)] != 0) {
          // What was muscle so far stood in the cavity.
          first = last = scar_first = scar_last = -1;
          scar = 0;
        } else if (r - last > gap) {
          break;
        }
        continue;
      }
      if (first < 0) first = r - 0.5 * step;
      last = r + 0.5 * step;
      if (!isFibrosis(label)) continue;
      if (scar_first < 0) scar_first = r - 0.5 * step;
      scar_last = last;
      scar += step;
    }
    if (first < 0) continue;
    chord.inner_mm = first;
    chord.outer_mm = last;
    const double thickness = last - first;
    chord.scar_share = std::min(1.0, scar / thickness);
    if (scar > 0) {
      chord.scar_from = (scar_first - first) / thickness;
      chord.scar_to = (scar_last - first) / thickness;
    }
    chords.push_back(chord);
  }
  return chords;
}

}  // namespace gadolin::analysis
