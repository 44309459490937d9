#pragma once
// What is known of a whole stack from its slices and from what was said of it as a whole.

#include <span>

#include "core/labels/slice_label.h"

namespace gadolin {

/// The slices are the closer look: what they come to (stackLabel) counts; where they leave it open,
/// what was said of the whole does.
inline SliceLabel wholeLabel(std::span<const SliceLabel> slices, SliceLabel said) {
  const SliceLabel from_slices = stackLabel(slices);
  return from_slices == SliceLabel::Unlabelled ? said : from_slices;
}

}  // namespace gadolin
