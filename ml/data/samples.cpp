#include "ml/data/samples.h"

#include <algorithm>

namespace gadolin::ml {

void fillImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
               const run::Settings& settings, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  sampleImage(stack.slice(stack.image, slice.z), stack.plane(), window, augmentation, out);
  finishSample(settings, out);
}

void fillRoiImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                  const run::Settings& settings, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  sampleImage(stack.slice(stack.image, slice.z), stack.plane(), window, augmentation, out);
  const float low = stack.heart_level[0], span = stack.heart_level[1] - stack.heart_level[0];
  for (float& value : out) value = (value - low) / span;
  finishSample(settings, out);
}

void fillMyocardium(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                    std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  if (stack.p_myocardium.empty()) {
    std::fill(out.begin(), out.end(), 0.0F);
    return;
  }
  sampleProbability(stack.slice(stack.p_myocardium, slice.z), stack.plane(), window, augmentation, out);
}

void fillLabels(const SliceRef& slice, const std::vector<std::uint8_t>& volume, const Window& window,
                const Augmentation& augmentation, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  std::vector<std::uint8_t> labels(out.size());
  sampleLabels(stack.slice(volume, slice.z), stack.plane(), window, augmentation, labels);
  std::copy(labels.begin(), labels.end(), out.begin());
}

}  // namespace gadolin::ml
