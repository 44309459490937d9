#pragma once
// Image-level labels from pixel masks.

#include <vector>

#include "core/imaging/volume.h"
#include "core/labels/slice_label.h"

namespace gadolin {

/// One label a slice, in stored order: Fibrosis where the slice holds scar or MVO (labels 3, 4),
/// None elsewhere, also on slices without any myocardium.
std::vector<SliceLabel> labelsFromMask(const Mask& mask);

}  // namespace gadolin
