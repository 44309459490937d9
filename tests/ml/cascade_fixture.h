#pragma once
// Runs of the cascade on rings, in a temporary folder and in this process.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "ml/cascade/cascade.h"
#include "tests/ml/ring_cohort.h"
#include "tests/support/temp_folder.h"

namespace gadolin::test {

/// Keeps the events and gives one command after `events_before` of them.
class ScriptedReporter : public ml::Reporter {
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
  Result<void> train(const std::string& name, const run::RunConfig& config,
                     ml::Reporter& reporter) {
    return with(name, config, reporter, ml::trainCascade);
  }
  Result<void> predict(const std::string& name, const run::RunConfig& config,
                       ml::Reporter& reporter) {
    return with(name, config, reporter, ml::predictCascade);
  }
  run::RunFolder folder(const std::string& name) const { return {temporary_.path() / name}; }

  RingCohort& cohort() { return *cohort_; }
  /// Other stacks than the nine of three slices.
  void useCohort(int patients, int slices, int scarred) {
    cohort_ = std::make_unique<RingCohort>(patients, slices, scarred);
  }

 private:
  template <typename Work>
  Result<void> with(const std::string& name, const run::RunConfig& config, ml::Reporter& reporter,
                    Work&& work) {
    ml::CascadeRun run;
    run.folder = folder(name);
    run.config = config;
    run.reporter = &reporter;
    ml::setThreads(1);  // networks this small only wait for a second one
    for (const auto& path : {run.folder.checkpoints(), run.folder.previews()})
      GADOLIN_CHECK(makePrivateFolder(path));
    GADOLIN_CHECK(dataset::writeFrozenDataset(run.folder.dataset(), cohort_->stacks));
    GADOLIN_TRY(const dataset::FrozenDataset dataset,
                dataset::FrozenDataset::open(run.folder.dataset()));
    run.dataset = &dataset;
    return work(run);
  }

  TempFolder temporary_;
  std::unique_ptr<RingCohort> cohort_ = std::make_unique<RingCohort>(9);
};

/// 3D Dice of the predicted labels from `from` on; -1 without a prediction.
inline double diceOf(const run::RunFolder& folder, const std::string& stack,
                     std::span<const std::uint8_t> truth, std::uint8_t from) {
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

/// Whether a stage ended with the same weights in both runs.
inline void expectSameWeights(const run::RunFolder& a, const run::RunFolder& b,
                              const std::string& stage) {
  const auto left = SafetensorsFile::open(a.checkpoint(stage, "latest"));
  const auto right = SafetensorsFile::open(b.checkpoint(stage, "latest"));
  ASSERT_TRUE(left && right) << stage;
  for (const TensorView& tensor : left->tensors())
    EXPECT_TRUE(std::ranges::equal(tensor.bytes, right->find(tensor.name)->bytes))
        << stage << " " << tensor.name;
}

}  // namespace gadolin::test
