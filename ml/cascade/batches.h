#pragma once
// Batches of stages A to D: which pixels, channels and targets a network sees of its slices.

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

#include "ml/data/samples.h"
#include "ml/train/trainer.h"

namespace gadolin::ml {

using Refs = std::vector<SliceRef>;

enum class Kind { Heart, Classifier, Fibrosis };

/// Whether the targets of stage A are twice the share of myocardium in each pixel instead of labels.
bool softHeart(const run::Settings& settings);

/// One batch of refs[items]. look: of stage A; the others have one window. augment: the change of an
/// item whose network pixel is so large. A batch of the classifier has no target yet (bags.h).
Batch makeBatch(Kind kind, Look look, const Refs& refs, std::span<const std::size_t> items,
                bool two_channels, const run::Settings& settings,
                const std::function<Augmentation(std::size_t item, double pixel_mm)>& augment);

/// The StagePlan::make_batch of a training on refs, which must outlive it. Every draw is a function
/// of (seed, stream, epoch, item).
std::function<Batch(std::span<const std::size_t>, int)> augmentedBatches(
    Kind kind, const Refs& refs, bool two_channels, const TrainContext& context,
    std::uint64_t stream);

/// Calls use(batch, on device, outputs, first item) over all refs without augmentation.
template <typename Use>
void overValidation(Kind kind, const Refs& refs, bool two_channels, const TrainContext& context,
                    Network& network, Use&& use) {
  for (std::size_t first = 0; first < refs.size(); first += 16) {
    std::vector<std::size_t> items;
    for (std::size_t i = first; i < std::min(refs.size(), first + 16); ++i) items.push_back(i);
    const Batch batch = makeBatch(kind, Look::Close, refs, items, two_channels, *context.settings,
                                  [](std::size_t, double) { return Augmentation{}; });
    const DeviceBatch device_batch = toDevice(batch, context.device);
    use(batch, device_batch, network.forward(device_batch.input), first);
  }
}

}  // namespace gadolin::ml
