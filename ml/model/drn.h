#pragma once
// The classifier of stage B: a dilated residual network (Yu, Koltun and Funkhouser 2017, DRN-D-22)
// narrowed to 128 channels and a stride of 4, whose last layer is the class activation map.

#include "ml/model/network.h"

namespace gadolin::ml {

struct DrnOptions {
  int in_channels = 2;        // LGE, and the myocardium probability when 2
  double width_factor = 1.0;  // 1: 2,142,353 parameters with one channel, 2,143,137 with two
  bool small_head = false;    // the map's layer begins as LibTorch draws it, not with sd 1.41
};

/// forward: [N, in, H, W], multiples of 4 -> activation map [N, 1, H/4, W/4] (before pooling).
class Drn : public Network {
 public:
  explicit Drn(const DrnOptions& options);
  torch::Tensor forward(torch::Tensor x) override;

 private:
  torch::nn::Sequential layers_{nullptr};
  torch::nn::Conv2d head_{nullptr};
};

/// Where the map is pooled: the myocardium probability [N, 1, H, W], dilated by a 3x3 maximum and
/// averaged over 4x4 pixels, above the threshold. -> [N, 1, H/4, W/4] of 0 and 1.
torch::Tensor poolingMask(const torch::Tensor& p_myocardium, double threshold);

/// The logit of a slice without a pooled cell; it marks such a slice by its exact value, which no
/// sum of cells comes to.
inline constexpr double no_myocardium_logit = -10.0;

/// Logit of each slice [N]: the map summed inside the mask and divided by the area of the map
/// (`mean` false, the paper) or of the mask. An empty mask gives `empty`: no myocardium, no
/// fibrosis.
torch::Tensor poolInside(const torch::Tensor& map, const torch::Tensor& mask, bool mean,
                         double empty = no_myocardium_logit);

/// How the logits of the slices of a stack become one: their mean (with a sum over the area of the
/// map this is the paper's sum over all slices divided by slices * area), the largest, the
/// logarithm of their mean exponential, or "at least one slice": p = 1 - product of (1 - p of a
/// slice).
enum class StackPooling { Mean, Max, LogSumExp, NoisyOr };

/// Logits of `bags` bags from those of their slices. logits [N], bag [N] int64 from 0, each bag
/// with at least one slice. Every rule gives a bag of one slice that slice's logit. Only the bag's
/// own slices count: nothing is padded, so that other bags of a batch change nothing. Under Mean a
/// slice without myocardium counts as 0, as it does in a masked sum, and a bag without any gets
/// no_myocardium_logit. -> [bags]
torch::Tensor poolBags(const torch::Tensor& logits, const torch::Tensor& bag, std::int64_t bags,
                       StackPooling rule);

}  // namespace gadolin::ml
