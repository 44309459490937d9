#include "ml/train/optimiser.h"

#include <cmath>
#include <numbers>

namespace gadolin::ml {

AdamW::AdamW(std::vector<torch::Tensor> parameters, double weight_decay)
    : parameters_(std::move(parameters)), weight_decay_(weight_decay) {
  const torch::NoGradGuard no_grad;
  for (const torch::Tensor& parameter : parameters_) {
    first_.push_back(torch::zeros_like(parameter));
    second_.push_back(torch::zeros_like(parameter));
  }
}

void AdamW::step(double learning_rate) {
  const torch::NoGradGuard no_grad;
  ++steps_;
  constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  const double correction1 = 1 - std::pow(beta1, static_cast<double>(steps_));
  const double correction2 = 1 - std::pow(beta2, static_cast<double>(steps_));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::Tensor& parameter = parameters_[i];
    torch::Tensor& gradient = parameter.mutable_grad();
    if (!gradient.defined()) continue;
    // Only weights decay; biases and the scales of normalisation do not.
    if (weight_decay_ > 0 && parameter.dim() > 1) parameter.mul_(1 - learning_rate * weight_decay_);
    first_[i].mul_(beta1).add_(gradient, 1 - beta1);
    second_[i].mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    parameter.addcdiv_(first_[i], second_[i].sqrt().div_(std::sqrt(correction2)).add_(epsilon),
                       -learning_rate / correction1);
    gradient.zero_();
  }
}

double learningRateAt(std::int64_t step, std::int64_t total_steps, std::int64_t warmup_steps,
                      bool cosine, double learning_rate) {
  if (step < warmup_steps)
    return learning_rate * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  if (!cosine || total_steps <= warmup_steps) return learning_rate;
  const double share =
      static_cast<double>(step - warmup_steps) / static_cast<double>(total_steps - warmup_steps);
  return learning_rate * (0.01 + 0.99 * 0.5 * (1 + std::cos(std::numbers::pi * std::min(share, 1.0))));
}

std::vector<std::pair<std::string, torch::Tensor>> stateOf(const Network& network) {
  std::vector<std::pair<std::string, torch::Tensor>> state;
  for (const auto& item : network.named_parameters(true)) state.emplace_back(item.key(), item.value());
  for (const auto& item : network.named_buffers(true)) state.emplace_back(item.key(), item.value());
  return state;
}

void updateAverage(Network& average, const Network& network, double decay, std::int64_t step) {
  const torch::NoGradGuard no_grad;
  const double n = static_cast<double>(step);
  const double now = std::min(decay, (1 + n) / (10 + n));
  auto to = stateOf(average);
  const auto from = stateOf(network);
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (decay > 0 && to[i].second.is_floating_point())
      to[i].second.lerp_(from[i].second, 1 - now);
    else
      to[i].second.copy_(from[i].second);
  }
}

}  // namespace gadolin::ml
