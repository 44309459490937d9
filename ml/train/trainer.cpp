#include "ml/train/trainer.h"

#include <chrono>
#include <cmath>
#include <future>
#include <numeric>

#include "ml/data/window.h"

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

torch::Tensor onDevice(const std::vector<float>& values, at::IntArrayRef shape, torch::Device device) {
  if (values.empty()) return {};
  auto* data = const_cast<float*>(values.data());  // only copied from
  const torch::Tensor view = torch::from_blob(data, shape, torch::kFloat32);
  return device.is_cpu() ? view.clone() : view.to(device);
}

class Training {
 public:
  Training(const StagePlan& plan, const TrainContext& context)
      : plan_(plan), context_(context), settings_(*context.settings) {
    const auto batch = plan.batch > 0 ? plan.batch
                                      : static_cast<std::size_t>(settings_.integer("train.batch"));
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
    }
    if (!progress.finished) {
      while (progress.epoch < plan_.epochs) {
        GADOLIN_CHECK(trainEpoch(stream));
        if (stop_ && progress.epoch < plan_.epochs) return cancelled();
      }
      progress.finished = true;
      GADOLIN_CHECK(save("latest", std::nullopt));
      if (stop_) return cancelled();
    }
    const bool best = std::filesystem::exists(path("best"), ignored);
    GADOLIN_CHECK(readWeights(path(best ? "best" : "latest"), *state_.average));
    return state_.average;
  }

 private:
  [[nodiscard]] std::filesystem::path path(const char* role) const {
    return context_.folder.checkpoint(plan_.name, role);
  }

  static Error cancelled() { return {ErrorCode::Cancelled, "Stopped as asked; the run can be resumed."}; }

  Result<void> save(const char* role, std::optional<double> metric) {
    GADOLIN_CHECK(writeCheckpoint(path(role), state_));
    context_.reporter->emit(run::CheckpointSaved{
        plan_.name, state_.progress.epoch, role,
        path(role).lexically_relative(context_.folder.root).string(), metric});
    return {};
  }

  /// Reads all commands that wait. True: leave now.
  Result<bool> obey() {
    while (const auto command = context_.reporter->poll()) {
      switch (*command) {
        case run::Command::Cancel:
          GADOLIN_CHECK(save("latest", std::nullopt));
          return true;
        case run::Command::StopAfterEpoch: stop_ = true; break;
        case run::Command::CheckpointNow: GADOLIN_CHECK(save("latest", std::nullopt)); break;
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
    const auto make = [&](int step) {
      return std::async(std::launch::async, [this, &order, step, epoch] {
        return plan_.make_batch(
            std::span(order).subspan(static_cast<std::size_t>(step) * batch_size_, batch_size_), epoch);
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
      const DeviceBatch device_batch = toDevice(batch, context_.device);
      const torch::Tensor loss =
          plan_.loss(state_.network->forward(device_batch.input), device_batch);
      loss.backward();
      rate = learningRateAt(state_.optimiser->steps(), static_cast<std::int64_t>(steps_) * plan_.epochs,
                            settings_.integer("train.warmup_steps"),
                            settings_.choice("train.schedule") == "cosine", plan_.learning_rate);
      state_.optimiser->step(rate);
      updateAverage(*state_.average, *state_.network, settings_.real("train.ema"),
                    state_.optimiser->steps());
      const double value = loss.item<double>();
      if (!std::isfinite(value))
        return Error{ErrorCode::Internal, "The loss of stage " + plan_.name +
                                              " is no longer a number: lower " + plan_.name +
                                              ".learning_rate and train again."};
      progress.loss_sum += value;
      images += batch.count;
      progress.step = step + 1;
      const bool last = step + 1 == steps_;
      if (last || secondsSince(last_batch_event_) >= 0.1) {
        last_batch_event_ = Clock::now();
        context_.reporter->emit(run::Batch{plan_.name, epoch, step + 1, steps_, value,
                                           static_cast<double>(batch.count) /
                                               std::max(secondsSince(step_start), 1e-6)});
      }
      if (!last) {
        GADOLIN_TRY(const bool leave, obey());
        if (leave) return cancelled();
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
    if (leave && epoch < plan_.epochs) return cancelled();
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
  result.input = onDevice(batch.input, {batch.count, batch.channels, batch.side, batch.side}, device);
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
