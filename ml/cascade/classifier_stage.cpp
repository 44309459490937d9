// Stage B.

#include <memory>

#include "core/analysis/roc.h"
#include "ml/cascade/inference.h"
#include "ml/cascade/preview_painter.h"
#include "ml/cascade/stages.h"
#include "ml/model/drn.h"

namespace gadolin::ml {
namespace {

/// Binary cross-entropy of the answers; positive stacks weigh as their weight says.
torch::Tensor answerLoss(const torch::Tensor& logits, const torch::Tensor& answer,
                         const torch::Tensor& weight) {
  return torch::binary_cross_entropy_with_logits(logits, answer, weight);
}

Batch batchOfBags(const std::vector<Bag>& bags, std::span<const std::size_t> chosen, bool two,
                  const run::Settings& settings, double positive_stack_weight,
                  const std::function<Random(std::size_t bag)>& random_of) {
  std::vector<Bag> own;
  for (const std::size_t k : chosen) own.push_back(bags[k]);
  const BagSlices slices = slicesOf(own);
  std::vector<std::size_t> items(slices.refs.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = i;
  Batch batch = makeBatch(
      Kind::Classifier, Look::Close, slices.refs, items, two, settings,
      [&](std::size_t item, double pixel_mm) {
        const auto k = static_cast<std::size_t>(slices.bag[item]);
        Random random = random_of(chosen[k]);
        Augmentation augmentation = drawAugmentation(augmentOptions(settings, pixel_mm), random);
        // The slices of a stack are turned and shaded alike; their noise is their own.
        if (own[k].whole_stack)
          augmentation.noise_seed = mixSeed(augmentation.noise_seed,
                                            static_cast<std::uint64_t>(slices.refs[item].z), 0, 0);
        return augmentation;
      });
  batch.bag = slices.bag;
  bool weighted = false;
  for (const Bag& bag : own) {
    batch.target.push_back(bag.fibrosis ? 1.0F : 0.0F);
    batch.weight.push_back(
        bag.whole_stack && bag.fibrosis ? static_cast<float>(positive_stack_weight) : 1.0F);
    weighted = weighted || bag.whole_stack;
  }
  if (!weighted) batch.weight.clear();
  return batch;
}

}  // namespace

StagePlan classifierPlan(Cohort& cohort, const TrainContext& context) {
  const run::Settings& settings = *context.settings;
  const bool two = settings.flag("classifier.myocardium_input");
  const bool mean = settings.choice("classifier.pooling") == "mean";
  const double mask_threshold = settings.real("classifier.mask_threshold");
  const double empty = emptyLogit(settings);
  const StackPooling stack_pooling = stackPoolingOf(settings);
  const bool by_fifteen = settings.flag("reference.stack_divisor");
  const auto steps = std::make_shared<BagSteps>(cohort.bags_train, settings, context.seed);
  StagePlan plan;
  plan.name = "classifier";
  plan.learning_rate = settings.real("classifier.learning_rate");
  plan.items = steps->items();
  plan.batch = steps->batch();
  plan.batch_setting = steps->setting();
  plan.name_of = [&bags = cohort.bags_train, steps](std::size_t item, int epoch) {
    std::string names;
    for (const std::size_t k : steps->bagsOf(std::span(&item, 1), epoch)) {
      const Bag& bag = bags[k];
      names +=
          (names.empty() ? "" : ", ") +
          (bag.whole_stack ? bag.stack->source->stack : nameOf({bag.stack, bag.slices.front()}));
    }
    return names;
  };
  plan.epochs = epochsFor(plan.name, plan.items, settings, plan.batch);
  plan.make_network = [&settings] { return makeClassifier(settings); };
  const double weight = positiveStackWeight(cohort.bags_train, settings);
  plan.make_batch = [=, &cohort, &settings, seed = context.seed](std::span<const std::size_t> items,
                                                                 int epoch) {
    return batchOfBags(cohort.bags_train, steps->bagsOf(items, epoch), two, settings, weight,
                       [&](std::size_t bag) {
                         return Random(mixSeed(seed, 12, static_cast<std::uint64_t>(epoch), bag));
                       });
  };
  const auto sliceLogits = [=](const torch::Tensor& map, const DeviceBatch& batch) {
    return poolInside(map, poolingMask(batch.region.unsqueeze(1), mask_threshold), mean, empty);
  };
  plan.loss = [=](const torch::Tensor& output, const DeviceBatch& batch) {
    const std::int64_t bags = batch.target.size(0);
    torch::Tensor logits = poolBags(sliceLogits(output, batch), batch.bag, bags, stack_pooling);
    if (by_fifteen) {
      const torch::Tensor slices = torch::bincount(batch.bag, {}, bags).to(torch::kFloat32);
      logits = torch::where(slices > 1, logits * slices / 15, logits);
    }
    return answerLoss(logits, batch.target, batch.weight);
  };
  if (cohort.bags_val.empty()) return plan;
  plan.validate = [=, &cohort, &context](Network& network, int epoch) {
    const std::vector<Bag>& bags = cohort.bags_val;
    const BagSlices slices = slicesOf(bags);
    PreviewPainter painter(
        context, "classifier",
        previewItems(slices.refs, context.settings->integer("train.preview_slices"),
                     [](const SliceRef& ref) {
                       return ref.stack->evidence == Evidence::Stack
                                  ? stackAnswer(*ref.stack->source) == 1
                                  : sliceAnswer(*ref.stack->source, ref.stack->evidence, ref.z) ==
                                        1;
                     }));
    std::vector<torch::Tensor> parts;
    int side = 0;
    overValidation(Kind::Classifier, slices.refs, two, context, network,
                   [&](const Batch& batch, const DeviceBatch& on_device,
                       const torch::Tensor& output, std::size_t first) {
                     side = batch.side;
                     parts.push_back(sliceLogits(output, on_device).to(torch::kCPU));
                     const torch::Tensor maps =
                         torch::upsample_bilinear2d(
                             output * poolingMask(on_device.region.unsqueeze(1), mask_threshold),
                             at::IntArrayRef{batch.side, batch.side}, false)
                             .to(torch::kCPU)
                             .contiguous();
                     for (int n = 0; n < batch.count; ++n) {
                       if (!painter.wants(first + static_cast<std::size_t>(n))) continue;
                       PreviewRow row = imageRow(batch, static_cast<std::size_t>(n));
                       const torch::Tensor map = maps[n][0].contiguous();
                       row.activation.assign(map.template data_ptr<float>(),
                                             map.template data_ptr<float>() + map.numel());
                       painter.add(std::move(row));
                     }
                   });
    painter.finish(epoch, side);
    const torch::Tensor logits =
        poolBags(torch::cat(parts), torch::tensor(slices.bag, torch::kInt64),
                 static_cast<std::int64_t>(bags.size()), stack_pooling)
            .contiguous();
    std::vector<double> scores;
    std::vector<std::uint8_t> positive;
    std::vector<float> answers, weights;
    for (std::size_t k = 0; k < bags.size(); ++k) {
      scores.push_back(static_cast<double>(logits.data_ptr<float>()[k]));
      positive.push_back(bags[k].fibrosis ? 1 : 0);
      answers.push_back(bags[k].fibrosis ? 1.0F : 0.0F);
      weights.push_back(bags[k].whole_stack && bags[k].fibrosis ? static_cast<float>(weight)
                                                                : 1.0F);
    }
    Validation validation;
    validation.loss =
        answerLoss(logits, torch::tensor(answers), torch::tensor(weights)).item<double>();
    validation.auroc = analysis::auroc(std::span<const double>(scores), positive);
    validation.score = validation.auroc.value_or(0.5) - 0.1 * validation.loss;
    return validation;
  };
  return plan;
}

}  // namespace gadolin::ml
