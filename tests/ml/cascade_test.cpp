#include "ml/cascade/cascade.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/ml/cascade_fixture.h"

namespace gadolin::ml {
namespace {

using test::CascadeTest;
using test::diceOf;
using test::expectSameWeights;
using test::ScriptedReporter;

TEST_F(CascadeTest, PixelSupervisionLearnsRingsAndPredictsThemInTheirOwnGrid) {
  auto config = test::ringConfig(run::Supervision::Pixel);
  for (const auto& [key, value] :
       {std::pair{"myocardium.epochs", "30"}, {"fibrosis.epochs", "30"}, {"myocardium.width", "8"},
        {"fibrosis.width", "8"}, {"myocardium.learning_rate", "0.01"}, {"fibrosis.learning_rate", "0.01"},
        {"train.validate_every", "10"}, {"augment.shift_mm", "0"}})
    ASSERT_TRUE(config.settings.set(key, value));
  ScriptedReporter reporter;
  const auto trained = train("pixel", config, reporter);
  ASSERT_TRUE(trained) << trained.error().message;
  std::vector<double> losses;
  for (const auto& epoch : reporter.all<run::Epoch>())
    if (epoch.stage == "myocardium") losses.push_back(epoch.train_loss);
  ASSERT_EQ(losses.size(), 30U);
  EXPECT_LT(losses.back(), 0.5 * losses.front());
  EXPECT_FALSE(reporter.all<run::Preview>().empty());
  EXPECT_EQ(reporter.all<run::StageBegin>().size(), 2U);
  ASSERT_TRUE(predict("pixel", config, reporter));
  EXPECT_EQ(reporter.all<run::PredictionSaved>().size(), cohort().stacks.size());
  EXPECT_GT(diceOf(folder("pixel"), "s8", cohort().masks[8], 2), 0.8) << "myocardium of the test patient";
  EXPECT_GT(diceOf(folder("pixel"), "s8", cohort().masks[8], 3), 0.7) << "fibrosis of the test patient";
  const auto file = SafetensorsFile::open(folder("pixel").prediction("s8"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->find("mask")->shape, (std::vector<std::int64_t>{3, 56, 56}));
  EXPECT_EQ(file->find("cam"), nullptr) << "there is no classifier under pixel supervision";
}

TEST_F(CascadeTest, SliceSupervisionRunsEveryStageAndNeverSeesPixelLabels) {
  const auto config = test::ringConfig(run::Supervision::Slice);
  ScriptedReporter first;
  ASSERT_TRUE(train("with", config, first));
  std::vector<std::string> stages;
  for (const auto& stage : first.all<run::StageBegin>()) stages.push_back(stage.stage);
  EXPECT_EQ(stages, (std::vector<std::string>{"myocardium", "classifier", "pseudo-masks", "fibrosis"}));
  ASSERT_TRUE(predict("with", config, first));
  const auto file = SafetensorsFile::open(folder("with").prediction("s0"));
  ASSERT_TRUE(file);
  ASSERT_NE(file->find("cam"), nullptr);
  ASSERT_NE(file->find("slice_probability"), nullptr);
  EXPECT_EQ(file->find("slice_probability")->shape, (std::vector<std::int64_t>{3}));

  // The same training with every fibrosis pixel called healthy myocardium must give the same weights.
  for (auto& mask : cohort().masks)
    for (auto& label : mask)
      if (label == 3) label = 2;
  ScriptedReporter second;
  ASSERT_TRUE(train("without", config, second));
  for (const char* stage : {"classifier", "fibrosis"})
    expectSameWeights(folder("with"), folder("without"), stage);
}

nlohmann::json curveOf(const run::RunFolder& folder, const std::string& stage) {
  std::ifstream file(folder.checkpoints() / (stage + ".latest.json"));
  auto curve = nlohmann::json::parse(file)["curve"];
  for (auto& epoch : curve) epoch.erase("seconds");
  return curve;
}

TEST_F(CascadeTest, InterruptedAndResumedIsTheUninterruptedRunToTheBit) {
  const auto config = test::ringConfig(run::Supervision::Pixel);
  ScriptedReporter calm;
  ASSERT_TRUE(train("calm", config, calm));

  // In the middle of the second epoch of stage A, then after an epoch of stage D.
  ScriptedReporter cancel(6, run::Command::Cancel);
  auto stopped = train("broken", config, cancel);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  ScriptedReporter after_epoch(22, run::Command::StopAfterEpoch);
  stopped = train("broken", config, after_epoch);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  ScriptedReporter last;
  ASSERT_TRUE(train("broken", config, last));

  for (const char* stage : {"myocardium", "fibrosis"}) {
    EXPECT_EQ(curveOf(folder("calm"), stage), curveOf(folder("broken"), stage)) << stage;
    expectSameWeights(folder("calm"), folder("broken"), stage);
  }
}

/// Asks to stop after the first epoch of a stage.
class StopsIn : public ScriptedReporter {
 public:
  explicit StopsIn(std::string stage) : stage_(std::move(stage)) {}
  std::optional<run::Command> poll() override {
    const auto epochs = all<run::Epoch>();
    if (asked_ || epochs.empty() || epochs.back().stage != stage_) return std::nullopt;
    asked_ = true;
    return run::Command::StopAfterEpoch;
  }

 private:
  std::string stage_;
  bool asked_ = false;
};

TEST_F(CascadeTest, ARunWithoutAFibrosisNetworkDoesNotPredictThatThereIsNoScar) {
  const auto refusal = [&](const std::string& name, const run::RunConfig& config) {
    ScriptedReporter reporter;
    const auto predicted = predict(name, config, reporter);
    EXPECT_FALSE(predicted);
    EXPECT_FALSE(std::filesystem::exists(folder(name).prediction("s0"))) << name;
    EXPECT_EQ(run::trainedOf(folder(name)), run::Trained::Nothing) << name;
    return predicted ? std::string() : predicted.error().message;
  };
  // Stopped in stage A, which leaves its checkpoint.
  const auto config = test::ringConfig(run::Supervision::Slice);
  StopsIn first("myocardium");
  ASSERT_FALSE(train("stopped", config, first));
  ASSERT_TRUE(std::filesystem::exists(folder("stopped").checkpoint("myocardium", "latest")));
  EXPECT_NE(refusal("stopped", config).find("resume it, then predict"), std::string::npos);
  // Whole, but made for its first stages alone.
  for (const char* stage : {"myocardium", "classifier"}) {
    auto part = config;
    part.stage = stage;
    ScriptedReporter reporter;
    ASSERT_TRUE(train(stage, part, reporter)) << stage;
    EXPECT_NE(refusal(stage, part).find("train a run with all stages"), std::string::npos) << stage;
  }
}

TEST_F(CascadeTest, AHalfTrainedFibrosisNetworkPredictsWithAWarning) {
  const auto config = test::ringConfig(run::Supervision::Pixel);
  const auto warnings = [&] {
    ScriptedReporter reporter;
    const auto predicted = predict("half", config, reporter);
    EXPECT_TRUE(predicted) << predicted.error().message;
    std::vector<std::string> codes;
    for (const auto& warning : reporter.all<run::Warning>()) codes.push_back(warning.code);
    return codes;
  };
  StopsIn first("fibrosis");
  const auto stopped = train("half", config, first);
  ASSERT_FALSE(stopped);
  ASSERT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(run::trainedOf(folder("half")), run::Trained::InPart);
  EXPECT_EQ(warnings(), std::vector<std::string>{"training-unfinished"});
  ScriptedReporter rest;
  ASSERT_TRUE(train("half", config, rest));
  EXPECT_EQ(run::trainedOf(folder("half")), run::Trained::Whole);
  EXPECT_TRUE(warnings().empty());
}

TEST_F(CascadeTest, StopAfterEpochKeepsTheEpochThatItWaitedFor) {
  const auto config = test::ringConfig(run::Supervision::Pixel);
  StopsIn reporter("myocardium");
  ASSERT_FALSE(train("one", config, reporter));
  // The epoch is over in well under the 15 s after which one is saved anyway.
  EXPECT_EQ(curveOf(folder("one"), "myocardium").size(), 1U);
}

TEST_F(CascadeTest, WhatTheDataDoNotAllowIsSaidInASentence) {
  ScriptedReporter reporter;
  const auto refusal = [&](const run::RunConfig& config) {
    const auto trained = train("bad", config, reporter);
    EXPECT_FALSE(trained);
    return trained ? std::string() : trained.error().message;
  };
  for (auto& stack : cohort().stacks) stack.labels.clear();
  for (const auto supervision : {run::Supervision::Slice, run::Supervision::Stack})
    EXPECT_NE(refusal(test::ringConfig(supervision)).find("labelled fibrosis"), std::string::npos);
  for (auto& mask : cohort().masks)
    for (auto& label : mask) label = std::min<std::uint8_t>(label, 2);
  EXPECT_NE(refusal(test::ringConfig(run::Supervision::Pixel)).find("mask with fibrosis"), std::string::npos);
  for (auto& stack : cohort().stacks) stack.mask = {};
  EXPECT_NE(refusal(test::ringConfig(run::Supervision::Slice)).find("mask with myocardium"), std::string::npos);
  for (auto& stack : cohort().stacks) stack.part = dataset::Part::Test;
  EXPECT_NE(refusal(test::ringConfig(run::Supervision::Pixel)).find("training part"), std::string::npos);
  EXPECT_NE(predict("untrained", test::ringConfig(run::Supervision::Pixel), reporter).error().message.find("Train it first"),
            std::string::npos);
}

}  // namespace
}  // namespace gadolin::ml
