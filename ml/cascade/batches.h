#pragma once
// Batches of stages A to D: which pixels, channels and targets a network sees of its slices.

#include <functional>
#include <numeric>
#include <span>
#include <vector>

#include "ml/data/samples.h"
#include "ml/train/memory.h"
#include "ml/train/trainer.h"

namespace gadolin::ml {

using Refs = std::vector<SliceRef>;

enum class Kind { Heart, Classifier, Fibrosis };

/// Whether the targets of stage A are twice the share of myocardium in each pixel instead of
/// labels.
bool softHeart(const run::Settings& settings);

/// One batch of refs[items]. look: of stage A; the others have one window. augment: the change of
/// an item whose network pixel is so large. A batch of the classifier has no target yet (bags.h).
Batch makeBatch(Kind kind, Look look, const Refs& refs, std::span<const std::size_t> items,
                bool two_channels, const run::Settings& settings,
                const std::function<Augmentation(std::size_t item, double pixel_mm)>& augment);

/// The StagePlan::make_batch of a training on refs, which must outlive it. Every draw is a function
/// of (seed, stream, epoch, item).
std::function<Batch(std::span<const std::size_t>, int)> augmentedBatches(
    Kind kind, const Refs& refs, bool two_channels, const TrainContext& context,
    std::uint64_t stream);

/// Calls use(batch, on device, outputs, first item) over all refs without augmentation, in smaller
/// batches where memory ends.
template <typename Use>
void overValidation(Kind kind, const Refs& refs, bool two_channels, const TrainContext& context,
                    Network& network, Use&& use) {
  Batch batch;
  DeviceBatch on_device;
  overPieces(
      static_cast<std::int64_t>(refs.size()),
      [&](std::int64_t first, std::int64_t count) {
        std::vector<std::size_t> items(static_cast<std::size_t>(count));
        std::iota(items.begin(), items.end(), static_cast<std::size_t>(first));
        batch = makeBatch(kind, Look::Close, refs, items, two_channels, *context.settings,
                          [](std::size_t, double) { return Augmentation{}; });
        on_device = toDevice(batch, context.device);
        return network.forward(on_device.input);
      },
      [&](std::int64_t first, const torch::Tensor& output) {
        use(batch, on_device, output, static_cast<std::size_t>(first));
      });
}

}  // namespace gadolin::ml
