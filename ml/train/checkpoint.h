#pragma once
// <stage>.latest and <stage>.best: the whole state of a training in one safetensors file, so that
// it goes on to the bit where it stopped. A .json beside it tells a person the same.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/run/event.h"
#include "ml/train/optimiser.h"

namespace gadolin::ml {

/// Where a training stands. Every random draw depends on (seed, stage, epoch, item) alone, so these
/// counters are the random state.
struct Progress {
  std::string stage;
  std::uint64_t seed = 0;
  int epoch = 0;               // epochs done
  int step = 0;                // steps done of the next one
  double loss_sum = 0;         // of these steps
  std::optional<double> best;  // score of the best epoch so far
  int best_epoch = 0;
  bool finished = false;
  int pieces = 1;                 // in which a batch is taken, for want of memory
  std::vector<run::Epoch> curve;  // one per epoch done
};

struct TrainState {
  NetworkPtr network, average;
  std::shared_ptr<AdamW> optimiser;
  Progress progress;
};

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;
/// float32 and int64 tensors of any device as a safetensors file.
Result<void> writeTensors(const std::filesystem::path& path, const NamedTensors& tensors,
                          const std::map<std::string, std::string>& metadata);

/// Tensors network.*, average.*, adam.first.<i>, adam.second.<i>; progress as JSON in the metadata.
Result<void> writeCheckpoint(const std::filesystem::path& path, const TrainState& state);

/// The .json beside `path` alone: what a worker that was killed between the two files left undone.
Result<void> writeSidecar(const std::filesystem::path& path, const TrainState& state);

/// Reads into the tensors of `state`, which must be of the same shapes; Corrupt or InvalidInput
/// with the first name that does not fit.
Result<void> readCheckpoint(const std::filesystem::path& path, TrainState& state);

/// Progress alone; NotFound when there is no checkpoint.
Result<Progress> readProgress(const std::filesystem::path& path);

/// The averaged weights, which are the ones to predict with.
Result<void> readWeights(const std::filesystem::path& path, Network& network);

}  // namespace gadolin::ml
