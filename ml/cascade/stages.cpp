#include "ml/cascade/stages.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "core/analysis/roc.h"
#include "ml/cascade/inference.h"
#include "ml/cascade/preview.h"
#include "ml/data/painted_scar.h"
#include "ml/model/drn.h"
#include "ml/model/warm_start.h"

namespace gadolin::ml {
namespace {

using Refs = std::vector<SliceRef>;

enum class Kind { Heart, Classifier, Fibrosis };

/// look: of stage A; the others have one window.
Window windowOf(Kind kind, Look look, const PreparedStack& stack, const run::Settings& settings) {
  if (kind != Kind::Heart) return roiWindow(stack, settings);
  // Training looks where prediction looks: at the heart's centre when it is off the image's.
  return myocardiumWindow(stack, settings, look, stack.heart_centre_px);
}

Batch makeBatch(Kind kind, Look look, const Refs& refs, std::span<const std::size_t> items,
                bool two_channels,
                const run::Settings& settings,
                const std::function<Augmentation(std::size_t item, double pixel_mm)>& augment) {
  Batch batch;
  batch.count = static_cast<int>(items.size());
  batch.channels = two_channels ? 2 : 1;
  const Window first = windowOf(kind, look, *refs[items[0]].stack, settings);
  batch.side = first.side;
  const auto area = static_cast<std::size_t>(first.side) * static_cast<std::size_t>(first.side);
  const auto channels = static_cast<std::size_t>(batch.channels);
  batch.input.resize(items.size() * channels * area);
  batch.target.resize(kind == Kind::Classifier ? items.size() : items.size() * area);
  if (kind != Kind::Heart) batch.region.resize(items.size() * area);
  for (std::size_t n = 0; n < items.size(); ++n) {
    const SliceRef& ref = refs[items[n]];
    const Window window = windowOf(kind, look, *ref.stack, settings);
    const Augmentation augmentation = augment(items[n], pixelOf(*ref.stack, window));
    const std::span<float> image(batch.input.data() + n * channels * area, area);
    if (kind == Kind::Heart) {
      const std::span<float> heart(batch.target.data() + n * area, area);
      fillImage(ref, window, augmentation, settings, image);
      fillLabels(ref, ref.stack->heart, window, augmentation, heart);
      if (augmentation.paint_scar)
        paintScar(image, heart, window.side, pixelOf(*ref.stack, window), augmentation.scar_seed);
      continue;
    }
    fillRoiImage(ref, window, augmentation, settings, image);
    const std::span<float> region(batch.region.data() + n * area, area);
    fillMyocardium(ref, window, augmentation, region);
    if (two_channels)
      std::copy(region.begin(), region.end(), batch.input.begin() +
                                                  static_cast<std::ptrdiff_t>((n * channels + 1) * area));
    if (kind == Kind::Classifier)
      batch.target[n] = labelOf(ref) == 1 ? 1.0F : 0.0F;
    else
      fillLabels(ref, ref.stack->fibrosis, window, augmentation, {batch.target.data() + n * area, area});
  }
  return batch;
}

std::function<Batch(std::span<const std::size_t>, int)> augmentedBatches(Kind kind, const Refs& refs,
                                                                         bool two_channels,
                                                                         const TrainContext& context,
                                                                         std::uint64_t stream) {
  const run::Settings* settings = context.settings;
  const std::uint64_t seed = context.seed;
  const double close_share = settings->real("myocardium.close_share");
  return [=, &refs](std::span<const std::size_t> items, int epoch) {
    // One look for a whole step: a batch has one size.
    Random step(mixSeed(seed, stream + 100, static_cast<std::uint64_t>(epoch), items[0]));
    const Look look = step.chance(close_share) ? Look::Close : Look::Wide;
    if (kind == Kind::Heart) items = items.first(slicesInStep(look, items.size(), *settings));
    return makeBatch(kind, look, refs, items, two_channels, *settings, [&](std::size_t item, double pixel_mm) {
      Random random(mixSeed(seed, stream, static_cast<std::uint64_t>(epoch), item));
      return drawAugmentation(augmentOptions(*settings, pixel_mm), random);
    });
  };
}

/// Calls use(batch, outputs, first item) over all refs without augmentation.
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

/// Which validation slices are drawn: evenly spread, those with something to see first.
std::vector<std::size_t> previewItems(const Refs& refs, long long count,
                                      const std::function<bool(const SliceRef&)>& interesting) {
  std::vector<std::size_t> chosen, rest;
  for (std::size_t i = 0; i < refs.size(); ++i) (interesting(refs[i]) ? chosen : rest).push_back(i);
  if (chosen.empty()) chosen = rest;
  std::vector<std::size_t> spread;
  const auto wanted = std::min(static_cast<std::size_t>(std::max(count, 0LL)), chosen.size());
  for (std::size_t k = 0; k < wanted; ++k) spread.push_back(chosen[k * chosen.size() / wanted]);
  return spread;
}

/// Collects the rows of a picture while a validation runs, and says where it is.
class PreviewPainter {
 public:
  PreviewPainter(const TrainContext& context, std::string stage, std::vector<std::size_t> items)
      : context_(context), stage_(std::move(stage)), items_(std::move(items)) {}

  [[nodiscard]] bool wants(std::size_t item) const {
    return std::find(items_.begin(), items_.end(), item) != items_.end();
  }
  void add(PreviewRow row) { rows_.push_back(std::move(row)); }
  void finish(int epoch, int side) {
    if (rows_.empty()) return;
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "-%04d.ppm", epoch);
    const auto path = context_.folder.previews() / (stage_ + number.data());
    const auto written = writePreview(path, rows_, side);
    if (written)
      context_.reporter->emit(run::Preview{
          stage_, epoch, path.lexically_relative(context_.folder.root).string(), *written});
    else
      context_.reporter->emit(run::Warning{"preview", written.error().message});
  }

 private:
  const TrainContext& context_;
  std::string stage_;
  std::vector<std::size_t> items_;
  std::vector<PreviewRow> rows_;
};

PreviewRow imageRow(const Batch& batch, std::size_t n) {
  const auto area = static_cast<std::size_t>(batch.side) * static_cast<std::size_t>(batch.side);
  const float* image = batch.input.data() + n * static_cast<std::size_t>(batch.channels) * area;
  PreviewRow row;
  row.image.assign(image, image + area);
  return row;
}

std::vector<std::uint8_t> asLabels(const torch::Tensor& tensor) {
  const torch::Tensor whole = tensor.to(torch::kCPU, torch::kUInt8).contiguous();
  return {whole.data_ptr<std::uint8_t>(), whole.data_ptr<std::uint8_t>() + whole.numel()};
}

struct Overlap {
  double both = 0, predicted = 0, reference = 0;
};

/// Mean Dice over the patients that have a reference; nothing when none has.
std::optional<double> meanDice(const std::map<std::string, Overlap>& patients) {
  double sum = 0;
  int count = 0;
  for (const auto& [name, o] : patients) {
    if (o.reference <= 0) continue;
    sum += 2 * o.both / (o.predicted + o.reference);
    ++count;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

void addOverlap(Overlap& overlap, const torch::Tensor& predicted, const torch::Tensor& reference) {
  overlap.both += (predicted * reference).sum().item<double>();
  overlap.predicted += predicted.sum().item<double>();
  overlap.reference += reference.sum().item<double>();
}

torch::Tensor lossRegion(const DeviceBatch& batch, const run::Settings& settings) {
  if (settings.choice("fibrosis.loss_region") == "all") return {};
  // The predicted myocardium and three pixels around it; a slice without any counts nowhere.
  return torch::max_pool2d(batch.region.unsqueeze(1), 7, 1, 3).squeeze(1).gt(0.3).to(torch::kFloat32);
}

}  // namespace

int labelOf(const SliceRef& slice) {
  const auto& labels = slice.stack->source->labels;
  if (labels.empty()) return -1;
  const SliceLabel label = labels[static_cast<std::size_t>(slice.z)];
  return label == SliceLabel::Fibrosis ? 1 : label == SliceLabel::None ? 0 : -1;
}

int epochsFor(const std::string& stage, std::size_t items, const run::Settings& settings) {
  const auto count = static_cast<long long>(std::max<std::size_t>(items, 1));
  const long long steps = count / std::min(settings.integer("train.batch"), count);
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

torch::Tensor segmentationLoss(const torch::Tensor& output, const torch::Tensor& target,
                               const torch::Tensor& region, bool dice_alone) {
  const bool classes = output.size(1) > 1;
  torch::Tensor cross_entropy, dice;
  const auto diceOf = [&](torch::Tensor p, const torch::Tensor& t) {
    if (region.defined()) p = p * region;
    const torch::Tensor wanted = region.defined() ? t * region : t;
    const torch::Tensor both = 2 * (p * wanted).sum() + 1;
    return dice_alone ? 1 - both / (p.square().sum() + wanted.square().sum() + 1)
                      : 1 - both / (p.sum() + wanted.sum() + 1);
  };
  if (classes) {
    cross_entropy = torch::nn::functional::cross_entropy(output, target.to(torch::kInt64));
    const torch::Tensor p = torch::softmax(output, 1);
    for (std::int64_t k = 1; k < output.size(1); ++k) {
      const torch::Tensor one = diceOf(p.select(1, k), target.eq(k).to(torch::kFloat32));
      dice = dice.defined() ? dice + one : one;
    }
    dice = dice / static_cast<double>(output.size(1) - 1);
  } else {
    const torch::Tensor logits = output.squeeze(1);
    torch::Tensor pixel = torch::binary_cross_entropy_with_logits(logits, target, {}, {}, at::Reduction::None);
    cross_entropy = region.defined() ? (pixel * region).sum() / (region.sum() + 1) : pixel.mean();
    dice = diceOf(torch::sigmoid(logits), target);
  }
  return dice_alone ? dice : dice + cross_entropy;
}

StagePlan myocardiumPlan(Cohort& cohort, const TrainContext& context) {
  const run::Settings& settings = *context.settings;
  const bool three = settings.choice("myocardium.target") == "cavity+myocardium";
  const bool dice_alone = settings.choice("myocardium.loss") == "dice";
  StagePlan plan;
  plan.name = "myocardium";
  plan.learning_rate = settings.real("myocardium.learning_rate");
  plan.items = cohort.heart_train.size();
  plan.epochs = epochsFor(plan.name, plan.items, settings);
  plan.make_network = [&settings] { return makeMyocardiumNetwork(settings); };
  plan.make_batch = augmentedBatches(Kind::Heart, cohort.heart_train, false, context, 11);
  const auto targetOf = [three](const torch::Tensor& heart) {
    return three ? heart : heart.eq(2).to(torch::kFloat32);
  };
  plan.loss = [=](const torch::Tensor& output, const DeviceBatch& batch) {
    return segmentationLoss(output, targetOf(batch.target), {}, dice_alone);
  };
  if (cohort.heart_val.empty()) return plan;
  plan.validate = [=, &cohort, &context](Network& network, int epoch) {
    const Refs& refs = cohort.heart_val;
    std::map<std::string, Overlap> patients;
    PreviewPainter painter(context, "myocardium",
                           previewItems(refs, context.settings->integer("train.preview_slices"),
                                        [](const SliceRef& ref) {
                                          const auto heart = ref.stack->slice(ref.stack->heart, ref.z);
                                          return std::find(heart.begin(), heart.end(), 2) != heart.end();
                                        }));
    double loss = 0;
    int side = 0;
    overValidation(Kind::Heart, refs, false, context, network,
                   [&](const Batch& batch, const DeviceBatch& on_device, const torch::Tensor& output,
                       std::size_t first) {
                     side = batch.side;
                     loss += segmentationLoss(output, targetOf(on_device.target), {}, dice_alone)
                                 .template item<double>() * batch.count;
                     const torch::Tensor heart =
                         three ? output.argmax(1) : output.squeeze(1).gt(0).to(torch::kInt64) * 2;
                     for (int n = 0; n < batch.count; ++n) {
                       const auto item = first + static_cast<std::size_t>(n);
                       addOverlap(patients[refs[item].stack->source->patient],
                                  heart[n].eq(2).to(torch::kFloat32),
                                  on_device.target[n].eq(2).to(torch::kFloat32));
                       if (!painter.wants(item)) continue;
                       PreviewRow row = imageRow(batch, static_cast<std::size_t>(n));
                       row.reference = asLabels(on_device.target[n]);
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
                   [&](const Batch& batch, const DeviceBatch& on_device, const torch::Tensor& output,
                       std::size_t first) {
                     side = batch.side;
                     const torch::Tensor logits = logitsOf(output, on_device);
                     loss += torch::binary_cross_entropy_with_logits(logits, on_device.target)
                                 .template item<double>() * batch.count;
                     const torch::Tensor maps =
                         torch::upsample_bilinear2d(
                             output * poolingMask(on_device.region.unsqueeze(1), mask_threshold),
                             at::IntArrayRef{batch.side, batch.side}, false)
                             .to(torch::kCPU).contiguous();
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

StagePlan fibrosisPlan(Cohort& cohort, const TrainContext& context, bool with_myocardium, NetworkPtr heart) {
  const run::Settings& settings = *context.settings;
  const bool dice_alone = settings.choice("fibrosis.loss") == "dice";
  StagePlan plan;
  plan.name = "fibrosis";
  plan.learning_rate = settings.real("fibrosis.learning_rate");
  plan.items = cohort.target_train.size();
  plan.epochs = epochsFor(plan.name, plan.items, settings);
  const bool from_heart = settings.choice("fibrosis.start") == "myocardium";
  if (from_heart && settings.integer("fibrosis.width") != settings.integer("myocardium.width"))
    context.reporter->emit(run::Warning{
        "fibrosis-start",
        "The networks of the myocardium and of fibrosis differ in width, so that the second begins "
        "with random weights. Give fibrosis.width the value of myocardium.width to start from it."});
  plan.make_network = [&settings, with_myocardium, from_heart, heart = std::move(heart)] {
    NetworkPtr network = makeFibrosisNetwork(settings, with_myocardium);
    if (from_heart) startFrom(*network, *heart);
    return network;
  };
  plan.make_batch = augmentedBatches(Kind::Fibrosis, cohort.target_train, with_myocardium, context, 13);
  plan.loss = [dice_alone, &settings](const torch::Tensor& output, const DeviceBatch& batch) {
    return segmentationLoss(output, batch.target, lossRegion(batch, settings), dice_alone);
  };
  if (cohort.target_val.empty()) return plan;
  plan.validate = [=, &cohort, &context, &settings](Network& network, int epoch) {
    const Refs& refs = cohort.target_val;
    PreviewPainter painter(context, "fibrosis",
                           previewItems(refs, settings.integer("train.preview_slices"),
                                        [](const SliceRef& ref) {
                                          const auto f = ref.stack->slice(ref.stack->fibrosis, ref.z);
                                          return std::find(f.begin(), f.end(), 1) != f.end();
                                        }));
    std::map<std::string, Overlap> patients;
    double loss = 0;
    int side = 0;
    overValidation(Kind::Fibrosis, refs, with_myocardium, context, network,
                   [&](const Batch& batch, const DeviceBatch& on_device, const torch::Tensor& output,
                       std::size_t first) {
                     side = batch.side;
                     loss += segmentationLoss(output, on_device.target, lossRegion(on_device, settings), dice_alone)
                                 .template item<double>() * batch.count;
                     const torch::Tensor inside =
                         torch::max_pool2d(on_device.region.unsqueeze(1), 3, 1, 1).squeeze(1).gt(0.5);
                     const torch::Tensor found =
                         (output.squeeze(1).gt(0) & inside).to(torch::kFloat32);
                     for (int n = 0; n < batch.count; ++n) {
                       const auto item = first + static_cast<std::size_t>(n);
                       addOverlap(patients[refs[item].stack->source->patient], found[n],
                                  on_device.target[n]);
                       if (!painter.wants(item)) continue;
                       PreviewRow row = imageRow(batch, static_cast<std::size_t>(n));
                       row.reference = asLabels(on_device.target[n] * 3);
                       row.prediction = asLabels(torch::maximum(
                           found[n] * 3, on_device.region[n].gt(0.5).to(torch::kFloat32) * 2));
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
