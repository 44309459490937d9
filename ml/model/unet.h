#pragma once
// The U-Net of stages A, C and D (Ronneberger 2015, with batch normalisation, same padding and
// learned upsampling): five levels of widths base*{1, 2, 4, 8, 16}.

#include "ml/model/network.h"

namespace gadolin::ml {

struct UNetOptions {
  int in_channels = 1;
  int out_channels = 1;
  int base = 32;  // 32: 7,765,409 parameters with one channel in and out
};

/// forward: [N, in, H, W] with H and W multiples of 16 -> logits [N, out, H, W].
class UNet : public Network {
 public:
  explicit UNet(const UNetOptions& options);
  torch::Tensor forward(torch::Tensor x) override;

 private:
  std::vector<torch::nn::Sequential> down_, up_;
  std::vector<torch::nn::ConvTranspose2d> rise_;
  torch::nn::Conv2d head_{nullptr};
};

}  // namespace gadolin::ml
