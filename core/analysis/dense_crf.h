#pragma once
// A fully connected conditional random field with two classes and a spatial Gaussian, on one slice.

#include <cstdint>
#include <span>
#include <vector>

namespace gadolin::analysis {

struct DenseCrf {
  double sd_px = 3.0;   // standard deviation of the Gaussian along x and y, in pixels; > 0
  double weight = 1.0;  // of the Potts term; >= 0
  int iterations = 5;   // synchronous mean-field updates; >= 0
};

/// Mean field after Kraehenbuehl and Koltun (NeurIPS 2011) with the spatial kernel alone: the
/// Gaussian, normalised symmetrically (D^-1/2 K D^-1/2) and including the pixel itself, is
/// separable, so it is applied exactly (cut at 5 sd) instead of by a permutohedral lattice. Unary
/// terms are -ln of the probability clamped to 0.01 .. 0.99.
/// @param foreground columns*rows probabilities 0..1, row by row
/// @return 1 where foreground wins, 0 where background wins or both are equal
/// Thread: any. Cost: O(iterations * pixels * sd_px).
std::vector<std::uint8_t> refine(std::span<const float> foreground, int columns, int rows,
                                 const DenseCrf& crf);

}  // namespace gadolin::analysis
