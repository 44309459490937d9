#pragma once
// Pseudo-masks of a whole stack: between the classifier and stage C.

#include <vector>

#include "ml/cascade/inference.h"

namespace gadolin::ml {

/// Fills stack.fibrosis with pseudo-masks, from the labels of its slices or, where the stack is
/// labelled as a whole, from what the classifier believes of its slices; a negative stack has none.
/// @return the slices that stage C learns from
std::vector<SliceRef> drawPseudoMasks(Network& classifier, PreparedStack& stack,
                                      const InferenceOptions& options);

}  // namespace gadolin::ml
