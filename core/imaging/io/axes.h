#pragma once
// Directions of a foreign header made unit vectors at right angles, where they nearly are.

#include <array>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/geometry.h"

namespace gadolin::io {

/// `columns`: the directions of x, y and z, of any length. Up to about half a degree off is
/// straightened, with a note when it is more than rounding; InvalidInput beyond: a sheared image
/// cannot be measured. `who` begins the sentence: "The axes of the sform". Either hand is kept.
Result<std::array<Vec3, 3>> orthonormalAxes(const std::array<Vec3, 3>& columns, const std::string& who,
                                            std::vector<std::string>& notes);

}  // namespace gadolin::io
