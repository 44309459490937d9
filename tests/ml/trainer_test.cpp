// The loop of all stages where something goes wrong: memory, numbers, disk.

#include "ml/train/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <new>
#include <numeric>
#include <stdexcept>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/base/safetensors.h"
#include "ml/cascade/losses.h"
#include "ml/model/unet.h"
#include "ml/train/disk_room.h"
#include "ml/train/memory.h"
#include "tests/ml/memory_bound.h"
#include "tests/support/temp_folder.h"

namespace gadolin::ml {
namespace {

class Listener : public Reporter {
 public:
  void emit(run::EventBody body) override { events.push_back(std::move(body)); }
  std::optional<run::Command> poll() override { return std::exchange(command, std::nullopt); }
  [[nodiscard]] std::vector<std::string> warnings() const {
    std::vector<std::string> codes;
    for (const auto& event : events)
      if (const auto* one = std::get_if<run::Warning>(&event)) codes.push_back(one->code);
    return codes;
  }
  std::vector<run::EventBody> events;
  std::optional<run::Command> command;
};

/// Three convolutions, with or without batch normalisation between them.
class SmallNet : public Network {
 public:
  explicit SmallNet(bool normalised) {
    torch::nn::Sequential layers;
    for (const int in : {1, 8}) {
      layers->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, 8, 3).padding(1)));
      if (normalised) layers->push_back(torch::nn::BatchNorm2d(8));
      layers->push_back(torch::nn::ReLU());
    }
    layers->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(8, 1, 1)));
    layers_ = register_module("layers", layers);
  }
  torch::Tensor forward(torch::Tensor x) override { return layers_->forward(x); }

 private:
  torch::nn::Sequential layers_{nullptr};
};

constexpr int side = 48;

DeviceBatch someBatch(int count) {
  torch::manual_seed(4);
  DeviceBatch batch;
  batch.input = torch::randn({count, 1, side, side});
  batch.target = batch.input.squeeze(1).gt(0.5).to(torch::kFloat32);
  return batch;
}

torch::Tensor diceAndEntropy(const torch::Tensor& output, const DeviceBatch& batch) {
  return segmentationLoss(output, batch.target, {}, false);
}

/// All gradients in one row after one step.
torch::Tensor gradientsOf(bool normalised, int pieces, double* loss = nullptr) {
  torch::manual_seed(3);
  SmallNet network(normalised);
  network.train();
  const torch::Tensor value = addGradients(network, someBatch(8), diceAndEntropy, pieces);
  if (loss != nullptr) *loss = value.item<double>();
  std::vector<torch::Tensor> all;
  for (const auto& parameter : network.parameters()) all.push_back(parameter.grad().reshape(-1));
  return torch::cat(all);
}

double difference(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).norm() / a.norm()).item<double>();
}

TEST(BatchInPieces, GivesTheGradientOfTheWholeBatchThoughDiceIsNoSumOverSlices) {
  double whole_loss = 0, pieces_loss = 0;
  const torch::Tensor whole = gradientsOf(false, 1, &whole_loss);
  for (const int pieces : {2, 3, 8}) {
    EXPECT_LT(difference(whole, gradientsOf(false, pieces, &pieces_loss)), 1e-5) << pieces;
    EXPECT_NEAR(whole_loss, pieces_loss, 1e-6) << pieces;
  }
}

TEST(BatchInPieces, BatchNormalisationSeesThePieceAndThatIsASmallDifference) {
  const torch::Tensor whole = gradientsOf(true, 1);
  const double off = difference(whole, gradientsOf(true, 2));
  std::printf("gradient of 2 pieces of 4 against 8 at once, with batch normalisation: %.4f\n", off);
  EXPECT_GT(off, 1e-5) << "were it none, the documentation would say too little";
  EXPECT_LT(off, 0.1);
}

TEST(BatchInPieces, RunningStatisticsCountEachSliceOnce) {
  torch::manual_seed(3);
  SmallNet network(true);
  addGradients(network, someBatch(8), diceAndEntropy, 4);
  for (const auto& buffer : network.named_buffers(true)) {
    if (!buffer.key().ends_with("num_batches_tracked")) continue;
    EXPECT_EQ(buffer.value().item<std::int64_t>(), 4) << "the forward without a graph is undone";
  }
}

/// A network that is asked about so many items at once at most.
class Narrow {
 public:
  explicit Narrow(std::int64_t most) : most_(most) {}
  void ask(std::int64_t items) {
    overPieces(
        items,
        [this](std::int64_t first, std::int64_t count) {
          ++calls;
          if (count > most_) throw std::bad_alloc();
          return torch::arange(first, first + count);
        },
        [this](std::int64_t first, const torch::Tensor& output) {
          EXPECT_EQ(first, static_cast<std::int64_t>(seen.size()));
          pieces.push_back(output.size(0));
          for (std::int64_t i = 0; i < output.size(0); ++i)
            seen.push_back(output[i].item<std::int64_t>());
        });
  }
  std::vector<std::int64_t> seen, pieces;
  int calls = 0;

 private:
  std::int64_t most_;
};

TEST(OverPieces, WhereMemoryEndsEveryItemIsAskedOnceAndInOrderInSmallerPieces) {
  for (const std::int64_t most : {1, 3, 5, 16, 100})
    for (const std::int64_t items : {1, 2, 16, 17, 37}) {
      Narrow network(most);
      network.ask(items);
      std::vector<std::int64_t> all(static_cast<std::size_t>(items));
      std::iota(all.begin(), all.end(), 0);
      EXPECT_EQ(network.seen, all) << most << " of " << items;
      for (const std::int64_t piece : network.pieces)
        EXPECT_LE(piece, std::min(most, most_at_once)) << most << " of " << items;
    }
  Narrow nothing(1);
  nothing.ask(0);
  EXPECT_EQ(nothing.calls, 0);
  // 16, 8 and 4 are tried, and then 4 at a time: what was too much is not asked for again.
  Narrow network(5);
  network.ask(37);
  EXPECT_EQ(network.calls, 2 + 10);
}

TEST(OverPieces, OneItemThatIsTooMuchAndOtherFaultsAreToldOf) {
  Narrow network(0);
  EXPECT_THROW(network.ask(20), std::bad_alloc);
  EXPECT_EQ(network.calls, 5) << "16, 8, 4, 2, 1";
  EXPECT_TRUE(network.seen.empty());
  int calls = 0;
  EXPECT_THROW(overPieces(
                   20,
                   [&calls](std::int64_t, std::int64_t) -> torch::Tensor {
                     ++calls;
                     throw std::runtime_error("shape '[2, 3]' is invalid");
                   },
                   [](std::int64_t, const torch::Tensor&) {}),
               std::runtime_error);
  EXPECT_EQ(calls, 1) << "no smaller piece mends that";
}

TEST(OutOfMemory, IsKnownByWhatIsThrown) {
  EXPECT_TRUE(isOutOfMemory(std::bad_alloc()));
  EXPECT_TRUE(isOutOfMemory(std::runtime_error("CUDA out of memory. Tried to allocate 20 MiB")));
  EXPECT_FALSE(isOutOfMemory(std::runtime_error("shape '[2, 3]' is invalid")));
}

/// Trains a small U-Net on noise in a folder of its own.
class TrainerTest : public ::testing::Test {
 protected:
  TrainerTest() {
    settings_ = run::Settings::preset("quick").value();
    for (const auto& [key, value] : {std::pair{"train.batch", "8"},
                                     {"train.validate_every", "1"},
                                     {"train.warmup_steps", "0"}})
      EXPECT_TRUE(settings_.set(key, value));
    context_.folder = {temporary_.path() / "run"};
    context_.settings = &settings_;
    context_.seed = 5;
    context_.reporter = &listener_;
    EXPECT_TRUE(makePrivateFolder(context_.folder.checkpoints()));
    plan_.name = "myocardium";
    plan_.epochs = 2;
    plan_.items = 16;
    plan_.make_network = [] { return std::make_shared<UNet>(UNetOptions{1, 1, 4}); };
    plan_.name_of = [](std::size_t item, int) { return "stack" + std::to_string(item); };
    plan_.make_batch = [](std::span<const std::size_t> items, int) {
      Batch batch;
      batch.count = static_cast<int>(items.size());
      batch.channels = 1;
      batch.side = side;
      for (const std::size_t item : items) {
        Random random(item + 1);
        for (int i = 0; i < side * side; ++i)
          batch.input.push_back(static_cast<float>(random.normal(0, 1)));
      }
      for (const float value : batch.input) batch.target.push_back(value > 0.5F ? 1 : 0);
      return batch;
    };
    plan_.loss = diceAndEntropy;
  }

  test::TempFolder temporary_;
  run::Settings settings_;
  Listener listener_;
  TrainContext context_;
  StagePlan plan_;
};

TEST_F(TrainerTest, TooLittleMemoryHalvesTheBatchSaysSoAndLearnsAlmostTheSame) {
  at::set_num_threads(1);
  test::MemoryBound bound;
  const std::size_t before = bound.used();
  ASSERT_TRUE(trainStage(plan_, context_));
  const std::size_t training = bound.peak() - before;
  const auto roomy = readProgress(context_.folder.checkpoint("myocardium", "latest"));
  ASSERT_TRUE(roomy);
  EXPECT_EQ(roomy->pieces, 1);
  const auto stepIn = [&bound](int pieces) {
    UNet network({1, 1, 4});
    const DeviceBatch batch = someBatch(8);
    const std::size_t held = bound.used();
    bound.forgetPeak();
    addGradients(network, batch, diceAndEntropy, pieces);
    return bound.peak() - held;
  };
  const std::size_t whole = stepIn(1), halves = stepIn(2);
  ASSERT_LT(halves, whole);
  context_.folder = {temporary_.path() / "tight"};
  ASSERT_TRUE(makePrivateFolder(context_.folder.checkpoints()));
  bound.allow(bound.used() + training - (whole - halves) / 2);
  const auto tight = trainStage(plan_, context_);
  bound.allow(std::numeric_limits<std::size_t>::max());
  ASSERT_TRUE(tight) << tight.error().message;
  EXPECT_GT(bound.refused(), 0U) << "the bound was never met";
  EXPECT_EQ(listener_.warnings(), std::vector<std::string>{"smaller-batch"});
  const auto progress = readProgress(context_.folder.checkpoint("myocardium", "latest"));
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->pieces, 2);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(progress->curve[i].train_loss, roomy->curve[i].train_loss, 0.02) << i;
}

TEST_F(TrainerTest, AResumedRunTakesItsBatchInTheSamePieces) {
  at::set_num_threads(1);
  context_.folder = {temporary_.path() / "broken"};
  ASSERT_TRUE(makePrivateFolder(context_.folder.checkpoints()));
  const auto normal = plan_.loss;
  int calls = 0;
  // Memory ends once, and what came to an end then is not asked for again.
  plan_.loss = [&](const torch::Tensor& output, const DeviceBatch& batch) {
    if (calls++ == 0) throw std::bad_alloc();
    return normal(output, batch);
  };
  plan_.batch_setting = "classifier.stacks_in_step";
  const int epochs = std::exchange(plan_.epochs, 1);
  ASSERT_TRUE(trainStage(plan_, context_));
  const auto warned = std::ranges::find_if(listener_.events, [](const run::EventBody& event) {
    return std::holds_alternative<run::Warning>(event);
  });
  ASSERT_NE(warned, listener_.events.end());
  const std::string text = std::get<run::Warning>(*warned).text;
  EXPECT_NE(text.find("A smaller classifier.stacks_in_step avoids that"), std::string::npos)
      << "the setting that says how large the step is: " << text;
  plan_.loss = normal;
  plan_.epochs = epochs;
  plan_.extra_epochs = 1;
  ASSERT_TRUE(trainStage(plan_, context_));
  EXPECT_EQ(readProgress(context_.folder.checkpoint("myocardium", "latest"))->pieces, 2);
  EXPECT_EQ(listener_.warnings().size(), 1U);
}

TEST_F(TrainerTest, ALossThatIsNoNumberStopsWithTheCheckpointBeforeItAndNamesTheSlices) {
  const auto make = plan_.make_batch;
  plan_.epochs = 3;
  std::string poisoned;
  plan_.make_batch = [&](std::span<const std::size_t> items, int epoch) {
    Batch batch = make(items, epoch);
    if (epoch == 2 && poisoned.empty()) {
      poisoned = "stack" + std::to_string(items[3]);
      batch.input[3U * side * side + 7] = std::numeric_limits<float>::infinity();
    }
    return batch;
  };
  const auto normal = plan_.loss;
  listener_.command = std::nullopt;
  plan_.validate = [&](Network&, int epoch) {
    if (epoch == 1) listener_.command = run::Command::CheckpointNow;
    return Validation{};
  };
  const auto trained = trainStage(plan_, context_);
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.error().code, ErrorCode::Internal);
  const std::string& text = trained.error().message;
  EXPECT_NE(text.find("stage myocardium"), std::string::npos) << text;
  EXPECT_NE(text.find("epoch 2, step 1 of 2"), std::string::npos) << text;
  EXPECT_NE(text.find("Its batch was: " + poisoned + " (whose grey values"), std::string::npos)
      << text;
  UNet good({1, 1, 4});
  ASSERT_TRUE(readWeights(context_.folder.checkpoint("myocardium", "latest"), good));
  for (const auto& [name, tensor] : stateOf(good))
    EXPECT_TRUE(torch::isfinite(tensor.to(torch::kFloat32)).all().item<bool>()) << name;
  EXPECT_EQ(readProgress(context_.folder.checkpoint("myocardium", "latest"))->epoch, 1);
}

TEST_F(TrainerTest, ALossOfWholeStacksThatIsNoNumberNamesTheStacks) {
  const auto make = plan_.make_batch;
  plan_.items = 4;
  plan_.batch = 2;
  plan_.name_of = [](std::size_t item,
                     int epoch) {  // what an item holds is another thing every epoch
    return "epoch " + std::to_string(epoch) + ": stack" + std::to_string(item);
  };
  plan_.make_batch = [&](std::span<const std::size_t> items, int epoch) {
    std::vector<std::size_t> slices;  // eight of each
    for (const std::size_t item : items) slices.insert(slices.end(), 8, item);
    Batch batch = make(slices, epoch);
    batch.target.assign(items.size(), 1);
    for (std::size_t n = 0; n < slices.size(); ++n)
      batch.bag.push_back(static_cast<std::int64_t>(n / 8));
    return batch;
  };
  plan_.loss = [](const torch::Tensor& output, const DeviceBatch& batch) {
    EXPECT_EQ(batch.target.size(0), 2);
    return output.mean() / 0;
  };
  const auto trained = trainStage(plan_, context_);
  ASSERT_FALSE(trained);
  const std::string& text = trained.error().message;
  const auto names = text.find("Its batch was: epoch 1: stack");
  ASSERT_NE(names, std::string::npos) << text;
  const std::string list = text.substr(names, text.find(". The last", names) - names);
  EXPECT_EQ(std::ranges::count(list, ','), 1) << list;
}

TEST_F(TrainerTest, WeightsThatAreNoNumbersReplaceNoCheckpoint) {
  plan_.epochs = 1;
  ASSERT_TRUE(trainStage(plan_, context_));
  const auto before = readFile(context_.folder.checkpoint("myocardium", "latest")).value();
  // A finite loss with an infinite gradient: the square root at nought.
  plan_.loss = [](const torch::Tensor& output, const DeviceBatch&) {
    return (output * 0).sqrt().mean();
  };
  plan_.epochs = 2;
  plan_.extra_epochs = 1;
  const auto trained = trainStage(plan_, context_);
  ASSERT_FALSE(trained);
  EXPECT_NE(trained.error().message.find("no longer"), std::string::npos)
      << trained.error().message;
  EXPECT_EQ(readFile(context_.folder.checkpoint("myocardium", "latest")).value(), before);
}

TEST(DiskRoom, WaitsSaysSoOnceAndObeysMeanwhile) {
  Listener listener;
  int tries = 0;
  const auto full_twice = [&]() -> Result<void> {
    if (++tries <= 2) return Error{ErrorCode::NoSpace, "full"};
    return {};
  };
  const auto pause = std::chrono::milliseconds(5);
  auto room = writeWhenThereIsRoom(listener, "/tmp/file", full_twice, pause);
  ASSERT_TRUE(room);
  EXPECT_EQ(*room, Room::Written);
  EXPECT_EQ(listener.warnings(), (std::vector<std::string>{"disk-full", "disk-room"}));

  const auto always = []() -> Result<void> { return Error{ErrorCode::NoSpace, "full"}; };
  listener.command = run::Command::Cancel;
  room = writeWhenThereIsRoom(listener, "/tmp/file", always, pause);
  ASSERT_TRUE(room);
  EXPECT_EQ(*room, Room::ToldToLeave);

  tries = 0;
  listener.command = run::Command::StopAfterEpoch;
  room = writeWhenThereIsRoom(listener, "/tmp/file", full_twice, pause);
  ASSERT_TRUE(room);
  EXPECT_EQ(*room, Room::LeaveAfterEpoch);

  const auto broken = []() -> Result<void> { return Error{ErrorCode::Io, "broken"}; };
  EXPECT_EQ(writeWhenThereIsRoom(listener, "/tmp/file", broken, pause).error().code, ErrorCode::Io);
}

}  // namespace
}  // namespace gadolin::ml
