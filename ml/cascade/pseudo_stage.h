#pragma once
// Pseudo-masks of a whole stack: between the classifier and stage C.

#include <span>

#include "ml/cascade/inference.h"

namespace gadolin::ml {

/// Writes the pseudo-masks of these slices of one stack into stack.fibrosis, which the caller has
/// made zero. Slices in which no threshold is to be found stay empty.
void drawPseudoMasks(Network& classifier, PreparedStack& stack, std::span<const SliceRef> positive,
                     const InferenceOptions& options);

}  // namespace gadolin::ml
