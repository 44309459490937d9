// What each kind of supervision learns from, and what it must not see.

#include <algorithm>
#include <set>
#include <span>

#include "ml/cascade/bags.h"
#include "ml/cascade/preview.h"
#include "ml/cascade/stages.h"
#include "ml/data/evidence.h"
#include "tests/ml/cascade_fixture.h"

namespace gadolin::ml {
namespace {

using run::Supervision;
using test::CascadeTest;
using test::diceOf;
using test::expectSameWeights;
using test::ScriptedReporter;

std::vector<std::string> stagesOf(const ScriptedReporter& reporter) {
  std::vector<std::string> stages;
  for (const auto& stage : reporter.all<run::StageBegin>()) stages.push_back(stage.stage);
  return stages;
}

void hideFibrosis(dataset::FrozenStack& stack, std::vector<std::uint8_t>& mask) {
  for (auto& label : mask) label = std::min<std::uint8_t>(label, 2);
  stack.mask = mask;
  stack.mask_shows_fibrosis = false;
}

/// A classifier of whole stacks that points somewhere after a few seconds.
run::RunConfig stackConfig() {
  auto config = test::ringConfig(Supervision::Stack);
  for (const auto& [key, value] : {std::pair{"classifier.epochs", "12"},
                                   {"classifier.learning_rate", "0.01"},
                                   {"train.validate_every", "6"}})
    if (!config.settings.set(key, value)) std::abort();
  return config;
}

TEST_F(CascadeTest, StackSupervisionSeesNeitherSliceLabelsNorPixels) {
  const auto config = stackConfig();
  useCohort(9, 3, 1);
  ScriptedReporter first;
  const auto trained = train("with", config, first);
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_EQ(stagesOf(first),
            (std::vector<std::string>{"myocardium", "classifier", "pseudo-masks", "fibrosis"}));
  bool has_auroc = false;
  for (const auto& epoch : first.all<run::Epoch>())
    has_auroc = has_auroc || (epoch.stage == "classifier" && epoch.val_auroc);
  EXPECT_TRUE(has_auroc) << "validation has one stack of each kind";

  // Other slices said to hold it, and every fibrosis pixel called healthy: the stacks' answers
  // stay.
  for (std::size_t k = 0; k < cohort().stacks.size(); ++k) {
    auto& stack = cohort().stacks[k];
    stack.stack_label = k % 2 == 0 ? SliceLabel::Fibrosis : SliceLabel::None;
    if (k % 2 == 0)
      stack.labels = {SliceLabel::None, SliceLabel::Unsure, SliceLabel::Fibrosis};
    else
      stack.labels.clear();
    for (auto& label : cohort().masks[k]) label = std::min<std::uint8_t>(label, 2);
  }
  ScriptedReporter second;
  ASSERT_TRUE(train("without", config, second));
  for (const char* stage : {"classifier", "fibrosis"})
    expectSameWeights(folder("with"), folder("without"), stage);

  ASSERT_TRUE(predict("with", config, first));
  const auto file = SafetensorsFile::open(folder("with").prediction("s0"));
  ASSERT_TRUE(file);
  ASSERT_NE(file->find("stack_probability"), nullptr);
  EXPECT_EQ(file->find("slice_probability")->shape, (std::vector<std::int64_t>{3}));
}

TEST_F(CascadeTest, ANegativeStackHasNoPseudoMask) {
  const auto config = stackConfig();
  useCohort(9, 3, 1);
  ScriptedReporter reporter;
  const auto trained = train("run", config, reporter);
  ASSERT_TRUE(trained) << trained.error().message;
  int drawn = 0;
  for (std::size_t k = 0; k + 1 < cohort().stacks.size(); ++k) {
    const auto file = SafetensorsFile::open(folder("run").pseudoMasks() /
                                            (cohort().stacks[k].stack + ".safetensors"));
    ASSERT_TRUE(file) << k;
    const auto ones = std::ranges::count(file->find("mask")->as<std::uint8_t>(), 1);
    if (k % 2 == 1) {
      EXPECT_EQ(ones, 0) << k;
    }
    EXPECT_EQ(file->find("cam") != nullptr, k % 2 == 0) << k;
    drawn += ones > 0 ? 1 : 0;
  }
  EXPECT_GT(drawn, 0);
}

TEST_F(CascadeTest, StackLabelsAloneTellWhichSlicesHoldTheScar) {
  auto config = test::ringConfig(Supervision::Stack);
  for (const auto& [key, value] : {std::pair{"myocardium.epochs", "30"},
                                   {"myocardium.width", "8"},
                                   {"myocardium.learning_rate", "0.01"},
                                   {"classifier.epochs", "30"},
                                   {"classifier.width_factor", "0.125"},
                                   {"classifier.learning_rate", "0.005"},
                                   {"fibrosis.epochs", "20"},
                                   {"fibrosis.width", "8"},
                                   {"fibrosis.learning_rate", "0.01"},
                                   {"train.validate_every", "10"},
                                   {"augment.shift_mm", "0"}})
    ASSERT_TRUE(config.settings.set(key, value));
  useCohort(15, 5, 2);
  ScriptedReporter reporter;
  const auto trained = train("run", config, reporter);
  ASSERT_TRUE(trained) << trained.error().message;
  ASSERT_TRUE(predict("run", config, reporter));
  const auto file = SafetensorsFile::open(folder("run").prediction("s14"));
  ASSERT_TRUE(file);
  const auto p = file->find("slice_probability")->as<float>();
  for (std::size_t z = 0; z < 5; ++z)
    EXPECT_EQ(p[z] > 0.5F, z < 2) << "slice " << z << " has " << p[z];
  EXPECT_GT(file->find("stack_probability")->as<float>()[0], 0.5F);
  EXPECT_GT(diceOf(folder("run"), "s14", cohort().masks[14], 3), 0.6);
}

TEST_F(CascadeTest, MixedSupervisionTakesOfEachPatientWhatItHas) {
  auto config = test::ringConfig(Supervision::Mixed);
  ASSERT_TRUE(config.settings.set("fibrosis.pseudo_weight", "0.5"));
  // Masks of p0 and p1; slice labels of p2 and p3; stack labels of p4 and p5; nothing of p6 to p8.
  const auto prepare = [&] {
    for (std::size_t k = 0; k < cohort().stacks.size(); ++k) {
      auto& stack = cohort().stacks[k];
      if (k >= 2) hideFibrosis(stack, cohort().masks[k]);
      if (k < 2 || k >= 4) stack.labels.clear();
      if (k == 4 || k == 5)
        stack.stack_label = k % 2 == 0 ? SliceLabel::Fibrosis : SliceLabel::None;
    }
  };
  prepare();
  ScriptedReporter reporter;
  const auto trained = train("mixed", config, reporter);
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_EQ(stagesOf(reporter),
            (std::vector<std::string>{"myocardium", "classifier", "pseudo-masks", "fibrosis"}));
  const auto stages = reporter.all<run::StageBegin>();
  EXPECT_EQ(stages[1].items, 4 * 3 + 2) << "answers: slices of four patients, two whole stacks";
  EXPECT_EQ(stages[2].items, 4) << "stacks with a pseudo-mask";
  EXPECT_FALSE(std::filesystem::exists(folder("mixed").pseudoMasks() / "s0.safetensors"))
      << "a drawn mask is not drawn again";

  // Of a patient with a mask and slice labels the mask counts, and the labels do not contradict it:
  // the training is the same.
  cohort().stacks[0].labels.assign(3, SliceLabel::Fibrosis);
  ScriptedReporter again;
  ASSERT_TRUE(train("again", config, again));
  for (const char* stage : {"classifier", "fibrosis"})
    expectSameWeights(folder("mixed"), folder("again"), stage);

  // Resumed in the middle of B it ends with the same weights.
  class StopsInB : public ScriptedReporter {
   public:
    std::optional<run::Command> poll() override {
      const auto epochs = all<run::Epoch>();
      if (asked_ || epochs.empty() || epochs.back().stage != "classifier") return std::nullopt;
      asked_ = true;
      return run::Command::StopAfterEpoch;
    }

   private:
    bool asked_ = false;
  } stops;
  ASSERT_FALSE(train("broken", config, stops));
  ScriptedReporter rest;
  ASSERT_TRUE(train("broken", config, rest));
  for (const char* stage : {"classifier", "fibrosis"})
    expectSameWeights(folder("mixed"), folder("broken"), stage);
}

TEST(StepsOfBothKinds, AreNamedAsTheyAreInThatEpochAndSizedByBothSettings) {
  test::RingCohort rings(9);
  auto settings = test::ringConfig(Supervision::Mixed).settings;
  for (const auto& [key, value] :
       {std::pair{"train.batch", "3"}, {"classifier.stacks_in_step", "2"}})
    ASSERT_TRUE(settings.set(key, value));
  Cohort cohort;
  for (const auto& stack : rings.stacks) cohort.stacks.push_back(prepareStack(stack, settings));
  std::vector<std::size_t> kinds[2];  // slices of three stacks, four whole ones
  for (std::size_t k = 0; k < 7; ++k) {
    cohort.stacks[k].evidence = k < 3 ? Evidence::Slice : Evidence::Stack;
    for (Bag& bag : bagsOf(cohort.stacks[k])) {
      kinds[bag.whole_stack ? 1 : 0].push_back(cohort.bags_train.size());
      cohort.bags_train.push_back(std::move(bag));
    }
  }
  ASSERT_EQ(kinds[0].size(), 9U);
  ASSERT_EQ(kinds[1].size(), 4U);
  test::ScriptedReporter reporter;
  TrainContext context;
  context.settings = &settings;
  context.seed = 7;
  context.reporter = &reporter;
  const StagePlan plan = classifierPlan(cohort, context);
  EXPECT_EQ(plan.batch_setting, "train.batch or classifier.stacks_in_step");
  ASSERT_EQ(plan.items, 3U);
  const BagSteps steps(cohort.bags_train, settings, context.seed);
  std::set<std::string> different;
  for (int epoch = 1; epoch <= 5; ++epoch) {
    const std::size_t item = 1;
    std::string expected;
    for (const std::size_t k : steps.bagsOf(std::span(&item, 1), epoch)) {
      const Bag& bag = cohort.bags_train[k];
      expected += (expected.empty() ? "" : ", ") +
                  (bag.whole_stack ? bag.stack->source->stack : nameOf({bag.stack, bag.slices[0]}));
    }
    EXPECT_EQ(plan.name_of(item, epoch), expected) << epoch;
    different.insert(expected);
  }
  EXPECT_GT(different.size(), 1U) << "each epoch deals them anew";

  std::vector<Bag> of_one_kind;
  for (const std::size_t k : kinds[0]) of_one_kind.push_back(cohort.bags_train[k]);
  EXPECT_EQ(BagSteps(of_one_kind, settings, 7).setting(), "train.batch");
  of_one_kind.clear();
  for (const std::size_t k : kinds[1]) of_one_kind.push_back(cohort.bags_train[k]);
  EXPECT_EQ(BagSteps(of_one_kind, settings, 7).setting(), "classifier.stacks_in_step");
}

TEST(PreviewPicture, APseudoMaskIsNotCalledAReference) {
  const test::TempFolder folder;
  const auto columns = [&](std::initializer_list<bool> believed) {
    std::vector<PreviewRow> rows;
    for (const bool each : believed) {
      PreviewRow row;
      row.image = {0, 1, 2, 3};
      row.reference = {0, 3, 0, 0};
      row.prediction = {0, 0, 3, 0};
      row.believed = each;
      rows.push_back(std::move(row));
    }
    return writePreview(folder.path() / "p.ppm", rows, 2).value();
  };
  using Columns = std::vector<std::string>;
  EXPECT_EQ(columns({false, false}), (Columns{"image", "reference", "prediction"}));
  EXPECT_EQ(columns({true, true}), (Columns{"image", "pseudo-mask", "prediction"}));
  EXPECT_EQ(columns({true, false}), (Columns{"image", "target", "prediction"}));
  const std::string file = readFile(folder.path() / "p.ppm").value();
  const auto pixel = [&](std::size_t x) { return file.substr(file.size() - 72 + x * 3, 3); };
  EXPECT_NE(pixel(3), pixel(1)) << "the target is drawn whatever it is called";
}

class EvidenceOfAStack : public ::testing::Test {
 protected:
  EvidenceOfAStack() {
    stack.size = {2, 2, 4};
    mask[0] = 3;  // slice 0 holds fibrosis
    for (std::size_t i = 4; i < 16; ++i) mask[i] = 2;
    stack.mask = mask;
  }
  [[nodiscard]] std::vector<int> answers(Supervision supervision) const {
    std::vector<int> all;
    for (int z = 0; z < 4; ++z)
      all.push_back(sliceAnswer(stack, evidenceOf(stack, supervision), z));
    return all;
  }
  std::vector<std::uint8_t> mask = std::vector<std::uint8_t>(16, 1);
  dataset::FrozenStack stack;
};

TEST_F(EvidenceOfAStack, EachSupervisionLooksAtItsOwnKind) {
  stack.labels = {SliceLabel::None, SliceLabel::Fibrosis, SliceLabel::Unlabelled,
                  SliceLabel::Unlabelled};
  EXPECT_EQ(evidenceOf(stack, Supervision::Pixel), Evidence::Pixel);
  EXPECT_EQ(evidenceOf(stack, Supervision::Slice), Evidence::Slice);
  EXPECT_EQ(evidenceOf(stack, Supervision::Stack), Evidence::Stack);
  EXPECT_EQ(evidenceOf(stack, Supervision::Mixed), Evidence::Pixel);
  EXPECT_EQ(answers(Supervision::Slice), (std::vector{0, 1, -1, -1}));
  EXPECT_EQ(answers(Supervision::Stack), (std::vector{-1, -1, -1, -1}));
  EXPECT_EQ(stackAnswer(stack), 1);
  for (auto& voxel : mask) voxel = std::min<std::uint8_t>(voxel, 2);
  stack.mask_shows_fibrosis = false;
  EXPECT_EQ(evidenceOf(stack, Supervision::Pixel), Evidence::Nothing);
  EXPECT_EQ(evidenceOf(stack, Supervision::Mixed), Evidence::Slice);
  stack.labels.clear();
  EXPECT_EQ(evidenceOf(stack, Supervision::Mixed), Evidence::Nothing);
  stack.stack_label = SliceLabel::None;
  EXPECT_EQ(evidenceOf(stack, Supervision::Mixed), Evidence::Stack);
  EXPECT_EQ(stackAnswer(stack), 0);
}

TEST_F(EvidenceOfAStack, ASliceThatNobodyHasDrawnOnSaysNothing) {
  for (std::size_t i = 8; i < 16; ++i) mask[i] = 0;
  EXPECT_EQ(answers(Supervision::Pixel), (std::vector{1, 0, 0, 0})) << "a whole mask says so";
  stack.undrawn_slices = {2, 3};
  EXPECT_EQ(answers(Supervision::Pixel), (std::vector{1, 0, -1, -1}));
}

TEST_F(EvidenceOfAStack, UnsureAndNotDiagnosticSlicesAreNoNegatives) {
  stack.labels = {SliceLabel::Unsure, SliceLabel::Unsure, SliceLabel::NotDiagnostic,
                  SliceLabel::Unlabelled};
  EXPECT_EQ(answers(Supervision::Mixed), (std::vector{1, -1, -1, 0}))
      << "drawn fibrosis counts where a reader was unsure";
  EXPECT_EQ(stackAnswer(stack), -1) << "an unsure stack says nothing";
  stack.labels = {SliceLabel::NotDiagnostic, SliceLabel::Fibrosis, SliceLabel::None,
                  SliceLabel::None};
  EXPECT_EQ(answers(Supervision::Mixed), (std::vector{-1, -1, 0, 0}))
      << "a label that contradicts the mask leaves the slice out";
}

}  // namespace
}  // namespace gadolin::ml
