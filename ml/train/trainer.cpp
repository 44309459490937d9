#include "ml/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <numeric>

#include "ml/data/window.h"
#include "ml/train/disk_room.h"
#include "ml/train/memory.h"

namespace gadolin::ml {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::uint64_t streamOf(const std::string& stage) {
  std::uint64_t hash = 1469598103934665603ULL;  // FNV-1a
  for (const char c : stage) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

/// Threshold, figures and predictions are of the weights as they were before they are trained
/// longer.
Result<void> forgetResults(const run::RunFolder& folder) {
  for (const auto& path : {folder.metrics(), folder.predictions(), folder.calibration()}) {
    std::error_code code;
    std::filesystem::remove_all(path, code);
    if (code) return systemError(code.value(), "remove", path.string());
  }
  return {};
}

torch::Tensor onDevice(const std::vector<float>& values, at::IntArrayRef shape,
                       torch::Device device) {
  if (values.empty()) return {};
  auto* data = const_cast<float*>(values.data());  // only copied from
  const torch::Tensor view = torch::from_blob(data, shape, torch::kFloat32);
  return device.is_cpu() ? view.clone() : view.to(device);
}

class Training {
 public:
  Training(const StagePlan& plan, const TrainContext& context)
      : plan_(plan), context_(context), settings_(*context.settings) {
    const auto batch =
        plan.batch > 0 ? plan.batch : static_cast<std::size_t>(settings_.integer("train.batch"));
    batch_size_ = std::min(batch, plan.items);
    steps_ = static_cast<int>(plan.items / batch_size_);
  }

  Result<NetworkPtr> run() {
    const std::uint64_t stream = streamOf(plan_.name);
    torch::manual_seed(mixSeed(context_.seed, stream, 0, 0) >> 1);
    state_.network = plan_.make_network();
    state_.average = plan_.make_network();
    state_.network->to(context_.device);
    state_.average->to(context_.device);
    updateAverage(*state_.average, *state_.network, 0, 0);
    state_.optimiser = std::make_shared<AdamW>(state_.network->parameters(),
                                               settings_.real("train.optimiser_decay"));
    Progress& progress = state_.progress;
    progress.stage = plan_.name;
    progress.seed = context_.seed;
    std::error_code ignored;
    if (std::filesystem::exists(path("latest"), ignored)) {
      GADOLIN_CHECK(readCheckpoint(path("latest"), state_));
      if (progress.seed != context_.seed || progress.stage != plan_.name)
        return Error{ErrorCode::InvalidInput,
                     path("latest").string() + ": the checkpoint belongs to another run."};
      GADOLIN_CHECK(writePatiently(*context_.reporter, path("latest"),
                                   [this] { return writeSidecar(path("latest"), state_); }));
    }
    if (plan_.extra_epochs > 0 && progress.epoch < plan_.epochs) {
      progress.finished = false;
      GADOLIN_CHECK(forgetResults(context_.folder));
    }
    if (!progress.finished) {
      while (progress.epoch < plan_.epochs) {
        GADOLIN_CHECK(trainEpoch(stream));
        if (stop_ && progress.epoch < plan_.epochs) return stoppedAsAsked();
      }
      progress.finished = true;
      GADOLIN_CHECK(save("latest", std::nullopt));
      if (stop_) return stoppedAsAsked();
    }
    const bool best = std::filesystem::exists(path("best"), ignored);
    GADOLIN_CHECK(readWeights(path(best ? "best" : "latest"), *state_.average));
    return state_.average;
  }

 private:
  [[nodiscard]] std::filesystem::path path(const char* role) const {
    return context_.folder.checkpoint(plan_.name, role);
  }

  /// `leaving`: the worker was told to leave and does not wait for room on the disk.
  Result<void> save(const char* role, std::optional<double> metric, bool leaving = false) {
    GADOLIN_CHECK(checkWeights());
    const auto write = [this, role] { return writeCheckpoint(path(role), state_); };
    if (leaving) {
      const auto written = write();
      if (!written && written.error().code == ErrorCode::NoSpace) return withoutRoom(role);
      GADOLIN_CHECK(written);
    } else {
      GADOLIN_TRY(const Room room, writeWhenThereIsRoom(*context_.reporter, path(role), write));
      if (room == Room::ToldToLeave) return withoutRoom(role);
      stop_ = stop_ || room == Room::LeaveAfterEpoch;
    }
    context_.reporter->emit(
        run::CheckpointSaved{plan_.name, state_.progress.epoch, role,
                             path(role).lexically_relative(context_.folder.root).string(), metric});
    return {};
  }

  [[nodiscard]] Error withoutRoom(const char* role) const {
    return {ErrorCode::Cancelled, "Stopped as asked. The disk was full and " + path(role).string() +
                                      " could not be written: the run can be resumed from the "
                                      "checkpoint before it."};
  }

  /// Nothing that is no number ever replaces a checkpoint.
  [[nodiscard]] Result<void> checkWeights() const {
    const torch::NoGradGuard no_grad;
    for (const auto& network : {state_.network, state_.average})
      for (const auto& [name, tensor] : stateOf(*network))
        if (tensor.is_floating_point() && !torch::isfinite(tensor).all().item<bool>())
          return Error{ErrorCode::Internal, "The weights of stage " + plan_.name + " (" + name +
                                                ") are no longer numbers after epoch " +
                                                std::to_string(state_.progress.epoch) + ", step " +
                                                std::to_string(state_.progress.step) +
                                                ". The last good checkpoint is kept. " + advice()};
    return {};
  }

  [[nodiscard]] std::string advice() const {
    return "Lower " + plan_.name + ".learning_rate and train again.";
  }

  /// Which slices were in a batch, those with grey values that are no numbers first of all.
  [[nodiscard]] std::string slicesOf(std::span<const std::size_t> items, const Batch& batch,
                                     int epoch) const {
    if (!plan_.name_of) return std::to_string(batch.count) + " items";
    std::string all, broken;
    if (!batch.bag.empty()) {  // an item is several slices
      for (const std::size_t item : items)
        all += (all.empty() ? "" : ", ") + plan_.name_of(item, epoch);
      return all;
    }
    const std::size_t size =
        batch.input.size() / static_cast<std::size_t>(std::max(batch.count, 1));
    for (std::size_t n = 0; n < static_cast<std::size_t>(batch.count); ++n) {
      const auto values = std::span(batch.input).subspan(n * size, size);
      const bool bad = !std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
      std::string& list = bad ? broken : all;
      list += (list.empty() ? "" : ", ") + plan_.name_of(items[n], epoch);
    }
    return broken.empty() ? all : broken + " (whose grey values are no numbers)";
  }

  /// One step: gradients, in pieces where memory ends. The value of the loss.
  Result<double> step(const Batch& batch, std::span<const std::size_t> items, int epoch, int step) {
    const DeviceBatch on_device = toDevice(batch, context_.device);
    int pieces = state_.progress.pieces;
    const torch::Tensor loss =
        addGradientsWithinMemory(*state_.network, on_device, plan_.loss, pieces);
    if (pieces > state_.progress.pieces) {
      state_.progress.pieces = pieces;
      const int most = (batch.count + pieces - 1) / pieces;
      context_.reporter->emit(run::Warning{
          "smaller-batch",
          "The memory is too small for " + std::to_string(batch.count) + " slices of stage " +
              plan_.name + " at once. They are taken " + std::to_string(most) +
              " at a time from here on: the loss and its gradients are still those of the whole "
              "batch, batch normalisation sees " +
              std::to_string(most) + " slices, and a step takes longer. A smaller " +
              plan_.batch_setting + " avoids that."});
    }
    const double value = loss.item<double>();
    if (!std::isfinite(value))
      return Error{ErrorCode::Internal,
                   "The loss of stage " + plan_.name + " is no longer a number in epoch " +
                       std::to_string(epoch) + ", step " + std::to_string(step + 1) + " of " +
                       std::to_string(steps_) +
                       ". Its batch was: " + slicesOf(items, batch, epoch) +
                       ". The last good checkpoint is kept. " + advice()};
    return value;
  }

  /// Reads all commands that wait. True: leave now.
  Result<bool> obey() {
    while (const auto command = context_.reporter->poll()) {
      switch (*command) {
        case run::Command::Cancel:
          GADOLIN_CHECK(save("latest", std::nullopt, true));
          return true;
        case run::Command::StopAfterEpoch:
          stop_ = true;
          break;
        case run::Command::CheckpointNow:
          GADOLIN_CHECK(save("latest", std::nullopt));
          break;
      }
    }
    return false;
  }

  Result<void> trainEpoch(std::uint64_t stream) {
    Progress& progress = state_.progress;
    const int epoch = progress.epoch + 1;
    const auto start = Clock::now();
    std::vector<std::size_t> order(plan_.items);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random random(mixSeed(context_.seed, stream, 1, static_cast<std::uint64_t>(epoch)));
    random.shuffle(order);
    const auto itemsOf = [&](int step) {
      return std::span<const std::size_t>(order).subspan(
          static_cast<std::size_t>(step) * batch_size_, batch_size_);
    };
    const auto make = [&](int step) {
      return std::async(std::launch::async, [this, items = itemsOf(step), epoch] {
        return plan_.make_batch(items, epoch);
      });
    };
    auto next = make(progress.step);
    double wait_s = 0, rate = 0;
    int images = 0;
    state_.network->train();
    for (int step = progress.step; step < steps_; ++step) {
      const auto step_start = Clock::now();
      const Batch batch = next.get();
      wait_s += secondsSince(step_start);
      if (step + 1 < steps_) next = make(step + 1);
      GADOLIN_TRY(const double value, this->step(batch, itemsOf(step), epoch, step));
      rate = learningRateAt(state_.optimiser->steps(),
                            static_cast<std::int64_t>(steps_) * plan_.epochs,
                            settings_.integer("train.warmup_steps"),
                            settings_.choice("train.schedule") == "cosine", plan_.learning_rate);
      state_.optimiser->step(rate);
      updateAverage(*state_.average, *state_.network, settings_.real("train.ema"),
                    state_.optimiser->steps());
      progress.loss_sum += value;
      images += batch.count;
      progress.step = step + 1;
      const bool last = step + 1 == steps_;
      if (last || secondsSince(last_batch_event_) >= 0.1) {
        last_batch_event_ = Clock::now();
        context_.reporter->emit(run::Batch{
            plan_.name, epoch, step + 1, steps_, value,
            static_cast<double>(batch.count) / std::max(secondsSince(step_start), 1e-6)});
      }
      if (!last) {
        GADOLIN_TRY(const bool leave, obey());
        if (leave) return stoppedAsAsked();
      }
    }
    run::Epoch record;
    record.stage = plan_.name;
    record.epoch = epoch;
    record.epochs = plan_.epochs;
    record.train_loss = progress.loss_sum / steps_;
    record.learning_rate = rate;
    record.data_wait_s = wait_s;
    record.images_per_s = images / std::max(secondsSince(start), 1e-6);
    std::optional<double> score;
    const auto every = settings_.integer("train.validate_every");
    if (plan_.validate && (epoch % every == 0 || epoch == plan_.epochs || epoch == 1)) {
      const torch::NoGradGuard no_grad;
      state_.average->eval();
      const Validation validation = plan_.validate(*state_.average, epoch);
      record.val_loss = validation.loss;
      record.val_dice = validation.dice;
      record.val_auroc = validation.auroc;
      score = validation.score;
    }
    record.seconds = secondsSince(start);
    progress.epoch = epoch;
    progress.step = 0;
    progress.loss_sum = 0;
    progress.curve.push_back(record);
    context_.reporter->emit(record);
    if (score && settings_.flag("train.keep_best") && (!progress.best || *score > *progress.best)) {
      progress.best = score;
      progress.best_epoch = epoch;
      GADOLIN_CHECK(save("best", score));
    }
    // First the commands: one that came during validation says that this epoch is the last.
    GADOLIN_TRY(const bool leave, obey());
    if (leave && epoch < plan_.epochs) return stoppedAsAsked();
    stop_ = stop_ || leave;
    // A checkpoint costs little next to an epoch of a real cohort, but not next to one of a second.
    if (secondsSince(last_save_) > 15 || epoch == plan_.epochs || stop_) {
      last_save_ = Clock::now();
      GADOLIN_CHECK(save("latest", score));
    }
    return {};
  }

  const StagePlan& plan_;
  const TrainContext& context_;
  const run::Settings& settings_;
  TrainState state_;
  std::size_t batch_size_ = 1;
  int steps_ = 1;
  bool stop_ = false;
  Clock::time_point last_batch_event_{};
  Clock::time_point last_save_ = Clock::now();
};

}  // namespace

DeviceBatch toDevice(const Batch& batch, torch::Device device) {
  DeviceBatch result;
  result.input =
      onDevice(batch.input, {batch.count, batch.channels, batch.side, batch.side}, device);
  const auto answers = static_cast<std::int64_t>(batch.target.size());
  result.target = batch.bag.empty()
                      ? onDevice(batch.target, {batch.count, batch.side, batch.side}, device)
                      : onDevice(batch.target, {answers}, device);
  result.region = onDevice(batch.region, {batch.count, batch.side, batch.side}, device);
  result.weight = onDevice(batch.weight, {static_cast<std::int64_t>(batch.weight.size())}, device);
  if (!batch.bag.empty()) result.bag = torch::tensor(batch.bag, torch::kInt64).to(device);
  return result;
}

Result<NetworkPtr> trainStage(const StagePlan& plan, const TrainContext& context) {
  if (plan.items == 0)
    return Error{ErrorCode::InvalidInput, "There is nothing to train stage " + plan.name + " on."};
  return Training(plan, context).run();
}

}  // namespace gadolin::ml
