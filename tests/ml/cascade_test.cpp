#include "ml/cascade/cascade.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "tests/ml/ring_cohort.h"
#include "tests/support/temp_folder.h"

namespace gadolin::ml {
namespace {

using test::RingCohort;

/// Keeps the events and gives one command after `events_before` of them.
class ScriptedReporter : public Reporter {
 public:
  explicit ScriptedReporter(std::size_t events_before = 0, std::optional<run::Command> command = {})
      : events_before_(events_before), command_(command) {}
  void emit(run::EventBody body) override { events.push_back(std::move(body)); }
  std::optional<run::Command> poll() override {
    if (events.size() < events_before_) return std::nullopt;
    return std::exchange(command_, std::nullopt);
  }
  template <typename T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& event : events)
      if (const T* one = std::get_if<T>(&event)) found.push_back(*one);
    return found;
  }
  std::vector<run::EventBody> events;

 private:
  std::size_t events_before_;
  std::optional<run::Command> command_;
};

class CascadeTest : public ::testing::Test {
 protected:
  Result<void> train(const std::string& name, const run::RunConfig& config, Reporter& reporter) {
    return with(name, config, reporter, trainCascade);
  }
  Result<void> predict(const std::string& name, const run::RunConfig& config, Reporter& reporter) {
    return with(name, config, reporter, predictCascade);
  }
  run::RunFolder folder(const std::string& name) const { return {temporary_.path() / name}; }

  RingCohort& cohort() { return cohort_; }

 private:
  template <typename Work>
  Result<void> with(const std::string& name, const run::RunConfig& config, Reporter& reporter, Work&& work) {
    CascadeRun run;
    run.folder = folder(name);
    run.config = config;
    run.reporter = &reporter;
    setThreads(1);  // networks this small only wait for a second one
    for (const auto& path : {run.folder.checkpoints(), run.folder.previews()})
      GADOLIN_CHECK(makePrivateFolder(path));
    GADOLIN_CHECK(dataset::writeFrozenDataset(run.folder.dataset(), cohort_.stacks));
    GADOLIN_TRY(const dataset::FrozenDataset dataset, dataset::FrozenDataset::open(run.folder.dataset()));
    run.dataset = &dataset;
    return work(run);
  }

  test::TempFolder temporary_;
  RingCohort cohort_{9};
};

double diceOf(const run::RunFolder& folder, const std::string& stack, std::span<const std::uint8_t> truth,
              std::uint8_t from) {
  const auto file = SafetensorsFile::open(folder.prediction(stack));
  if (!file) return -1;
  const auto mask = file->find("mask")->as<std::uint8_t>();
  double both = 0, all = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    both += mask[i] >= from && truth[i] >= from ? 1 : 0;
    all += (mask[i] >= from ? 1 : 0) + (truth[i] >= from ? 1 : 0);
  }
  return 2 * both / all;
}

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
  const auto a = readFile(folder("with").checkpoint("fibrosis", "latest"));
  const auto b = readFile(folder("without").checkpoint("fibrosis", "latest"));
  ASSERT_TRUE(a && b);
  const auto left = SafetensorsFile::open(folder("with").checkpoint("fibrosis", "latest"));
  const auto right = SafetensorsFile::open(folder("without").checkpoint("fibrosis", "latest"));
  for (const TensorView& tensor : left->tensors())
    EXPECT_TRUE(std::ranges::equal(tensor.bytes, right->find(tensor.name)->bytes)) << tensor.name;
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
    const auto left = SafetensorsFile::open(folder("calm").checkpoint(stage, "latest"));
    const auto right = SafetensorsFile::open(folder("broken").checkpoint(stage, "latest"));
    ASSERT_TRUE(left && right);
    for (const TensorView& tensor : left->tensors())
      EXPECT_TRUE(std::ranges::equal(tensor.bytes, right->find(tensor.name)->bytes)) << tensor.name;
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
  EXPECT_NE(
      refusal(test::ringConfig(run::Supervision::Stack)).find("cannot train from stack labels yet"),
      std::string::npos);
  for (auto& stack : cohort().stacks) stack.labels.clear();
  EXPECT_NE(refusal(test::ringConfig(run::Supervision::Slice)).find("labelled fibrosis"), std::string::npos);
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
