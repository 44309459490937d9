#pragma once
// The classifier of stage B: a dilated residual network (Yu, Koltun and Funkhouser 2017, DRN-D-22)
// narrowed to 128 channels and a stride of 4, whose last layer is the class activation map.

#include "ml/model/network.h"

namespace gadolin::ml {

struct DrnOptions {
  int in_channels = 2;        // LGE, and the myocardium probability when 2
  double width_factor = 1.0;  // 1: 2,142,353 parameters with one channel, 2,143,137 with two
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

/// Logit of each slice [N]: the map summed inside the mask and divided by the area of the map
/// (`mean` false, the paper) or of the mask. An empty mask gives -10: no myocardium, no fibrosis.
torch::Tensor poolInside(const torch::Tensor& map, const torch::Tensor& mask, bool mean);

}  // namespace gadolin::ml
