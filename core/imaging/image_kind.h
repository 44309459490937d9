#pragma once
// Magnitude or PSIR, from the grey values alone: for images whose header does not say it.

#include <cstdint>
#include <span>
#include <vector>

#include "core/imaging/stack.h"
#include "core/imaging/stack_file.h"

namespace gadolin {

/// Values below zero are PSIR's. Else the air decides: in a magnitude image it is the darkest and
/// commonest value, in a PSIR image, stored with an offset, it lies in the middle of the range. What is
/// exactly the smallest value is padding and does not count. Unknown where neither is plain. The limits
/// separate all of 75 EMIDEC stacks (PSIR) and phantoms of both kinds with a wide margin.
ImageKind kindFromPixels(std::span<const float> voxels);
/// The same of whole numbers, without sorting them.
ImageKind kindFromPixels(std::span<const std::int16_t> voxels);

/// The values, sorted, of what is no image but a mask: two to five different ones. Empty for an image; also for one value
/// alone, of which nothing can be said.
std::vector<double> labelValues(const FiledVoxels& voxels);

}  // namespace gadolin
