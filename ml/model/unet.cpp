#include "ml/model/unet.h"

namespace gadolin::ml {
namespace {

namespace nn = torch::nn;

nn::Sequential doubleConvolution(int in, int out) {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1)), nn::BatchNorm2d(out),
                        nn::ReLU(nn::ReLUOptions(true)),
                        nn::Conv2d(nn::Conv2dOptions(out, out, 3).padding(1)), nn::BatchNorm2d(out),
                        nn::ReLU(nn::ReLUOptions(true)));
}

}  // namespace

UNet::UNet(const UNetOptions& options) {
  const int base = options.base;
  const std::array<int, 5> width{base, 2 * base, 4 * base, 8 * base, 16 * base};
  for (std::size_t level = 0; level < 5; ++level) {
    const int in = level == 0 ? options.in_channels : width[level - 1];
    down_.push_back(register_module("down" + std::to_string(level), doubleConvolution(in, width[level])));
  }
  for (std::size_t level = 4; level-- > 0;) {
    rise_.push_back(register_module(
        "rise" + std::to_string(level),
        nn::ConvTranspose2d(nn::ConvTranspose2dOptions(width[level + 1], width[level], 2).stride(2))));
    up_.push_back(register_module("up" + std::to_string(level),
                                  doubleConvolution(width[level + 1], width[level])));
  }
  head_ = register_module("head", nn::Conv2d(nn::Conv2dOptions(base, options.out_channels, 1)));
}

torch::Tensor UNet::forward(torch::Tensor x) {
  std::vector<torch::Tensor> skips;
  for (std::size_t level = 0; level < 5; ++level) {
    if (level > 0) x = torch::max_pool2d(x, 2);
    x = down_[level]->forward(x);
    if (level < 4) skips.push_back(x);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    x = rise_[i]->forward(x);
    x = up_[i]->forward(torch::cat({x, skips[3 - i]}, 1));
  }
  return head_->forward(x);
}

}  // namespace gadolin::ml
