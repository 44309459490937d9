#pragma once
// Losses and overlaps of the segmentation stages.

#include <map>
#include <optional>
#include <string>

#include "core/run/settings.h"
#include "ml/train/trainer.h"

namespace gadolin::ml {

/// Cross-entropy plus Dice, or Dice alone with squared denominators as in the paper; region weights
/// pixels where it is defined. output [N, K, H, W], target [N, H, W] classes (K 3) or 0/1 (K 1).
torch::Tensor segmentationLoss(const torch::Tensor& output, const torch::Tensor& target,
                               const torch::Tensor& region, bool dice_alone);

/// Where, and how much, the loss of C and D counts: fibrosis.loss_region, and the weight of each slice
/// where the batch has one; undefined for everywhere alike.
torch::Tensor lossRegion(const DeviceBatch& batch, const run::Settings& settings);

struct Overlap {
  double both = 0, predicted = 0, reference = 0;
};

/// Mean Dice over the patients that have a reference; nothing when none has.
std::optional<double> meanDice(const std::map<std::string, Overlap>& patients);
void addOverlap(Overlap& overlap, const torch::Tensor& predicted, const torch::Tensor& reference);

}  // namespace gadolin::ml
