#pragma once
// Pseudo-masks of a whole stack: between the classifier and stage C.

#include <vector>

#include "core/run/pseudo_review.h"
#include "ml/cascade/inference.h"

namespace gadolin::ml {

struct PseudoMasks {
  std::vector<SliceRef> slices;    // that stage C learns from
  std::vector<SliceRef> positive;  // of these, those that a mask was drawn for, empty or not
  SliceScores scores;            // of the classifier; empty for a stack without a positive answer
};

/// Fills stack.fibrosis with pseudo-masks, from the labels of its slices or, where the stack is
/// labelled as a whole, from what the classifier believes of its slices; a negative stack has none.
PseudoMasks drawPseudoMasks(Network& classifier, PreparedStack& stack,
                            const InferenceOptions& options);

/// As they are written for a person: the masks of `stack`, where the classifier's map points, and
/// which slice teaches what.
run::PseudoMaskFile fileOf(const PreparedStack& stack, const PseudoMasks& drawn,
                           const run::Settings& settings);

/// Fills stack.fibrosis from the masks that a person has judged; returns the slices that stage C
/// learns from. They are read, not drawn anew, so that it learns from what the person saw.
/// Errors: of readPseudoMasks and readTrimmed; Corrupt when they are of another size.
Result<std::vector<SliceRef>> reviewedMasks(const run::RunFolder& folder,
                                            const run::PseudoReview& review, PreparedStack& stack);

}  // namespace gadolin::ml
