#pragma once
// Samples of stages A to D in plain memory.

#include <span>

#include "ml/data/stacks.h"

namespace gadolin::ml {

/// One slice of one prepared stack.
struct SliceRef {
  PreparedStack* stack = nullptr;
  int z = 0;
};

/// The prepared image of a slice through a window, before any z-score. Beyond the image lies its edge,
/// or by normalise.padding what is not a number, or by reference.zero_padding the raw value 0.
void sampleUnscaled(const SliceRef& slice, const Window& window, const run::Settings& settings,
                    std::span<float> out);

/// The image of a slice through a window, as a network sees it: side*side values.
void fillImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
               const run::Settings& settings, std::span<float> out);

/// The same as stages B, C and D see it: relative to the stack's heart_level.
void fillRoiImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                  const run::Settings& settings, std::span<float> out);

/// The myocardium probability through the same window. Without a prediction: zeros.
void fillMyocardium(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                    const run::Settings& settings, std::span<float> out);

/// Labels of `volume` (heart or fibrosis) through the same window, as numbers.
void fillLabels(const SliceRef& slice, const std::vector<std::uint8_t>& volume, const Window& window,
                const Augmentation& augmentation, std::span<float> out);

/// How much of each network pixel has this label, 0..1, resampled twice (augment.second_sampling).
void fillShare(const SliceRef& slice, const std::vector<std::uint8_t>& volume, std::uint8_t label,
               const Window& window, const Augmentation& augmentation, std::span<float> out);

}  // namespace gadolin::ml
