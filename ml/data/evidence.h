#pragma once
// What a stack teaches about fibrosis under the supervision of a run, from most to least: a mask
// that shows it, labels of slices, a label of the whole stack.

#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"

namespace gadolin::ml {

enum class Evidence { Nothing, Stack, Slice, Pixel };
/// It says that there is fibrosis and not where.
constexpr bool isWeak(Evidence evidence) {
  return evidence == Evidence::Slice || evidence == Evidence::Stack;
}

/// Pixel, slice and stack supervision look at that kind alone, whatever else the dataset holds;
/// mixed supervision takes the richest that the stack has.
Evidence evidenceOf(const dataset::FrozenStack& stack, run::Supervision supervision);

/// What slice z says: 1 fibrosis, 0 none, -1 nothing. Evidence::Pixel: from the mask; a slice that
/// nobody has drawn on or that is labelled not diagnostic says nothing, nor does one without fibrosis in the mask whose label
/// is fibrosis or unsure. Evidence::Slice: the label. Else -1.
int sliceAnswer(const dataset::FrozenStack& stack, Evidence evidence, int z);

/// What is said of the whole stack: its own label, else what the labels of its slices come to.
/// 1 fibrosis, 0 none, -1 nothing (unlabelled, unsure).
int stackAnswer(const dataset::FrozenStack& stack);

}  // namespace gadolin::ml
