#include "ml/cascade/batches.h"

#include "ml/cascade/stages.h"
#include "ml/data/painted_scar.h"

namespace gadolin::ml {
namespace {

Window windowOf(Kind kind, Look look, const PreparedStack& stack, const run::Settings& settings) {
  if (kind != Kind::Heart) return roiWindow(stack, settings);
  // Training looks where prediction looks: at the heart's centre when it is off the image's.
  return myocardiumWindow(stack, settings, look, stack.heart_centre_px);
}

}  // namespace

bool softHeart(const run::Settings& settings) {
  return settings.flag("myocardium.soft_target") && settings.flag("augment.second_sampling") &&
         settings.choice("myocardium.target") == "myocardium";
}

Batch makeBatch(Kind kind, Look look, const Refs& refs, std::span<const std::size_t> items,
                bool two_channels, const run::Settings& settings,
                const std::function<Augmentation(std::size_t item, double pixel_mm)>& augment) {
  Batch batch;
  batch.count = static_cast<int>(items.size());
  batch.channels = two_channels ? 2 : 1;
  const Window first = windowOf(kind, look, *refs[items[0]].stack, settings);
  batch.side = first.side;
  const auto area = static_cast<std::size_t>(first.side) * static_cast<std::size_t>(first.side);
  const auto channels = static_cast<std::size_t>(batch.channels);
  batch.input.resize(items.size() * channels * area);
  if (kind != Kind::Classifier) batch.target.resize(items.size() * area);
  if (kind != Kind::Heart) batch.region.resize(items.size() * area);
  const double pseudo_weight = settings.real("fibrosis.pseudo_weight");
  if (kind == Kind::Fibrosis && pseudo_weight < 1)
    for (const std::size_t item : items)
      batch.weight.push_back(refs[item].stack->evidence == Evidence::Pixel
                                 ? 1.0F
                                 : static_cast<float>(pseudo_weight));
  for (std::size_t n = 0; n < items.size(); ++n) {
    const SliceRef& ref = refs[items[n]];
    const Window window = windowOf(kind, look, *ref.stack, settings);
    const Augmentation augmentation = augment(items[n], pixelOf(*ref.stack, window));
    const std::span<float> image(batch.input.data() + n * channels * area, area);
    if (kind == Kind::Heart) {
      const std::span<float> heart(batch.target.data() + n * area, area);
      fillImage(ref, window, augmentation, settings, image);
      if (softHeart(settings)) {
        fillShare(ref, ref.stack->heart, 2, window, augmentation, heart);
        for (float& value : heart) value *= 2;  // the label of a pixel that is all myocardium
      } else {
        fillLabels(ref, ref.stack->heart, window, augmentation, heart);
      }
      if (augmentation.paint_scar)
        paintScar(image, heart, window.side, pixelOf(*ref.stack, window), augmentation.scar_seed);
      continue;
    }
    fillRoiImage(ref, window, augmentation, settings, image);
    const std::span<float> region(batch.region.data() + n * area, area);
    fillMyocardium(ref, window, augmentation, settings, region);
    if (two_channels)
      std::copy(region.begin(), region.end(),
                batch.input.begin() + static_cast<std::ptrdiff_t>((n * channels + 1) * area));
    if (kind != Kind::Fibrosis) continue;
    const std::span<float> target(batch.target.data() + n * area, area);
    if (settings.flag("augment.second_sampling")) {
      fillShare(ref, ref.stack->fibrosis, 1, window, augmentation, target);
      const bool drawn = ref.stack->evidence == Evidence::Pixel;
      const float above = drawn && settings.flag("reference.target_above_zero") ? 0.0F : 0.5F;
      for (float& value : target) value = value > above ? 1.0F : 0.0F;
    } else {
      fillLabels(ref, ref.stack->fibrosis, window, augmentation, target);
    }
  }
  return batch;
}

std::function<Batch(std::span<const std::size_t>, int)> augmentedBatches(
    Kind kind, const Refs& refs, bool two_channels, const TrainContext& context,
    std::uint64_t stream) {
  const run::Settings* settings = context.settings;
  const std::uint64_t seed = context.seed;
  const double close_share = settings->real("myocardium.close_share");
  return [=, &refs](std::span<const std::size_t> items, int epoch) {
    // One look for a whole step: a batch has one size.
    Random step(mixSeed(seed, stream + 100, static_cast<std::uint64_t>(epoch), items[0]));
    const Look look = step.chance(close_share) ? Look::Close : Look::Wide;
    if (kind == Kind::Heart) items = items.first(slicesInStep(look, items.size(), *settings));
    return makeBatch(
        kind, look, refs, items, two_channels, *settings, [&](std::size_t item, double pixel_mm) {
          Random random(mixSeed(seed, stream, static_cast<std::uint64_t>(epoch), item));
          return drawAugmentation(augmentOptions(*settings, pixel_mm), random);
        });
  };
}

}  // namespace gadolin::ml
