#pragma once
// The wall of the left ventricle along rays from the centre of the cavity: how thick it is, and how
// much of that is scar.

#include <array>
#include <vector>

#include "core/imaging/volume.h"

namespace gadolin::analysis {

/// One ray through the wall. Depths are shares of the wall's thickness, 0 at the endocardium, 1 at
/// the epicardium.
struct WallChord {
  double column_mm = 0, row_mm = 0;  // unit direction in the picture, true millimetres
  double inner_mm = 0, outer_mm = 0;  // of the wall, from the centre
  double scar_share = 0;              // 0..1 of the thickness; scar with MVO
  double scar_from = 0, scar_to = 0;  // first and last depth with scar; only where scar_share > 0

  [[nodiscard]] double thickness_mm() const { return outer_mm - inner_mm; }
};

inline constexpr int chords_a_slice = 360;

/// Rays at equal angles from `centre` (continuous column, row) over slice z. The wall of a ray is the
/// myocardium (labels 2..4) from where it begins to where it ends for good; papillary muscle that
/// stands in the cavity (cavityOf(): also one that no label marks) and gaps below a pixel's diagonal
/// do not end it. Rays that meet none are left out, so that an open ring has fewer chords. Sampled
/// every tenth of a pixel.
std::vector<WallChord> wallChords(const Mask& mask, int z, const std::array<double, 2>& centre);

}  // namespace gadolin::analysis
