#pragma once
// What every network of the cascade is to its trainer.

#include <torch/torch.h>

#include <memory>

namespace gadolin::ml {

/// Thread: one at a time.
class Network : public torch::nn::Module {
 public:
  /// [N, C, H, W] float32 in; logits out (the subclass says which shape).
  virtual torch::Tensor forward(torch::Tensor x) = 0;
};

using NetworkPtr = std::shared_ptr<Network>;

/// Number of trained values.
inline std::int64_t parameterCount(const torch::nn::Module& module) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : module.parameters()) count += parameter.numel();
  return count;
}

}  // namespace gadolin::ml
