// What a model says of itself is true of it, and names nobody.

#include "ui/session/model_card.h"

#include <gmock/gmock.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "core/analysis/evaluation.h"
#include "core/analysis/evaluation_file.h"
#include "core/base/files.h"
#include "tests/session/qt_main.h"
#include "tests/session/trainable_project.h"
#include "ui/session/run_preparation.h"
#include "ui/session/run_request.h"

namespace gadolin::session {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// All sentences of a preset, some of its settings changed.
std::string stepsOf(const char* preset,
                    const std::vector<std::pair<const char*, const char*>>& changes = {}) {
  auto settings = run::Settings::preset(preset).value();
  for (const auto& [key, value] : changes) EXPECT_TRUE(settings.set(key, value)) << key;
  std::string text;
  for (const std::string& step : inputSteps(settings)) text += step + "\n";
  return text;
}

TEST(ModelCard, ThePaperPresetIsDescribedAsItPredicts) {
  const std::string text = stepsOf("paper");
  EXPECT_THAT(text,
              HasSubstr("Per slice, the grey values of the square below get mean 0 and standard "
                        "deviation 1."));
  EXPECT_THAT(text, Not(HasSubstr("clipped"))) << "from percentile 0 to 100";
  EXPECT_THAT(text, HasSubstr("a square of 224 x 224 pixels of the image's own size"));
  EXPECT_THAT(text,
              HasSubstr("beyond the image lies the mean grey, 0, which counts in neither mean "
                        "nor deviation"));
  EXPECT_THAT(text, Not(HasSubstr("its edge is repeated")));
  EXPECT_THAT(text, Not(HasSubstr("Then again"))) << "it looks once";
  EXPECT_THAT(text,
              HasSubstr("cut as 100 x 100 of the image's own size around the mean position of all "
                        "voxels of the predicted myocardium, cut to whole pixels"));
  EXPECT_THAT(text, Not(HasSubstr("20th percentile")));
  EXPECT_THAT(text,
              HasSubstr("the logit of a slice is its sum, divided by the area of the whole map, "
                        "inside the myocardium (probability dilated by 3 x 3 pixels, averaged "
                        "over 4 x 4, above 0.4), -10 without any"));
  EXPECT_THAT(text, HasSubstr("that of a stack is the mean of its slices"));
  EXPECT_THAT(text, HasSubstr("Each network is asked once."));
}

TEST(ModelCard, TheQuickPresetIsDescribedAsItPredicts) {
  const std::string text = stepsOf("quick");
  EXPECT_THAT(text,
              HasSubstr("clipped to their percentiles 1 and 99.5 (padding of zeros left out), "
                        "then have mean 0 and standard deviation 1."));
  EXPECT_THAT(text, Not(HasSubstr("Per slice, the grey values")));
  EXPECT_THAT(text, HasSubstr("a square of 96 x 96 pixels of 1.5 mm"));
  EXPECT_THAT(text, HasSubstr("beyond the image its edge is repeated. Then again in one of 64 x 64 "
                              "around the heart that was found."));
  EXPECT_THAT(text, HasSubstr("the mean position of the largest part of the predicted heart"));
  EXPECT_THAT(text, HasSubstr("20th percentile of the myocardium is 0"));
  EXPECT_THAT(text, HasSubstr("the logit of a slice is its mean inside the myocardium"));
  EXPECT_THAT(text, HasSubstr("about 8 mirrored and turned views"));
  EXPECT_THAT(text, HasSubstr("two of them do for the first look at the myocardium"));
}

TEST(ModelCard, TheSwitchesOfTheReferenceChangeWhatIsSaid) {
  const std::string zeros = stepsOf("paper", {{"reference.zero_padding", "on"}});
  EXPECT_THAT(zeros, HasSubstr("the imported value 0, which counts in mean and deviation"));
  const std::string whole = stepsOf("paper", {{"reference.stack_zscore", "on"}});
  EXPECT_THAT(whole, HasSubstr("The grey values of a stack, in all squares below together"));
  EXPECT_THAT(whole, Not(HasSubstr("Per slice, the grey values")));
  const std::string undecided = stepsOf("paper", {{"reference.empty_is_undecided", "on"}});
  EXPECT_THAT(undecided, HasSubstr("above 0.4), 0 without any"));
}

class ModelFacts : public test::TrainableProject {
 protected:
  /// The card of a run that is prepared and not trained.
  nlohmann::json cardOf(run::Supervision supervision,
                        const std::function<void(const run::RunFolder&)>& finish = {}) {
    RunRequest request;
    request.supervision = supervision;
    const std::atomic<bool> cancel{false};
    const auto prepared = prepareRun(project->reader(), project->paths(), request, {}, cancel);
    EXPECT_TRUE(prepared) << prepared.error().message;
    const run::RunFolder run{prepared->temporary};
    if (finish) finish(run);
    const auto facts = modelFacts(run, "0.0.0");
    EXPECT_TRUE(facts) << facts.error().message;
    prepared->discard();
    return nlohmann::json::parse(facts.value());
  }
};

TEST_F(ModelFacts, TheTableOfDataHoldsWhatEachSupervisionLearnsFrom) {
  // Training: P1 and P3 with fibrosis on two of four slices, P2 without.
  const auto train = [this](run::Supervision supervision) {
    return cardOf(supervision).at("data").at("train");
  };
  const auto stacks = train(run::Supervision::Stack);
  EXPECT_EQ(stacks.at("labelled_stacks"), 3);
  EXPECT_EQ(stacks.at("fibrotic_stacks"), 2);
  EXPECT_EQ(stacks.at("labelled_slices"), 0) << "the run does not see them";
  EXPECT_EQ(stacks.at("masks"), 3);
  EXPECT_EQ(stacks.at("fibrosis_masks"), 0);
  const auto slices = train(run::Supervision::Slice);
  EXPECT_EQ(slices.at("labelled_slices"), 12);
  EXPECT_EQ(slices.at("fibrotic_slices"), 4);
  EXPECT_EQ(slices.at("fibrosis_masks"), 0);
  const auto pixels = train(run::Supervision::Pixel);
  EXPECT_EQ(pixels.at("fibrosis_masks"), 3);
  const std::string page = modelCardText(cardOf(run::Supervision::Stack).dump());
  EXPECT_THAT(page, HasSubstr("| train | 3 | 3 | 12 | 3 | 0 | 0 | 0 | 3 | 2 |"));
}

TEST_F(ModelFacts, FiguresLeaveWithoutTheirPatients) {
  const auto card = cardOf(run::Supervision::Slice, [](const run::RunFolder& run) {
    const Mask scarred = test::sampleMask(4, 2), healthy = test::sampleMask(4, 0);
    const std::vector<double> extent_mm(4, 10);
    std::vector<analysis::EvaluatedStack> stacks;
    stacks.push_back(
        analysis::evaluateStack("Meier", "Meier-s1", scarred, scarred, extent_mm, {}).value());
    stacks.push_back(
        analysis::evaluateStack("Huber", "Huber-s1", scarred, healthy, extent_mm, {}).value());
    analysis::Evaluation evaluation;
    evaluation.run = "run-1";
    evaluation.split = "test";
    evaluation.warnings = {"1 stacks without a reference mask are left out: Lang-s1."};
    for (std::size_t i = 0; i < evaluation.targets.size(); ++i)
      evaluation.targets[i] = analysis::summarise(stacks, analysis::all_targets[i]);
    ASSERT_TRUE(writeFileAtomically(run.metrics(), analysis::toJson(evaluation)));
  });
  const std::string text = card.dump() + modelCardText(card.dump());
  for (const char* name : {"Meier", "Huber", "Lang"}) EXPECT_THAT(text, Not(HasSubstr(name)));
  const auto& fibrosis = card.at("metrics").at("fibrosis");
  EXPECT_DOUBLE_EQ(fibrosis.at("dice_patient_mean").get<double>(), 0.5);
  EXPECT_EQ(card.at("metrics").at("patients"), 2);
  EXPECT_THAT(text, HasSubstr("| fibrosis | 0.500 |"));
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
