#pragma once
// AdamW (Loshchilov and Hutter 2019) with the schedule and the running mean of the weights. Written
// out because its whole state must go into a checkpoint and come back to the bit on every LibTorch.

#include <vector>

#include "ml/model/network.h"

namespace gadolin::ml {

class AdamW {
 public:
  AdamW(std::vector<torch::Tensor> parameters, double weight_decay);

  /// One step with the gradients at hand, which are cleared.
  void step(double learning_rate);

  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void setSteps(std::int64_t steps) { steps_ = steps; }
  /// First and second moments, in the order of the parameters; written to when a checkpoint is read.
  [[nodiscard]] const std::vector<torch::Tensor>& first() const { return first_; }
  [[nodiscard]] const std::vector<torch::Tensor>& second() const { return second_; }

 private:
  std::vector<torch::Tensor> parameters_, first_, second_;
  double weight_decay_;
  std::int64_t steps_ = 0;
};

/// Learning rate at a step (from 0): linear warm-up, then constant or half a cosine down to a
/// hundredth.
double learningRateAt(std::int64_t step, std::int64_t total_steps, std::int64_t warmup_steps,
                      bool cosine, double learning_rate);

/// average += (1 - decay) * (network - average), with a smaller decay in the first steps; whole
/// numbers are copied. decay 0 copies.
void updateAverage(Network& average, const Network& network, double decay, std::int64_t step);

/// Every parameter and buffer by name.
std::vector<std::pair<std::string, torch::Tensor>> stateOf(const Network& network);

}  // namespace gadolin::ml
