#include "ml/data/evidence.h"

#include <algorithm>

namespace gadolin::ml {
namespace {

using dataset::FrozenStack;
using run::Supervision;

bool showsFibrosis(const FrozenStack& stack) {
  return stack.mask_shows_fibrosis &&
         std::ranges::any_of(stack.mask, [](std::uint8_t label) { return label >= 2; });
}

bool hasSliceLabel(const FrozenStack& stack) {
  return std::ranges::any_of(stack.labels, [](SliceLabel label) {
    return label == SliceLabel::Fibrosis || label == SliceLabel::None;
  });
}

int answerOf(SliceLabel label) {
  return label == SliceLabel::Fibrosis ? 1 : label == SliceLabel::None ? 0 : -1;
}

}  // namespace

Evidence evidenceOf(const FrozenStack& stack, Supervision supervision) {
  const bool mixed = supervision == Supervision::Mixed;
  if ((mixed || supervision == Supervision::Pixel) && showsFibrosis(stack)) return Evidence::Pixel;
  if ((mixed || supervision == Supervision::Slice) && hasSliceLabel(stack)) return Evidence::Slice;
  if ((mixed || supervision == Supervision::Stack) && stackAnswer(stack) >= 0)
    return Evidence::Stack;
  return Evidence::Nothing;
}

int sliceAnswer(const FrozenStack& stack, Evidence evidence, int z) {
  const auto slice = static_cast<std::size_t>(z);
  const SliceLabel label = stack.labels.empty() ? SliceLabel::Unlabelled : stack.labels[slice];
  if (evidence == Evidence::Slice) return answerOf(label);
  if (evidence != Evidence::Pixel || label == SliceLabel::NotDiagnostic || !stack.isDrawn(z))
    return -1;
  const auto area =
      static_cast<std::size_t>(stack.size[0]) * static_cast<std::size_t>(stack.size[1]);
  if (std::ranges::any_of(stack.mask.subspan(slice * area, area),
                          [](std::uint8_t voxel) { return voxel >= 3; }))
    return 1;
  return label == SliceLabel::Fibrosis || label == SliceLabel::Unsure ? -1 : 0;
}

int stackAnswer(const FrozenStack& stack) {
  return answerOf(stack.stack_label ? *stack.stack_label : stackLabel(stack.labels));
}

}  // namespace gadolin::ml
