#include "ml/cascade/losses.h"

namespace gadolin::ml {

torch::Tensor segmentationLoss(const torch::Tensor& output, const torch::Tensor& target,
                               const torch::Tensor& region, bool dice_alone) {
  const bool classes = output.size(1) > 1;
  torch::Tensor cross_entropy, dice;
  const auto diceOf = [&](const torch::Tensor& p, const torch::Tensor& t) {
    // A region weighs each pixel once, in the overlap and in both sizes.
    const torch::Tensor wanted = region.defined() ? t * region : t;
    const torch::Tensor both = 2 * (p * wanted).sum() + 1;
    const torch::Tensor sizes = dice_alone ? p.square() + t.square() : p + t;
    return 1 - both / ((region.defined() ? sizes * region : sizes).sum() + 1);
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
    torch::Tensor pixel =
        torch::binary_cross_entropy_with_logits(logits, target, {}, {}, at::Reduction::None);
    cross_entropy = region.defined() ? (pixel * region).sum() / (region.sum() + 1) : pixel.mean();
    dice = diceOf(torch::sigmoid(logits), target);
  }
  return dice_alone ? dice : dice + cross_entropy;
}

torch::Tensor lossRegion(const DeviceBatch& batch, const run::Settings& settings) {
  torch::Tensor region;
  // The predicted myocardium and three pixels around it; a slice without any counts nowhere.
  if (settings.choice("fibrosis.loss_region") == "myocardium")
    region = torch::max_pool2d(batch.region.unsqueeze(1), 7, 1, 3)
                 .squeeze(1)
                 .gt(0.3)
                 .to(torch::kFloat32);
  if (!batch.weight.defined()) return region;
  const torch::Tensor weight = batch.weight.view({-1, 1, 1});
  return region.defined() ? region * weight : weight.expand_as(batch.region);
}

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

}  // namespace gadolin::ml
