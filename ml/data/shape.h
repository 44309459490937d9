#pragma once
// Masks put in order: connected parts, enclosed holes, margins. Grids are row by row, column fastest.

#include <cstdint>
#include <span>
#include <vector>

#include "ml/data/window.h"

namespace gadolin::ml {

/// Sets all but the largest 6-connected part of a stack of slices to 0; true voxels are 1.
void keepLargestPart(std::span<std::uint8_t> stack, Plane plane, int slices);

/// 1 where a slice's background (value 0) is not 4-connected to its border.
std::vector<std::uint8_t> enclosed(std::span<const std::uint8_t> slice, Plane plane);

/// Sets every 4-connected part of `slice` to 0 that holds no pixel with `seed` 1.
void keepTouchedParts(std::span<std::uint8_t> slice, std::span<const std::uint8_t> seed,
                      Plane plane);

/// Grows a slice by a disc of `radius_mm`.
std::vector<std::uint8_t> dilated(std::span<const std::uint8_t> slice, Plane plane, double spacing_x_mm,
                                  double spacing_y_mm, double radius_mm);

/// Dark cores: adds to `scar` every 4-connected part of `myocardium` without scar that touches only
/// scar and cavity and is smaller than the scar of the slice. `cavity` is 1 in the blood pool.
void fillCores(std::span<std::uint8_t> scar, std::span<const std::uint8_t> myocardium,
               std::span<const std::uint8_t> cavity, Plane plane);

}  // namespace gadolin::ml
