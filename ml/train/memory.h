#pragma once
// What a step does when the memory is not enough for its batch.

#include <exception>
#include <functional>
#include <vector>

#include "ml/train/trainer.h"

namespace gadolin::ml {

/// True for what LibTorch and the C++ library throw when memory ends, of the machine or of a
/// device.
[[nodiscard]] bool isOutOfMemory(const std::exception& fault);

/// Running means and variances (and counts) of a network as they were when this was made.
class BufferCopy {
 public:
  explicit BufferCopy(const Network& network);
  void restore() const;

 private:
  std::vector<torch::Tensor> buffers_;  // those of the network
  std::vector<torch::Tensor> copies_;   // one flat tensor a type
};

/// Adds the gradients of one batch to those of the parameters; returns the loss, without a graph.
///
/// `pieces` 1: forward, loss, backward. More: as few slices at a time as that gives, and in memory
/// only what one piece needs, at the price of a second forward. The loss is still that of the whole
/// batch, whatever its form (Dice is no sum over slices): a first forward without a graph gives all
/// outputs, the loss of these gives dL/doutput, and each piece carries its share of that back (the
/// chain rule). What does not stay is batch normalisation, whose mean and variance are then of a
/// piece.
/// Throws what LibTorch throws; gradients may then be half added.
torch::Tensor addGradients(
    Network& network, const DeviceBatch& batch,
    const std::function<torch::Tensor(const torch::Tensor& output, const DeviceBatch& batch)>& loss,
    int pieces);

/// addGradients() in twice as many pieces as long as memory ends: `pieces` becomes what it took.
/// Gradients and running statistics of a try that failed are taken back. Rethrows when one slice is
/// too much.
torch::Tensor addGradientsWithinMemory(
    Network& network, const DeviceBatch& batch,
    const std::function<torch::Tensor(const torch::Tensor& output, const DeviceBatch& batch)>& loss,
    int& pieces);

/// Slices of which a network is asked at once where there are no gradients.
inline constexpr std::int64_t most_at_once = 16;

/// compute() for all items, as many at once as memory allows: most_at_once, half of them from there
/// on whenever it ends. use() gets each result once, in order. Rethrows when one item is too
/// much.
void overPieces(std::int64_t items,
                const std::function<torch::Tensor(std::int64_t first, std::int64_t count)>& compute,
                const std::function<void(std::int64_t first, const torch::Tensor& output)>& use);

}  // namespace gadolin::ml
