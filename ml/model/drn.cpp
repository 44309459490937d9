#include "ml/model/drn.h"

#include <cmath>

namespace gadolin::ml {
namespace {

namespace nn = torch::nn;

nn::Conv2d convolution(int in, int out, int kernel, int stride, int dilation) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, kernel)
                        .stride(stride)
                        .padding(dilation * (kernel / 2))
                        .dilation(dilation)
                        .bias(false));
}

/// Two convolutions with a shortcut; a 1x1 projection where the shape changes.
class BasicBlock : public nn::Module {
 public:
  BasicBlock(int in, int out, int stride, int dilation) {
    body_ = register_module(
        "body", nn::Sequential(convolution(in, out, 3, stride, dilation), nn::BatchNorm2d(out),
                               nn::ReLU(nn::ReLUOptions(true)),
                               convolution(out, out, 3, 1, dilation), nn::BatchNorm2d(out)));
    if (stride != 1 || in != out)
      shortcut_ = register_module(
          "shortcut", nn::Sequential(convolution(in, out, 1, stride, 1), nn::BatchNorm2d(out)));
  }
  torch::Tensor forward(torch::Tensor x) {
    const torch::Tensor shortcut = shortcut_.is_empty() ? x : shortcut_->forward(x);
    return torch::relu(body_->forward(x) + shortcut);
  }

 private:
  nn::Sequential body_{nullptr}, shortcut_{nullptr};
};

void addPlain(nn::Sequential& layers, int in, int out, int kernel, int stride, int dilation) {
  layers->push_back(convolution(in, out, kernel, stride, dilation));
  layers->push_back(nn::BatchNorm2d(out));
  layers->push_back(nn::ReLU(nn::ReLUOptions(true)));
}

void addBlocks(nn::Sequential& layers, int in, int out, int stride, int dilation) {
  layers->push_back(std::make_shared<BasicBlock>(in, out, stride, dilation));
  layers->push_back(std::make_shared<BasicBlock>(out, out, 1, dilation));
}

}  // namespace

Drn::Drn(const DrnOptions& options) {
  const auto wide = [&](int channels) {
    return std::max(1, static_cast<int>(std::lround(channels * options.width_factor)));
  };
  nn::Sequential layers;
  addPlain(layers, options.in_channels, wide(16), 7, 1, 1);
  addPlain(layers, wide(16), wide(16), 3, 1, 1);
  addPlain(layers, wide(16), wide(32), 3, 2, 1);
  addBlocks(layers, wide(32), wide(64), 2, 1);
  addBlocks(layers, wide(64), wide(128), 1, 1);
  addBlocks(layers, wide(128), wide(128), 1, 2);
  addBlocks(layers, wide(128), wide(128), 1, 4);
  addPlain(layers, wide(128), wide(128), 3, 1, 2);
  addPlain(layers, wide(128), wide(128), 3, 1, 1);
  layers_ = register_module("layers", layers);
  head_ = register_module("head", nn::Conv2d(nn::Conv2dOptions(wide(128), 1, 1)));
  const torch::NoGradGuard no_grad;
  for (const auto& module : modules(false)) {
    if (options.small_head && module.get() == head_.get()) continue;
    if (auto* conv = module->as<nn::Conv2d>()) {
      const auto& weight = conv->weight;
      conv->weight.normal_(
          0.0,
          std::sqrt(2.0 / static_cast<double>(weight.size(0) * weight.size(2) * weight.size(3))));
    }
  }
}

torch::Tensor Drn::forward(torch::Tensor x) {
  return head_->forward(layers_->forward(x));
}

torch::Tensor poolingMask(const torch::Tensor& p_myocardium, double threshold) {
  return torch::avg_pool2d(torch::max_pool2d(p_myocardium, 3, 1, 1), 4)
      .gt(threshold)
      .to(torch::kFloat32);
}

torch::Tensor poolInside(const torch::Tensor& map, const torch::Tensor& mask, bool mean,
                         double empty) {
  const torch::Tensor sum = (map * mask).sum(at::IntArrayRef{1, 2, 3});
  const torch::Tensor inside = mask.sum(at::IntArrayRef{1, 2, 3});
  const torch::Tensor area =
      mean ? inside.clamp_min(1.0)
           : torch::full_like(inside, static_cast<double>(map.size(2) * map.size(3)));
  return torch::where(inside > 0, sum / area, torch::full_like(sum, empty));
}

torch::Tensor poolBags(const torch::Tensor& logits, const torch::Tensor& bag, std::int64_t bags,
                       StackPooling rule) {
  // [bags, N]: which slices are a bag's own. A product with it adds in one order on every device.
  const torch::Tensor own = bag.unsqueeze(0).eq(torch::arange(bags, bag.options()).unsqueeze(1));
  const torch::Tensor weights = own.to(logits.scalar_type());
  const auto sumOf = [&](const torch::Tensor& values) { return weights.mv(values); };
  const torch::Tensor count = sumOf(torch::ones_like(logits));
  if (rule == StackPooling::NoisyOr) {
    // -log(1 - p) of a bag is the sum of those of its slices, and logit(p) = log(exp(that) - 1).
    const torch::Tensor sum = sumOf(torch::softplus(logits)).clamp_min(1e-12);
    return sum + torch::log(-torch::expm1(-sum));
  }
  if (rule == StackPooling::Mean) {
    const torch::Tensor inside = logits.ne(no_myocardium_logit);
    const torch::Tensor sum = sumOf(torch::where(inside, logits, torch::zeros_like(logits)));
    const torch::Tensor any = sumOf(inside.to(logits.scalar_type())).gt(0);
    return torch::where(any, sum / count, torch::full_like(sum, no_myocardium_logit));
  }
  const torch::Tensor table =
      torch::where(own, logits.unsqueeze(0), torch::full_like(logits, -1e30).unsqueeze(0));
  if (rule == StackPooling::Max) return std::get<0>(table.max(1));
  return torch::logsumexp(table, 1) - torch::log(count);
}

}  // namespace gadolin::ml
