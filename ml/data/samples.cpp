#include "ml/data/samples.h"

#include <algorithm>
#include <limits>

namespace gadolin::ml {
namespace {

/// As the authors made a sample: cut and resampled as it is, jittered, brought to z-scores, and only
/// then turned.
void sampleTwice(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                 const run::Settings& settings, std::span<float> out) {
  sampleUnscaled(slice, window, settings, out);
  jitter(augmentation, out);
  if (settings.choice("normalise.rule") == "slice-zscore")
    zScore(out);
  else
    std::ranges::replace_if(out, [](float value) { return value != value; }, 0.0F);
  turnSquare(augmentation, window.side, out);
}

bool twice(const run::Settings& settings) { return settings.flag("augment.second_sampling"); }

}  // namespace

void sampleUnscaled(const SliceRef& slice, const Window& window, const run::Settings& settings,
                    std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  const auto image = stack.slice(stack.image, slice.z);
  if (settings.flag("reference.zero_padding"))
    sampleImageInside(image, stack.plane(), window, stack.raw_zero, out);
  else if (settings.choice("normalise.padding") == "mean")
    sampleImageInside(image, stack.plane(), window, std::numeric_limits<float>::quiet_NaN(), out);
  else
    sampleImage(image, stack.plane(), window, {}, out);
}

void fillImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
               const run::Settings& settings, std::span<float> out) {
  if (twice(settings)) return sampleTwice(slice, window, augmentation, settings, out);
  const PreparedStack& stack = *slice.stack;
  sampleImage(stack.slice(stack.image, slice.z), stack.plane(), window, augmentation, out);
  finishSample(settings, out);
}

void fillRoiImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                  const run::Settings& settings, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  const float low = stack.heart_level[0], span = stack.heart_level[1] - stack.heart_level[0];
  if (twice(settings))
    sampleTwice(slice, window, augmentation, settings, out);
  else
    sampleImage(stack.slice(stack.image, slice.z), stack.plane(), window, augmentation, out);
  if (settings.flag("normalise.heart"))
    for (float& value : out) value = (value - low) / span;
  if (!twice(settings)) finishSample(settings, out);
}

void fillMyocardium(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                    const run::Settings& settings, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  if (stack.p_myocardium.empty()) {
    std::fill(out.begin(), out.end(), 0.0F);
    return;
  }
  const bool turn_after = twice(settings);
  sampleProbability(stack.slice(stack.p_myocardium, slice.z), stack.plane(), window,
                    turn_after ? Augmentation{} : augmentation, out);
  if (turn_after) turnSquare(augmentation, window.side, out);
}

void fillLabels(const SliceRef& slice, const std::vector<std::uint8_t>& volume, const Window& window,
                const Augmentation& augmentation, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  std::vector<std::uint8_t> labels(out.size());
  sampleLabels(stack.slice(volume, slice.z), stack.plane(), window, augmentation, labels);
  std::copy(labels.begin(), labels.end(), out.begin());
}

void fillShare(const SliceRef& slice, const std::vector<std::uint8_t>& volume, std::uint8_t label,
               const Window& window, const Augmentation& augmentation, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  sampleShare(stack.slice(volume, slice.z), stack.plane(), window, label, out);
  turnSquare(augmentation, window.side, out);
}

}  // namespace gadolin::ml
