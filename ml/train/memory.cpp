#include "ml/train/memory.h"

#include <algorithm>
#include <new>
#include <optional>
#include <string_view>

namespace gadolin::ml {
namespace {

struct Piece {
  std::int64_t first = 0, count = 0;
};

std::vector<Piece> cut(std::int64_t items, int pieces) {
  const std::int64_t wanted = std::clamp<std::int64_t>(pieces, 1, std::max<std::int64_t>(items, 1));
  std::vector<Piece> result;
  for (std::int64_t k = 0; k < wanted; ++k) {
    const std::int64_t first = k * items / wanted;
    result.push_back({first, (k + 1) * items / wanted - first});
  }
  return result;
}

void clearGradients(Network& network) {
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& parameter : network.parameters())
    if (parameter.grad().defined()) parameter.mutable_grad().zero_();
}

}  // namespace

bool isOutOfMemory(const std::exception& fault) {
  if (dynamic_cast<const std::bad_alloc*>(&fault) != nullptr) return true;
  // LibTorch 1.13 throws a plain c10::Error from the processor's allocator, and its class for
  // devices has had two names since: the sentences have stayed.
  const auto* of_torch = dynamic_cast<const c10::Error*>(&fault);
  const std::string what = of_torch != nullptr ? of_torch->what_without_backtrace() : fault.what();
  return what.find("out of memory") != std::string::npos ||
         what.find("can't allocate") != std::string::npos ||
         what.find("not enough memory") != std::string::npos;
}

BufferCopy::BufferCopy(const Network& network) : buffers_(network.buffers(true)) {
  const torch::NoGradGuard no_grad;
  // Two tensors instead of one a layer: on a device each copy is a launch.
  for (const bool floating : {true, false}) {
    std::vector<torch::Tensor> flat;
    for (const torch::Tensor& buffer : buffers_)
      if (buffer.is_floating_point() == floating) flat.push_back(buffer.reshape(-1));
    copies_.push_back(flat.empty() ? torch::Tensor() : torch::cat(flat));
  }
}

void BufferCopy::restore() const {
  const torch::NoGradGuard no_grad;
  for (const bool floating : {true, false}) {
    std::int64_t first = 0;
    for (torch::Tensor buffer : buffers_) {
      if (buffer.is_floating_point() != floating) continue;
      buffer.copy_(copies_[floating ? 0 : 1].narrow(0, first, buffer.numel()).view_as(buffer));
      first += buffer.numel();
    }
  }
}

torch::Tensor addGradients(
    Network& network, const DeviceBatch& batch,
    const std::function<torch::Tensor(const torch::Tensor&, const DeviceBatch&)>& loss,
    int pieces) {
  const std::vector<Piece> parts = cut(batch.input.size(0), pieces);
  if (parts.size() == 1) {
    const torch::Tensor value = loss(network.forward(batch.input), batch);
    value.backward();
    return value.detach();
  }
  torch::Tensor outputs;
  {
    const torch::NoGradGuard no_grad;
    const BufferCopy before(network);  // the second forward counts, not this one
    std::vector<torch::Tensor> all;
    for (const Piece& part : parts)
      all.push_back(network.forward(batch.input.narrow(0, part.first, part.count)));
    outputs = torch::cat(all);
    before.restore();
  }
  outputs.requires_grad_(true);
  const torch::Tensor value = loss(outputs, batch);
  value.backward();
  const torch::Tensor gradient = outputs.grad();
  for (const Piece& part : parts)
    network.forward(batch.input.narrow(0, part.first, part.count))
        .backward(gradient.narrow(0, part.first, part.count));
  return value.detach();
}

torch::Tensor addGradientsWithinMemory(
    Network& network, const DeviceBatch& batch,
    const std::function<torch::Tensor(const torch::Tensor&, const DeviceBatch&)>& loss,
    int& pieces) {
  const BufferCopy before(network);
  for (;;) {
    try {
      return addGradients(network, batch, loss, pieces);
    } catch (const std::exception& fault) {
      const auto items = static_cast<int>(batch.input.size(0));
      if (!isOutOfMemory(fault) || pieces >= items) throw;
      pieces = std::min(2 * pieces, items);
    }
    // Outside the handler: what was thrown may hold on to memory.
    before.restore();
    clearGradients(network);
  }
}

void overPieces(std::int64_t items,
                const std::function<torch::Tensor(std::int64_t first, std::int64_t count)>& compute,
                const std::function<void(std::int64_t first, const torch::Tensor& output)>& use) {
  std::int64_t at_once = most_at_once;
  for (std::int64_t first = 0; first < items;) {
    const std::int64_t count = std::min(at_once, items - first);
    std::optional<torch::Tensor> output;
    try {
      output = compute(first, count);
    } catch (const std::exception& fault) {
      if (!isOutOfMemory(fault) || count == 1) throw;
      at_once = (count + 1) / 2;
      continue;
    }
    use(first, *output);
    first += count;
  }
}

}  // namespace gadolin::ml
