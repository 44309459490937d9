// Stage B.

#include "core/analysis/roc.h"
#include "ml/cascade/inference.h"
#include "ml/cascade/preview_painter.h"
#include "ml/cascade/stages.h"
#include "ml/model/drn.h"

namespace gadolin::ml {

StagePlan classifierPlan(Cohort& cohort, const TrainContext& context) {
  const run::Settings& settings = *context.settings;
  const bool two = settings.flag("classifier.myocardium_input");
  const bool mean = settings.choice("classifier.pooling") == "mean";
  const double mask_threshold = settings.real("classifier.mask_threshold");
  StagePlan plan;
  plan.name = "classifier";
  plan.learning_rate = settings.real("classifier.learning_rate");
  plan.items = cohort.labelled_train.size();
  plan.epochs = epochsFor(plan.name, plan.items, settings);
  plan.make_network = [&settings] { return makeClassifier(settings); };
  plan.make_batch = augmentedBatches(Kind::Classifier, cohort.labelled_train, two, context, 12);
  const auto logitsOf = [=](const torch::Tensor& map, const DeviceBatch& batch) {
    return poolInside(map, poolingMask(batch.region.unsqueeze(1), mask_threshold), mean);
  };
  plan.loss = [=](const torch::Tensor& output, const DeviceBatch& batch) {
    return torch::binary_cross_entropy_with_logits(logitsOf(output, batch), batch.target);
  };
  if (cohort.labelled_val.empty()) return plan;
  plan.validate = [=, &cohort, &context](Network& network, int epoch) {
    const Refs& refs = cohort.labelled_val;
    PreviewPainter painter(context, "classifier",
                           previewItems(refs, context.settings->integer("train.preview_slices"),
                                        [](const SliceRef& ref) { return labelOf(ref) == 1; }));
    std::vector<double> scores;
    std::vector<std::uint8_t> positive;
    double loss = 0;
    int side = 0;
    overValidation(Kind::Classifier, refs, two, context, network,
                   [&](const Batch& batch, const DeviceBatch& on_device,
                       const torch::Tensor& output, std::size_t first) {
                     side = batch.side;
                     const torch::Tensor logits = logitsOf(output, on_device);
                     loss += torch::binary_cross_entropy_with_logits(logits, on_device.target)
                                 .template item<double>() *
                             batch.count;
                     const torch::Tensor maps =
                         torch::upsample_bilinear2d(
                             output * poolingMask(on_device.region.unsqueeze(1), mask_threshold),
                             at::IntArrayRef{batch.side, batch.side}, false)
                             .to(torch::kCPU)
                             .contiguous();
                     for (int n = 0; n < batch.count; ++n) {
                       scores.push_back(logits[n].template item<double>());
                       positive.push_back(batch.target[static_cast<std::size_t>(n)] > 0.5F ? 1 : 0);
                       if (!painter.wants(first + static_cast<std::size_t>(n))) continue;
                       PreviewRow row = imageRow(batch, static_cast<std::size_t>(n));
                       const torch::Tensor map = maps[n][0].contiguous();
                       row.activation.assign(map.template data_ptr<float>(),
                                             map.template data_ptr<float>() + map.numel());
                       painter.add(std::move(row));
                     }
                   });
    painter.finish(epoch, side);
    Validation validation;
    validation.loss = loss / static_cast<double>(refs.size());
    validation.auroc = analysis::auroc(std::span<const double>(scores), positive);
    validation.score = validation.auroc.value_or(0.5) - 0.1 * validation.loss;
    return validation;
  };
  return plan;
}

}  // namespace gadolin::ml
