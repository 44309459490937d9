#pragma once
// Pseudo-masks of a whole stack: between the classifier and stage C.

#include <vector>

#include "ml/cascade/inference.h"

namespace gadolin::ml {

struct PseudoMasks {
  std::vector<SliceRef> slices;  // that stage C learns from
  SliceScores scores;            // of the classifier; empty for a stack without a positive answer
};

/// Fills stack.fibrosis with pseudo-masks, from the labels of its slices or, where the stack is
/// labelled as a whole, from what the classifier believes of its slices; a negative stack has none.
PseudoMasks drawPseudoMasks(Network& classifier, PreparedStack& stack,
                            const InferenceOptions& options);

}  // namespace gadolin::ml
