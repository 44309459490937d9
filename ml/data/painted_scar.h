#pragma once
// Scar that is not there, painted into the images that stage A learns from.

#include <cstdint>
#include <span>

namespace gadolin::ml {

/// Paints a part of the wall nearly as bright as the cavity, so that scar is not taken for cavity:
/// either the myocardium within a disc of 4 to 22 mm around a point of the endocardium, or a sector
/// of 30 to 150 degrees from the endocardium outwards, mostly through the whole wall and then at
/// times with 1.5 to 5 mm of equally bright fat upon it. Bright pixels stay; the noise does too.
/// Does nothing where wall and cavity do not touch.
/// @param heart side*side labels on the grid of the image: 1 cavity, 2 myocardium
void paintScar(std::span<float> image, std::span<const float> heart, int side, double pixel_mm,
               std::uint64_t seed);

}  // namespace gadolin::ml
