#include "ml/model/warm_start.h"

#include <optional>
#include <utility>
#include <vector>

namespace gadolin::ml {
namespace {

bool isHead(const std::string& name) {
  return name.rfind("head.", 0) == 0;
}

/// [out, in, 3, 3], in of the two may differ.
bool isInput(const std::string& name) {
  return name == "down0.0.weight";
}

/// Pairs of tensors to copy; nothing when the networks differ in more than input and head.
std::optional<std::vector<std::pair<torch::Tensor, torch::Tensor>>> pairs(Network& to,
                                                                          const Network& from) {
  std::vector<std::pair<torch::Tensor, torch::Tensor>> found;
  const auto add = [&found](const auto& target, const auto& source) {
    for (const auto& item : target) {
      if (isHead(item.key())) continue;
      const torch::Tensor* other = source.find(item.key());
      if (other == nullptr) return false;
      if (!isInput(item.key()) && other->sizes() != item.value().sizes()) return false;
      if (isInput(item.key()) &&
          (other->size(0) != item.value().size(0) || other->size(1) > item.value().size(1)))
        return false;
      found.emplace_back(item.value(), *other);
    }
    return true;
  };
  if (!add(to.named_parameters(true), from.named_parameters(true)) ||
      !add(to.named_buffers(true), from.named_buffers(true)))
    return std::nullopt;
  return found;
}

}  // namespace

bool startFrom(Network& to, const Network& from) {
  const torch::NoGradGuard no_grad;
  const auto tensors = pairs(to, from);
  if (!tensors) return false;
  for (auto [target, source] : *tensors) {
    if (target.dim() == 4 && target.size(1) > source.size(1)) {
      target.zero_();
      target.narrow(1, 0, source.size(1)).copy_(source);
    } else {
      target.copy_(source);
    }
  }
  return true;
}

}  // namespace gadolin::ml
