#pragma once
// The loop that all four trainings share: batches made ahead in a second thread, AdamW, running
// mean, validation, checkpoints, events, commands.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/run/run_folder.h"
#include "core/run/settings.h"
#include "ml/train/checkpoint.h"
#include "ml/train/reporter.h"

namespace gadolin::ml {

/// A batch in plain memory, made in another thread: no LibTorch call may be needed for it.
struct Batch {
  int count = 0, channels = 0, side = 0;
  std::vector<float> input;       // [count, channels, side, side]
  std::vector<float> target;      // [count, side, side] classes or 0/1, or [bags] for a classifier
  std::vector<float> region;      // [count, side, side] weight or pooling map; may be empty
  std::vector<std::int64_t> bag;  // [count] which answer a slice belongs to; of a classifier
  std::vector<float> weight;      // of each answer or slice in the loss; empty: all weigh one
};

/// The same on the device.
struct DeviceBatch {
  torch::Tensor input, target, region, bag, weight;
};

struct Validation {
  double loss = 0;
  std::optional<double> dice, auroc;
  double score = 0;  // larger is better; decides what is best
};

struct StagePlan {
  std::string name;  // "myocardium"
  int epochs = 1;
  int extra_epochs = 0;  // of these, asked for when the run had finished: a finished stage goes on
  double learning_rate = 1e-3;
  std::size_t items = 0;
  std::size_t batch = 0;                      // items in a step; 0: train.batch
  std::string batch_setting = "train.batch";  // what a person changes to make a step smaller
  std::function<NetworkPtr()> make_network;
  /// What a person calls an item of that epoch: stack and slice. May be empty.
  std::function<std::string(std::size_t item, int epoch)> name_of;
  /// Thread: not the one that trains.
  std::function<Batch(std::span<const std::size_t> items, int epoch)> make_batch;
  std::function<torch::Tensor(const torch::Tensor& output, const DeviceBatch& batch)> loss;
  /// Empty when there is nothing to validate on. Gets the averaged network in evaluation mode.
  std::function<Validation(Network& network, int epoch)> validate;
};

struct TrainContext {
  run::RunFolder folder;
  const run::Settings* settings = nullptr;
  std::uint64_t seed = 0;
  torch::Device device{torch::kCPU};
  Reporter* reporter = nullptr;
};

DeviceBatch toDevice(const Batch& batch, torch::Device device);

/// Trains, or goes on from <stage>.latest when it exists. Returns the network to predict with, in
/// evaluation mode.
///
/// A batch that is more than the memory holds is taken in pieces from there on, with the warning
/// "smaller-batch" (ml/train/memory.h); when one slice is too much, what LibTorch threw comes out.
/// A full disk is waited for (ml/train/disk_room.h).
/// Errors: Cancelled (a checkpoint is written, unless the disk is full), Internal for a loss or
/// weights that are no longer numbers, with stage, epoch, step and slices (the checkpoint before
/// stays), and what writing gives.
Result<NetworkPtr> trainStage(const StagePlan& plan, const TrainContext& context);

}  // namespace gadolin::ml
