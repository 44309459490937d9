#include "ml/cascade/pseudo_stage.h"

#include "ml/cascade/pseudo_masks.h"
#include "ml/data/shape.h"

namespace gadolin::ml {
namespace {

/// Cavity 1 and myocardium 2 in which fibrosis is looked for, on the network's grid.
std::vector<std::uint8_t> pseudoHeart(const SliceRef& ref, const Window& window,
                                      const run::Settings& settings) {
  const auto area = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
  std::vector<float> values(area);
  std::vector<std::uint8_t> heart(area);
  if (settings.choice("pseudo.region") == "reference-first" && !ref.stack->heart.empty()) {
    fillLabels(ref, ref.stack->heart, window, {}, values);
    for (std::size_t i = 0; i < area; ++i) heart[i] = static_cast<std::uint8_t>(values[i]);
    return heart;
  }
  fillMyocardium(ref, window, {}, values);
  const auto threshold = static_cast<float>(settings.real("predict.myocardium_threshold"));
  for (std::size_t i = 0; i < area; ++i) heart[i] = values[i] > threshold ? 2 : 0;
  const auto cavity = enclosed(heart, {window.side, window.side});
  for (std::size_t i = 0; i < area; ++i)
    if (cavity[i] != 0) heart[i] = 1;
  return heart;
}

}  // namespace

void drawPseudoMasks(Network& classifier, PreparedStack& stack, std::span<const SliceRef> positive,
                     const InferenceOptions& options) {
  if (positive.empty()) return;
  const run::Settings& settings = *options.settings;
  const bool whole_stack = settings.choice("pseudo.scope") == "stack";
  const SliceScores scores = predictSlices(classifier, stack, options);
  const Window window = roiWindow(stack, settings);
  const auto area = static_cast<std::size_t>(window.side) * static_cast<std::size_t>(window.side);
  std::vector<std::vector<float>> images;
  std::vector<std::vector<std::uint8_t>> hearts;
  std::vector<float> pooled;
  for (const SliceRef& ref : positive) {
    images.emplace_back(area);
    fillRoiImage(ref, window, {}, settings, images.back());
    hearts.push_back(pseudoHeart(ref, window, settings));
    for (std::size_t i = 0; i < area; ++i)
      if (hearts.back()[i] == 2) pooled.push_back(images.back()[i]);
  }
  for (std::size_t k = 0; k < positive.size(); ++k) {
    std::vector<float> values;
    for (std::size_t i = 0; i < area; ++i)
      if (hearts[k][i] == 2) values.push_back(images[k][i]);
    const auto threshold = pseudoThreshold(whole_stack ? pooled : values, settings);
    if (!threshold) continue;
    const auto z = static_cast<std::size_t>(positive[k].z);
    const auto cells = static_cast<std::int64_t>(scores.cells_side);
    auto* map = const_cast<float*>(scores.activation.data()) +
                static_cast<std::ptrdiff_t>(z) * cells * cells;
    const torch::Tensor fine =
        torch::upsample_bilinear2d(torch::from_blob(map, {1, 1, cells, cells}),
                                   at::IntArrayRef{window.side, window.side}, true)
            .contiguous();
    const auto mask = pseudoMask(images[k], hearts[k], {fine.data_ptr<float>(), area}, window.side,
                                 *threshold, settings);
    placeBackNearest(mask, window, stack.plane(),
                     std::span(stack.fibrosis).subspan(z * stack.area(), stack.area()));
  }
}

}  // namespace gadolin::ml
