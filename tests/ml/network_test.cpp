#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ml/cascade/losses.h"
#include "ml/cascade/stages.h"
#include "ml/model/drn.h"
#include "ml/model/unet.h"
#include "ml/model/warm_start.h"
#include "ml/train/checkpoint.h"
#include "tests/support/temp_folder.h"

namespace gadolin::ml {
namespace {

TEST(UNet, HasTheParametersOfTheReference) {
  EXPECT_EQ(parameterCount(UNet({1, 1, 32})), 7765409);
  EXPECT_EQ(parameterCount(UNet({2, 1, 32})), 7765697);
}

TEST(Drn, HasTheParametersOfTheReference) {
  EXPECT_EQ(parameterCount(Drn({1, 1.0})), 2142353);
  EXPECT_EQ(parameterCount(Drn({2, 1.0})), 2143137);
}

TEST(UNet, GivesOneLogitAPixelAndClass) {
  const torch::NoGradGuard no_grad;
  UNet network({2, 3, 4});
  EXPECT_EQ(network.forward(torch::randn({2, 2, 48, 32})).sizes(), (at::IntArrayRef{2, 3, 48, 32}));
}

TEST(Drn, MapIsAQuarterOfTheInputAndReactsWhereTheInputChanges) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  Drn network({1, 0.25});
  network.eval();
  const torch::Tensor flat = torch::zeros({1, 1, 96, 96});
  torch::Tensor spot = flat.clone();
  spot.slice(2, 80, 88).slice(3, 8, 16).fill_(5);
  const torch::Tensor change = (network.forward(spot) - network.forward(flat)).abs()[0][0];
  ASSERT_EQ(change.sizes(), (at::IntArrayRef{24, 24}));
  const auto peak = change.argmax().item<std::int64_t>();
  EXPECT_NEAR(static_cast<double>(peak / 24), 20.5, 3) << "row of the map";
  EXPECT_NEAR(static_cast<double>(peak % 24), 2.5, 3) << "column of the map";
}

TEST(Networks, LogitsDoNotDependOnTheRestOfTheBatch) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(2);
  UNet unet({1, 1, 8});
  Drn drn({1, 0.25});
  unet.eval();
  drn.eval();
  const torch::Tensor x = torch::randn({5, 1, 48, 48});
  EXPECT_TRUE(torch::allclose(unet.forward(x)[3], unet.forward(x.slice(0, 3, 4))[0], 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(drn.forward(x)[3], drn.forward(x.slice(0, 3, 4))[0], 1e-4, 1e-4));
}

TEST(WarmStart, BeginsWithTheFeaturesOfStageAWhateverTheSecondChannelHolds) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(3);
  UNet heart({1, 3, 4});
  heart.forward(torch::randn({4, 1, 32, 32}));  // running statistics that are not those of a new one
  UNet fibrosis({2, 1, 4});
  ASSERT_TRUE(startFrom(fibrosis, heart));
  heart.eval();
  fibrosis.eval();
  // The one output of the new head is set to the third of the other's, which shows the features.
  const auto head_of = [](UNet& network, const char* name) {
    return network.named_parameters()[std::string("head.") + name];
  };
  EXPECT_FALSE(torch::equal(head_of(fibrosis, "weight")[0], head_of(heart, "weight")[2]));
  head_of(fibrosis, "weight")[0].copy_(head_of(heart, "weight")[2]);
  head_of(fibrosis, "bias")[0].copy_(head_of(heart, "bias")[2]);
  const torch::Tensor image = torch::randn({2, 1, 32, 32});
  const torch::Tensor other = torch::randn({2, 1, 32, 32});
  EXPECT_TRUE(torch::allclose(fibrosis.forward(torch::cat({image, other}, 1)).select(1, 0),
                              heart.forward(image).select(1, 2), 1e-4, 1e-5));
}

TEST(WarmStart, LeavesANetworkOfAnotherWidthAsItWas) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(4);
  UNet heart({1, 3, 4});
  UNet wider({2, 1, 8});
  const torch::Tensor before = torch::nn::utils::parameters_to_vector(wider.parameters());
  EXPECT_FALSE(startFrom(wider, heart));
  EXPECT_TRUE(torch::equal(torch::nn::utils::parameters_to_vector(wider.parameters()), before));
}

TEST(Pooling, SumIsDividedByTheMapAndMeanByTheMask) {
  torch::Tensor map = torch::ones({1, 1, 8, 8});
  torch::Tensor mask = torch::zeros({1, 1, 8, 8});
  mask.slice(2, 0, 2).slice(3, 0, 4).fill_(1);
  EXPECT_FLOAT_EQ(poolInside(map, mask, false).item<float>(), 8.0F / 64.0F);
  EXPECT_FLOAT_EQ(poolInside(map, mask, true).item<float>(), 1.0F);
  EXPECT_LT(poolInside(map, torch::zeros({1, 1, 8, 8}), false).item<float>(), -5.0F)
      << "a slice without myocardium is negative, not undecided";
}

torch::Tensor pooled(std::initializer_list<float> logits, std::initializer_list<std::int64_t> bag,
                     StackPooling rule) {
  const std::vector<std::int64_t> of(bag);
  return poolBags(torch::tensor(std::vector<float>(logits)), torch::tensor(of, torch::kInt64),
                  *std::max_element(of.begin(), of.end()) + 1, rule);
}

TEST(StackPooling, TheLogitOfAStackDoesNotDependOnItsNeighboursInTheBatch) {
  // The reference pads every stack to 15 slices and divides by 15; here a stack of 2 slices has one
  // logit, alone and beside one of 5.
  for (const auto rule : {StackPooling::Mean, StackPooling::Max, StackPooling::LogSumExp,
                          StackPooling::NoisyOr}) {
    const float alone = pooled({0.5F, -1.5F}, {0, 0}, rule).item<float>();
    const torch::Tensor beside =
        pooled({3, 0.5F, 4, -1.5F, 5, 6, 7}, {1, 0, 1, 0, 1, 1, 1}, rule);
    EXPECT_FLOAT_EQ(beside[0].item<float>(), alone);
    EXPECT_FLOAT_EQ(pooled({0.7F}, {0}, rule).item<float>(), 0.7F) << "one slice is a stack too";
  }
}

TEST(StackPooling, MeanIsThePapersSumOverAllSlices) {
  torch::manual_seed(5);
  const torch::Tensor map = torch::randn({3, 1, 56, 56});
  torch::Tensor mask = torch::rand({3, 1, 56, 56}).gt(0.8).to(torch::kFloat32);
  mask[1].zero_();  // a slice without myocardium adds nothing
  const double paper = (map * mask).sum().item<double>() / (3 * 3136);
  const torch::Tensor logits = poolInside(map, mask, false);
  EXPECT_NEAR(poolBags(logits, torch::zeros({3}, torch::kInt64), 1, StackPooling::Mean)
                  .item<double>(),
              paper, 1e-6);
  EXPECT_FLOAT_EQ(pooled({-10, -10}, {0, 0}, StackPooling::Mean).item<float>(), -10.0F);
}

TEST(StackPooling, NoisyOrIsOneMinusTheProductOfWhatEachSliceDenies) {
  const auto p = [](double logit) { return 1 / (1 + std::exp(-logit)); };
  const double any = 1 - (1 - p(0.3)) * (1 - p(-2)) * (1 - p(1.1));
  EXPECT_NEAR(pooled({0.3F, -2, 1.1F}, {0, 0, 0}, StackPooling::NoisyOr).item<double>(),
              std::log(any / (1 - any)), 1e-5);
  EXPECT_NEAR(pooled({60, -60}, {0, 0}, StackPooling::NoisyOr).item<double>(), 60, 1e-4);
  EXPECT_NEAR(pooled({0, 0}, {0, 0}, StackPooling::LogSumExp).item<double>(), 0, 1e-6);
}

TEST(Pooling, MaskIsDilatedAveragedAndCut) {
  torch::Tensor p = torch::zeros({1, 1, 16, 16});
  p[0][0][5][5] = 0.9;  // 3x3 at 0.9 lies wholly in the cell of rows and columns 4..7: 8.1 / 16
  const torch::Tensor mask = poolingMask(p, 0.4);
  EXPECT_EQ(mask.sum().item<float>(), 1.0F);
  EXPECT_EQ(mask[0][0][1][1].item<float>(), 1.0F);
  EXPECT_EQ(poolingMask(p, 0.6).sum().item<float>(), 0.0F);
}

TEST(SegmentationLoss, PaperDiceIsOfTheWholeBatchWithSquares) {
  const torch::Tensor logits = torch::zeros({2, 1, 2, 2});  // p = 0.5 everywhere
  torch::Tensor target = torch::zeros({2, 2, 2});
  target[0][0][0] = 1;
  // 1 - (2 * 0.5 + 1) / (8 * 0.25 + 1 + 1)
  EXPECT_NEAR(segmentationLoss(logits, target, {}, true).item<double>(), 1 - 2.0 / 4.0, 1e-6);
  torch::Tensor region = torch::zeros({2, 2, 2});
  region[0][0][0] = 1;
  EXPECT_NEAR(segmentationLoss(logits, target, region, true).item<double>(), 1 - 2.0 / 2.25, 1e-6);
}

TEST(AdamW, FirstStepIsTheLearningRateAgainstTheSignOfTheGradient) {
  torch::Tensor w = torch::ones({3}, torch::requires_grad());
  AdamW optimiser({w}, 0);
  (w * torch::tensor({2.0F, -3.0F, 0.5F})).sum().backward();
  optimiser.step(0.1);
  EXPECT_TRUE(torch::allclose(w.detach(), torch::tensor({0.9F, 1.1F, 0.9F}), 1e-4));
  EXPECT_EQ(w.grad().abs().sum().item<float>(), 0.0F);
}

TEST(LearningRate, RisesThenFallsByACosine) {
  EXPECT_DOUBLE_EQ(learningRateAt(0, 100, 10, true, 1.0), 0.1);
  EXPECT_DOUBLE_EQ(learningRateAt(10, 100, 10, true, 1.0), 1.0);
  EXPECT_NEAR(learningRateAt(55, 100, 10, true, 1.0), 0.505, 1e-9);
  EXPECT_NEAR(learningRateAt(100, 100, 10, true, 1.0), 0.01, 1e-9);
  EXPECT_DOUBLE_EQ(learningRateAt(99, 100, 0, false, 0.5), 0.5);
}

TrainState smallState(std::uint64_t seed) {
  torch::manual_seed(seed);
  TrainState state;
  state.network = std::make_shared<UNet>(UNetOptions{1, 1, 2});
  state.average = std::make_shared<UNet>(UNetOptions{1, 1, 2});
  state.optimiser = std::make_shared<AdamW>(state.network->parameters(), 0.01);
  return state;
}

TEST(Checkpoint, ComesBackToTheBit) {
  test::TempFolder folder;
  const auto path = folder.path() / "myocardium.latest.safetensors";
  TrainState state = smallState(5);
  for (int i = 0; i < 3; ++i) {
    state.network->forward(torch::randn({2, 1, 16, 16})).square().mean().backward();
    state.optimiser->step(0.01);
    updateAverage(*state.average, *state.network, 0.9, i);
  }
  state.progress.stage = "myocardium";
  state.progress.seed = 77;
  state.progress.epoch = 4;
  state.progress.step = 2;
  state.progress.loss_sum = 0.1 + 0.2;
  state.progress.best = 0.8125;
  run::Epoch epoch;
  epoch.epoch = 1;
  epoch.train_loss = 1.0 / 3.0;
  state.progress.curve.push_back(epoch);
  ASSERT_TRUE(writeCheckpoint(path, state));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "myocardium.latest.json"));

  TrainState read = smallState(6);
  const auto result = readCheckpoint(path, read);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(read.progress.epoch, 4);
  EXPECT_EQ(read.progress.step, 2);
  EXPECT_EQ(read.progress.seed, 77U);
  EXPECT_EQ(read.progress.loss_sum, state.progress.loss_sum);
  EXPECT_EQ(read.progress.best, state.progress.best);
  ASSERT_EQ(read.progress.curve.size(), 1U);
  EXPECT_EQ(read.progress.curve[0].train_loss, 1.0 / 3.0);
  EXPECT_EQ(read.optimiser->steps(), 3);
  const auto same = [](const torch::Tensor& a, const torch::Tensor& b) {
    return a.numel() == b.numel() &&
           std::memcmp(a.data_ptr(), b.data_ptr(), static_cast<std::size_t>(a.numel()) * a.element_size()) == 0;
  };
  for (const auto& [a, b] : {std::pair{state.network, read.network}, {state.average, read.average}}) {
    const auto left = stateOf(*a), right = stateOf(*b);
    for (std::size_t i = 0; i < left.size(); ++i) EXPECT_TRUE(same(left[i].second, right[i].second)) << left[i].first;
  }
  for (std::size_t i = 0; i < state.optimiser->first().size(); ++i) {
    EXPECT_TRUE(same(state.optimiser->first()[i], read.optimiser->first()[i]));
    EXPECT_TRUE(same(state.optimiser->second()[i], read.optimiser->second()[i]));
  }
}

TEST(Checkpoint, OfOtherSettingsIsRefused) {
  test::TempFolder folder;
  const auto path = folder.path() / "x.safetensors";
  ASSERT_TRUE(writeCheckpoint(path, smallState(1)));
  UNet wider({1, 1, 4});
  EXPECT_EQ(readWeights(path, wider).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(readProgress(folder.path() / "none").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace gadolin::ml
