#include "ml/cascade/stages.h"

#include <cmath>
#include <map>

#include "ml/cascade/inference.h"
#include "ml/cascade/losses.h"
#include "ml/cascade/preview_painter.h"
#include "ml/model/warm_start.h"

namespace gadolin::ml {

std::string nameOf(const SliceRef& slice) {
  return slice.stack->source->stack + " slice " + std::to_string(slice.z + 1);
}

int epochsFor(const std::string& stage, std::size_t items, const run::Settings& settings,
              std::size_t batch) {
  const auto count = static_cast<long long>(std::max<std::size_t>(items, 1));
  const long long in_step =
      batch > 0 ? static_cast<long long>(batch) : settings.integer("train.batch");
  const long long steps = count / std::min(in_step, count);
  const long long wanted = (settings.integer(stage + ".minimum_steps") + steps - 1) / steps;
  return static_cast<int>(std::max(settings.integer(stage + ".epochs"), wanted));
}

std::size_t slicesInStep(Look look, std::size_t batch, const run::Settings& settings) {
  const auto side = static_cast<double>(settings.integer("myocardium.side_px"));
  const auto close = static_cast<double>(settings.integer("myocardium.close_side_px"));
  if (look == Look::Close || close <= 0 || close >= side) return batch;
  const double slices = std::round(static_cast<double>(batch) * (close * close) / (side * side));
  return static_cast<std::size_t>(std::max(1.0, slices));
}

StagePlan myocardiumPlan(Cohort& cohort, const TrainContext& context) {
  const run::Settings& settings = *context.settings;
  const bool three = settings.choice("myocardium.target") == "cavity+myocardium";
  const bool dice_alone = settings.choice("myocardium.loss") == "dice";
  StagePlan plan;
  plan.name = "myocardium";
  plan.learning_rate = settings.real("myocardium.learning_rate");
  plan.items = cohort.heart_train.size();
  plan.name_of = [&refs = cohort.heart_train](std::size_t item, int) { return nameOf(refs[item]); };
  plan.epochs = epochsFor(plan.name, plan.items, settings);
  plan.make_network = [&settings] { return makeMyocardiumNetwork(settings); };
  plan.make_batch = augmentedBatches(Kind::Heart, cohort.heart_train, false, context, 11);
  const bool soft = softHeart(settings);
  const auto targetOf = [three, soft](const torch::Tensor& heart) {
    return three ? heart : soft ? heart * 0.5 : heart.eq(2).to(torch::kFloat32);
  };
  // More than half a pixel of myocardium is myocardium.
  const auto labelsOf = [soft](const torch::Tensor& heart) {
    return soft ? heart.gt(1).to(torch::kFloat32) * 2 : heart;
  };
  plan.loss = [=](const torch::Tensor& output, const DeviceBatch& batch) {
    return segmentationLoss(output, targetOf(batch.target), {}, dice_alone);
  };
  if (cohort.heart_val.empty()) return plan;
  plan.validate = [=, &cohort, &context](Network& network, int epoch) {
    const Refs& refs = cohort.heart_val;
    std::map<std::string, Overlap> patients;
    PreviewPainter painter(
        context, "myocardium",
        previewItems(refs, context.settings->integer("train.preview_slices"),
                     [](const SliceRef& ref) {
                       const auto heart = ref.stack->slice(ref.stack->heart, ref.z);
                       return std::find(heart.begin(), heart.end(), 2) != heart.end();
                     }));
    double loss = 0;
    int side = 0;
    overValidation(Kind::Heart, refs, false, context, network,
                   [&](const Batch& batch, const DeviceBatch& on_device,
                       const torch::Tensor& output, std::size_t first) {
                     side = batch.side;
                     loss += segmentationLoss(output, targetOf(on_device.target), {}, dice_alone)
                                 .template item<double>() *
                             batch.count;
                     const torch::Tensor heart =
                         three ? output.argmax(1) : output.squeeze(1).gt(0).to(torch::kInt64) * 2;
                     for (int n = 0; n < batch.count; ++n) {
                       const auto item = first + static_cast<std::size_t>(n);
                       addOverlap(patients[refs[item].stack->source->patient],
                                  heart[n].eq(2).to(torch::kFloat32),
                                  labelsOf(on_device.target[n]).eq(2).to(torch::kFloat32));
                       if (!painter.wants(item)) continue;
                       PreviewRow row = imageRow(batch, static_cast<std::size_t>(n));
                       row.reference = asLabels(labelsOf(on_device.target[n]));
                       row.prediction = asLabels(heart[n]);
                       painter.add(std::move(row));
                     }
                   });
    painter.finish(epoch, side);
    Validation validation;
    validation.loss = loss / static_cast<double>(refs.size());
    validation.dice = meanDice(patients);
    validation.score = validation.dice.value_or(-validation.loss);
    return validation;
  };
  return plan;
}

StagePlan fibrosisPlan(Cohort& cohort, const TrainContext& context, bool with_myocardium,
                       NetworkPtr heart) {
  const run::Settings& settings = *context.settings;
  const bool dice_alone = settings.choice("fibrosis.loss") == "dice";
  StagePlan plan;
  plan.name = "fibrosis";
  plan.learning_rate = settings.real("fibrosis.learning_rate");
  plan.items = cohort.target_train.size();
  plan.name_of = [&refs = cohort.target_train](std::size_t item, int) {
    return nameOf(refs[item]);
  };
  plan.epochs = epochsFor(plan.name, plan.items, settings);
  const bool from_heart = settings.choice("fibrosis.start") == "myocardium";
  if (from_heart && settings.integer("fibrosis.width") != settings.integer("myocardium.width"))
    context.reporter->emit(run::Warning{
        "fibrosis-start",
        "The networks of the myocardium and of fibrosis differ in width, so that the second begins "
        "with random weights. Give fibrosis.width the value of myocardium.width to start from "
        "it."});
  plan.make_network = [&settings, with_myocardium, from_heart, heart = std::move(heart)] {
    NetworkPtr network = makeFibrosisNetwork(settings, with_myocardium);
    if (from_heart) startFrom(*network, *heart);
    return network;
  };
  plan.make_batch =
      augmentedBatches(Kind::Fibrosis, cohort.target_train, with_myocardium, context, 13);
  plan.loss = [dice_alone, &settings](const torch::Tensor& output, const DeviceBatch& batch) {
    return segmentationLoss(output, batch.target, lossRegion(batch, settings), dice_alone);
  };
  if (cohort.target_val.empty()) return plan;
  plan.validate = [=, &cohort, &context, &settings](Network& network, int epoch) {
    const Refs& refs = cohort.target_val;
    PreviewPainter painter(
        context, "fibrosis",
        previewItems(refs, settings.integer("train.preview_slices"), [](const SliceRef& ref) {
          const auto f = ref.stack->slice(ref.stack->fibrosis, ref.z);
          return std::find(f.begin(), f.end(), 1) != f.end();
        }));
    std::map<std::string, Overlap> patients;
    double loss = 0;
    int side = 0;
    overValidation(
        Kind::Fibrosis, refs, with_myocardium, context, network,
        [&](const Batch& batch, const DeviceBatch& on_device, const torch::Tensor& output,
            std::size_t first) {
          side = batch.side;
          loss += segmentationLoss(output, on_device.target, lossRegion(on_device, settings),
                                   dice_alone)
                      .template item<double>() *
                  batch.count;
          const torch::Tensor inside =
              torch::max_pool2d(on_device.region.unsqueeze(1), 3, 1, 1).squeeze(1).gt(0.5);
          const torch::Tensor found = (output.squeeze(1).gt(0) & inside).to(torch::kFloat32);
          for (int n = 0; n < batch.count; ++n) {
            const auto item = first + static_cast<std::size_t>(n);
            addOverlap(patients[refs[item].stack->source->patient], found[n], on_device.target[n]);
            if (!painter.wants(item)) continue;
            PreviewRow row = imageRow(batch, static_cast<std::size_t>(n));
            row.reference = asLabels(on_device.target[n] * 3);
            row.believed = isWeak(refs[item].stack->evidence);
            row.prediction = asLabels(
                torch::maximum(found[n] * 3, on_device.region[n].gt(0.5).to(torch::kFloat32) * 2));
            painter.add(std::move(row));
          }
        });
    painter.finish(epoch, side);
    Validation validation;
    validation.loss = loss / static_cast<double>(refs.size());
    validation.dice = meanDice(patients);
    validation.score = validation.dice.value_or(0) - 0.1 * validation.loss;
    return validation;
  };
  return plan;
}

}  // namespace gadolin::ml
