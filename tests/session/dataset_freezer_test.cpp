#include "ui/session/dataset_freezer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "database/consensus.h"
#include "database/mask_edits.h"
#include "database/stack_labels.h"

#include "tests/session/qt_main.h"
#include "tests/session/trainable_project.h"
#include "ui/session/run_preparation.h"
#include "ui/session/run_request.h"

namespace gadolin::session {
namespace {

class DatasetFreezer : public test::TrainableProject {
 protected:
  dataset::FrozenDataset freeze(run::Supervision supervision) { return freeze({supervision}, {}); }
  /// patients: training patients who are seen by mask, slice and stack.
  dataset::FrozenDataset freeze(const SightPlan& plan,
                                const std::optional<std::array<int, 3>>& patients) {
    const auto frozen =
        freezeForTraining(project->reader(), project->paths(), plan, file, {}, cancel);
    EXPECT_TRUE(frozen.ok());
    if (patients) {
      EXPECT_EQ(
          (std::array{frozen->pixel_patients, frozen->slice_patients, frozen->stack_patients}),
          *patients);
    }
    auto opened = dataset::FrozenDataset::open(file);
    EXPECT_TRUE(opened.ok());
    return std::move(opened).value();
  }
  std::filesystem::path file = folder.path() / "dataset.safetensors";
  std::atomic<bool> cancel{false};
};

const dataset::FrozenStack& stackOf(const dataset::FrozenDataset& dataset, const char* id) {
  const auto at = std::ranges::find(dataset.stacks(), id, &dataset::FrozenStack::stack);
  EXPECT_NE(at, dataset.stacks().end()) << id;
  return *at;
}

TEST_F(DatasetFreezer, TestStacksCarryNoAnswers) {
  const auto dataset = freeze(run::Supervision::Pixel);
  ASSERT_EQ(dataset.stacks().size(), 6u);
  int tests = 0;
  for (const auto& stack : dataset.stacks()) {
    if (stack.part != dataset::Part::Test) continue;
    ++tests;
    EXPECT_TRUE(stack.mask.empty()) << stack.stack;
    EXPECT_TRUE(stack.labels.empty()) << stack.stack;
    EXPECT_FALSE(stack.stack_label) << stack.stack;
  }
  EXPECT_EQ(tests, 2);
}

TEST_F(DatasetFreezer, VoxelsLabelsAndMasksAreThoseOfTheProject) {
  const auto dataset = freeze(run::Supervision::Pixel);
  const auto& stack = stackOf(dataset, "P1-s1");
  EXPECT_EQ(stack.part, dataset::Part::Train);
  EXPECT_EQ(stack.size, (std::array<int, 3>{16, 12, 4}));
  EXPECT_EQ(stack.spacing_mm, (std::array<double, 3>{1.5, 1.5, 10}));
  EXPECT_EQ(stack.slice_extent_mm, (std::vector<double>{10, 10, 10, 10}));
  const Stack expected = test::sampleImage(1, 4);
  EXPECT_TRUE(std::ranges::equal(stack.image, expected.image.voxels));
  EXPECT_TRUE(std::ranges::equal(stack.mask, test::sampleMask(4, 2).voxels));
  EXPECT_EQ(stack.labels, (std::vector{SliceLabel::Fibrosis, SliceLabel::Fibrosis, SliceLabel::None,
                                       SliceLabel::None}));
  EXPECT_EQ(stack.stack_label, SliceLabel::Fibrosis);
}

TEST_F(DatasetFreezer, SliceSupervisionDoesNotShowWhereTheScarOfATrainingPatientIs) {
  const auto dataset = freeze(run::Supervision::Slice);
  const auto& train = stackOf(dataset, "P1-s1");
  ASSERT_FALSE(train.mask.empty());
  EXPECT_TRUE(std::ranges::all_of(train.mask, [](std::uint8_t label) { return label <= 2; }));
  EXPECT_EQ(std::ranges::count(train.mask, 2), 16 * 12 * 4);
}

bool holdsScar(const dataset::FrozenStack& stack) {
  return std::ranges::any_of(stack.mask, [](std::uint8_t label) { return label >= 3; });
}

TEST_F(DatasetFreezer, AWeakRunSeesNoScarOfValidationPatientsEither) {
  const auto moved = project->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::setPart(database, "P1", dataset::Part::Validation));
    return 0;
  });
  ASSERT_TRUE(moved.ok());
  ASSERT_TRUE(holdsScar(stackOf(freeze(run::Supervision::Pixel), "P1-s1")));
  for (const auto supervision : {run::Supervision::Slice, run::Supervision::Stack}) {
    const auto dataset = freeze(supervision);
    EXPECT_FALSE(holdsScar(stackOf(dataset, "P1-s1")));
    EXPECT_FALSE(stackOf(dataset, "P1-s1").mask_shows_fibrosis);
  }
}

TEST_F(DatasetFreezer, StackSupervisionHoldsNoLabelOfASlice) {
  const auto dataset = freeze({run::Supervision::Stack}, std::array{0, 0, 3});
  for (const auto& stack : dataset.stacks()) {
    EXPECT_TRUE(stack.labels.empty()) << stack.stack;
    EXPECT_FALSE(holdsScar(stack)) << stack.stack;
  }
  EXPECT_EQ(stackOf(dataset, "P1-s1").stack_label, SliceLabel::Fibrosis);
  EXPECT_EQ(stackOf(dataset, "P2-s1").stack_label, SliceLabel::None);
}

/// A newer mask of the stack, in which a reader drew the scar alone.
void drawScarAlone(Project& project, const std::string& stack) {
  Mask mask = test::sampleMask(4, 2);
  for (auto& label : mask.voxels) label = label == 2 ? 0 : label;
  db::MaskRecord revision;
  revision.stack = stack;
  revision.source = db::MaskSource::Reader;
  revision.author = "anna";
  revision.sha256 = contentHash(mask);
  ASSERT_TRUE(writeMask(project.paths().mask(revision.sha256), mask).ok());
  const auto added = project.writeNow<std::int64_t>(
      [&](db::Database& database) { return db::addMask(database, revision); });
  ASSERT_TRUE(added.ok()) << added.error().message;
}

TEST_F(DatasetFreezer, SlicesThatNobodyHasDrawnOnAreNamedAndOneImportedMaskHasNone) {
  Mask mask = test::sampleMask(4, 2);
  for (int z : {0, 3}) std::ranges::fill(mask.slice(z), std::uint8_t{0});
  const std::string blob = contentHash(mask);
  ASSERT_TRUE(writeMask(project->paths().mask(blob), mask).ok());
  const auto drawn = project->writeNow<int>([&](db::Database& database) -> Result<int> {
    db::MaskEditRecord edit;
    edit.stack = "P1-s1";
    edit.reader = "anna";
    edit.tool = "brush";
    GADOLIN_TRY(const auto step, db::addMaskEdit(database, edit));
    db::MaskRecord revision;
    revision.stack = "P1-s1";
    revision.source = db::MaskSource::Reader;
    revision.author = "anna";
    revision.sha256 = blob;
    GADOLIN_TRY(const auto id, db::addMask(database, revision));
    GADOLIN_CHECK(db::markDrawn(database, id, step));
    return 0;
  });
  ASSERT_TRUE(drawn.ok()) << drawn.error().message;
  const auto dataset = freeze(run::Supervision::Pixel);
  EXPECT_EQ(stackOf(dataset, "P1-s1").undrawn_slices, (std::vector<int>{0, 3}));
  for (const auto& stack : dataset.stacks())
    if (stack.stack != "P1-s1") {
      EXPECT_TRUE(stack.undrawn_slices.empty()) << stack.stack;
    }
}

TEST_F(DatasetFreezer, AMaskOfScarAloneDoesNotTellAWeakRunWhereTheScarIs) {
  drawScarAlone(*project, "P1-s1");
  for (const auto supervision : {run::Supervision::Slice, run::Supervision::Stack}) {
    const auto dataset = freeze(supervision);
    EXPECT_TRUE(stackOf(dataset, "P1-s1").mask.empty()) << "its \"myocardium\" would be the scar";
    EXPECT_FALSE(stackOf(dataset, "P3-s1").mask.empty());
  }
  const auto limited = freeze({run::Supervision::Mixed, -1, -1, 7, {{"P1", Sight::Slices}}}, {});
  EXPECT_TRUE(stackOf(limited, "P1-s1").mask.empty());
  const auto shown = freeze(run::Supervision::Pixel);
  EXPECT_TRUE(holdsScar(stackOf(shown, "P1-s1"))) << "where masks may be seen it stays";
}

TEST_F(DatasetFreezer, WhatIsSaidOfAStackCountsWhereItsSlicesLeaveItOpen) {
  const auto said = project->writeNow<int>([](db::Database& database) -> Result<int> {
    for (const char* stack : {"P1-s1", "P2-s1", "P3-s1"}) {
      std::vector<db::SliceChange> none;
      for (int z = 0; z < 4; ++z) none.push_back({z, SliceLabel::Unlabelled});
      if (stack != std::string("P3-s1"))
        GADOLIN_CHECK(db::setSliceLabels(database, stack, none, "anna", 1, "key"));
    }
    GADOLIN_CHECK(db::setStackLabel(database, "P1-s1", SliceLabel::Fibrosis, "anna", "import",
                                    "2026-01-01T00:00:00.000Z"));
    GADOLIN_CHECK(db::setStackLabel(database, "P2-s1", SliceLabel::Unsure, "anna", "import",
                                    "2026-01-01T00:00:00.000Z"));
    GADOLIN_CHECK(db::setStackLabel(database, "P3-s1", SliceLabel::None, "anna", "import",
                                    "2026-01-01T00:00:00.000Z"));
    return 0;
  });
  ASSERT_TRUE(said.ok()) << said.error().message;
  const auto dataset = freeze(run::Supervision::Stack);
  EXPECT_EQ(stackOf(dataset, "P1-s1").stack_label, SliceLabel::Fibrosis);
  EXPECT_EQ(stackOf(dataset, "P2-s1").stack_label, SliceLabel::Unsure) << "teaches nothing";
  EXPECT_EQ(stackOf(dataset, "P3-s1").stack_label, SliceLabel::Fibrosis)
      << "its slices are the closer look";
  const auto inputs = countInputs(project->reader());
  ASSERT_TRUE(inputs.ok());
  EXPECT_EQ(inputs->train.labelled_stacks, 2);
  EXPECT_EQ(inputs->train.positive_stacks, 2);
}

TEST_F(DatasetFreezer, ADecisionCountsBeforeWhatReadersSaidAndTheRestIsTold) {
  const auto said = project->writeNow<int>([](db::Database& database) -> Result<int> {
    const std::vector<db::SliceChange> second{{0, SliceLabel::None}, {3, SliceLabel::Fibrosis}};
    GADOLIN_CHECK(db::setSliceLabels(database, "P1-s1", second, "bert", 1, "key"));
    GADOLIN_CHECK(db::setSliceLabels(database, "P5-s1", second, "bert", 1, "key"));
    GADOLIN_CHECK(
        db::decideConsensus(database, "P1-s1", 0, SliceLabel::Fibrosis, "cora", 1, "key"));
    return 0;
  });
  ASSERT_TRUE(said.ok()) << said.error().message;
  const auto dataset = freeze(run::Supervision::Slice);
  EXPECT_EQ(stackOf(dataset, "P1-s1").labels,
            (std::vector{SliceLabel::Fibrosis, SliceLabel::Fibrosis, SliceLabel::None,
                         SliceLabel::Fibrosis}))
      << "slice 0 as decided, slice 3 by the newest label";
  const auto inputs = countInputs(project->reader());
  ASSERT_TRUE(inputs.ok());
  EXPECT_EQ(inputs->undecided_slices, 1) << "P5 is of the test part";
  EXPECT_NE(remark(*inputs, run::Supervision::Slice).find("disagree on 1 slice and"),
            std::string::npos);
  EXPECT_TRUE(remark(*inputs, run::Supervision::Pixel).empty());
}

TEST_F(DatasetFreezer, MixedSupervisionShowsTheMasksOfSoManyPatientsOnly) {
  // P1 and P3 have scar, P2 has none; each has a mask and slice labels.
  const auto all = freeze({run::Supervision::Mixed}, std::array{3, 0, 0});
  EXPECT_TRUE(holdsScar(stackOf(all, "P1-s1")) && holdsScar(stackOf(all, "P3-s1")));
  const auto one = freeze({run::Supervision::Mixed, 1, 1, 7}, std::array{1, 1, 1});
  int shown = 0, labelled = 0;
  for (const char* stack : {"P1-s1", "P2-s1", "P3-s1"}) {
    const auto& frozen = stackOf(one, stack);
    shown += frozen.mask_shows_fibrosis ? 1 : 0;
    labelled += frozen.labels.empty() ? 0 : 1;
    EXPECT_TRUE(frozen.mask_shows_fibrosis || !holdsScar(frozen)) << stack;
    EXPECT_TRUE(frozen.stack_label) << stack;
  }
  EXPECT_EQ(shown, 1);
  EXPECT_EQ(labelled, 2) << "of the one with the mask too";
  const auto limited =
      freeze({run::Supervision::Mixed, -1, -1, 7, {{"P1", Sight::Slices}, {"P3", Sight::Stack}}},
             std::array{1, 1, 1});
  EXPECT_FALSE(holdsScar(stackOf(limited, "P1-s1")));
  EXPECT_FALSE(stackOf(limited, "P1-s1").labels.empty());
  EXPECT_TRUE(stackOf(limited, "P3-s1").labels.empty());
}

TEST_F(DatasetFreezer, AnOutlineWithoutScarIsNoProofOfHealthWhenALabelSaysFibrosis) {
  const auto changed = project->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_TRY(const auto events,
                db::setSliceLabels(database, "P2-s1",
                                   std::vector<db::SliceChange>{{1, SliceLabel::Fibrosis}}, "anna",
                                   1, "key"));
    return static_cast<int>(events.size());
  });
  ASSERT_TRUE(changed.ok());
  for (const auto supervision : {run::Supervision::Pixel, run::Supervision::Mixed}) {
    const auto dataset = freeze(supervision);
    EXPECT_FALSE(stackOf(dataset, "P2-s1").mask_shows_fibrosis);
    EXPECT_TRUE(stackOf(dataset, "P4-s1").mask_shows_fibrosis);
  }
}

TEST(Sights, ASmallerNumberTakesSomeOfALargerOnesInTheCohortsShares) {
  std::vector<PatientEvidence> patients;
  for (int i = 0; i < 40; ++i)
    patients.push_back({"p" + std::to_string(100 + i),
                        i < 30 ? dataset::Part::Train : dataset::Part::Validation, true, true,
                        i % 3 != 0});
  const auto pixels = [&](long long wanted) {
    std::set<std::string> names;
    const auto sights = chooseSights(patients, {run::Supervision::Mixed, wanted, -1, 1});
    for (const auto& [name, sight] : sights)
      if (sight == Sight::Masks) names.insert(name);
    return names;
  };
  const auto few = pixels(9), more = pixels(15);
  EXPECT_EQ(more.size(), 15U + 5U) << "half of training, so half of validation";
  EXPECT_TRUE(std::ranges::includes(more, few));
  int fibrotic = 0, train = 0;
  for (const auto& patient : patients) {
    if (patient.part != dataset::Part::Train || !more.contains(patient.patient)) continue;
    ++train;
    fibrotic += patient.fibrosis ? 1 : 0;
  }
  EXPECT_EQ(train, 15);
  EXPECT_NEAR(fibrotic, 10, 1) << "two thirds, as in the cohort";
  EXPECT_TRUE(pixels(0).empty());
  EXPECT_EQ(pixels(-1).size(), 40U);
}

TEST(Sights, ATableOfLevelsNamesTheLineThatItCannotRead) {
  const auto table = parseSights("patient,level\nP1,slice\nP2,stack\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->at("P1"), Sight::Slices);
  for (const auto& [text, what] :
       {std::pair{"patient,level\nP1,mask\n", "Line 2: 'mask'"},
        {"patient,level\nP1,pixel\nP1,stack\n", "Line 3: patient P1 is named twice"},
        {"patient,split\n", "columns 'patient' and 'level'"}}) {
    const auto refused = parseSights(text);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find(what), std::string::npos) << refused.error().message;
  }
}

TEST_F(DatasetFreezer, TheSameProjectGivesTheSameBytes) {
  const auto one = freezeForTraining(project->reader(), project->paths(), {run::Supervision::Slice},
                                     file, {}, cancel);
  const auto two = freezeForTraining(project->reader(), project->paths(), {run::Supervision::Slice},
                                     folder.path() / "again.safetensors", {}, cancel);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one->sha256, two->sha256);
  EXPECT_EQ(one->masks, 4);
}

TEST_F(DatasetFreezer, CancellingLeavesNoFile) {
  cancel = true;
  const auto frozen = freezeForTraining(project->reader(), project->paths(),
                                        {run::Supervision::Slice}, file, {}, cancel);
  ASSERT_FALSE(frozen.ok());
  EXPECT_EQ(frozen.error().code, ErrorCode::Cancelled);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(DatasetFreezer, APredictionSeesTheImageAlone) {
  const auto frozen =
      freezeForPrediction(project->reader(), project->paths(), {"P1-s1", "P6-s1"}, file);
  ASSERT_TRUE(frozen.ok());
  EXPECT_EQ(frozen->stacks, 2);
  EXPECT_EQ(frozen->masks, 0);
  const auto dataset = dataset::FrozenDataset::open(file);
  ASSERT_TRUE(dataset.ok());
  EXPECT_TRUE(stackOf(*dataset, "P1-s1").labels.empty());
  EXPECT_FALSE(freezeForPrediction(project->reader(), project->paths(), {"unknown"}, file).ok());
}

class Preflight : public test::TrainableProject {
 protected:
  Error refusal(const RunRequest& request = {}) {
    const auto checked = preflight(project->reader(), project->paths(), request);
    EXPECT_FALSE(checked.ok());
    return checked.ok() ? Error{} : checked.error();
  }
  void write(const std::function<Result<void>(db::Database&)>& body) {
    ASSERT_TRUE(project
                    ->writeNow<int>([&](db::Database& database) -> Result<int> {
                      GADOLIN_CHECK(body(database));
                      return 0;
                    })
                    .ok());
  }
};

TEST_F(Preflight, CountsWhatEachPartHas) {
  const auto checked = preflight(project->reader(), project->paths(), {});
  ASSERT_TRUE(checked.ok()) << checked.error().message;
  EXPECT_EQ(checked->train.patients, 3);
  EXPECT_EQ(checked->train.slices, 12);
  EXPECT_EQ(checked->train.labelled_slices, 12);
  EXPECT_EQ(checked->train.positive_slices, 4);  // P1 and P3
  EXPECT_EQ(checked->validation.masks, 1);
  EXPECT_EQ(checked->voxels, 6 * 16 * 12 * 4);
}

TEST_F(Preflight, AnEmptyPartIsNamed) {
  write([](db::Database& database) { return db::setPart(database, "P4", dataset::Part::Train); });
  const Error error = refusal();
  EXPECT_EQ(error.code, ErrorCode::Conflict);
  EXPECT_NE(error.message.find("validation part of the split is empty"), std::string::npos)
      << error.message;
}

TEST_F(Preflight, NoSplitAndNoLabelsSayWhatToDo) {
  write([](db::Database& database) { return db::replaceSplit(database, {}); });
  EXPECT_NE(refusal().message.find("gadolinctl split"), std::string::npos);
}

TEST_F(Preflight, SlicesOfOneKindCannotTeachAClassifier) {
  write([](db::Database& database) -> Result<void> {
    for (const char* stack : {"P1-s1", "P3-s1"}) {
      GADOLIN_CHECK(db::setSliceLabels(
          database, stack,
          std::vector<db::SliceChange>{{0, SliceLabel::None}, {1, SliceLabel::None}}, "anna", 1,
          "key"));
    }
    return {};
  });
  EXPECT_NE(refusal().message.find("slices of both kinds"), std::string::npos);
  RunRequest pixel;
  pixel.supervision = run::Supervision::Pixel;
  EXPECT_TRUE(preflight(project->reader(), project->paths(), pixel).ok());
}

TEST_F(Preflight, EveryKindSaysWhatIsMissing) {
  RunRequest request;
  for (const auto kind : {run::Supervision::Stack, run::Supervision::Mixed}) {
    request.supervision = kind;
    EXPECT_TRUE(preflight(project->reader(), project->paths(), request).ok()) << toText(kind);
  }
  write([](db::Database& database) -> Result<void> {
    for (const char* stack : {"P1-s1", "P2-s1", "P3-s1"}) {
      GADOLIN_CHECK(db::setSliceLabels(database, stack,
                                       std::vector<db::SliceChange>{{3, SliceLabel::Unlabelled}},
                                       "anna", 1, "key"));
    }
    return {};
  });
  request.supervision = run::Supervision::Stack;
  EXPECT_NE(refusal(request).message.find("needs stacks of both kinds"), std::string::npos)
      << "P2 is no longer known to be free of fibrosis";
  write([](db::Database& database) -> Result<void> {
    for (const char* stack : {"P1-s1", "P2-s1", "P3-s1"}) {
      std::vector<db::SliceChange> none;
      for (int z = 0; z < 4; ++z) none.push_back({z, SliceLabel::Unlabelled});
      GADOLIN_CHECK(db::setSliceLabels(database, stack, none, "anna", 1, "key"));
    }
    return {};
  });
  EXPECT_NE(refusal(request).message.find("it is known whether there is fibrosis"),
            std::string::npos);
  request.supervision = run::Supervision::Mixed;
  EXPECT_NE(refusal(request).message.find("--supervision pixel"), std::string::npos);
}

TEST_F(Preflight, PixelTrainingOnHealthyHeartsAloneIsRefusedBeforeThereIsARun) {
  write([](db::Database& database) -> Result<void> {
    GADOLIN_CHECK(db::setPart(database, "P1", dataset::Part::Test));
    return db::setPart(database, "P3", dataset::Part::Test);
  });
  RunRequest request;
  request.supervision = run::Supervision::Pixel;
  const std::atomic<bool> cancel{false};
  const auto refused = prepareRun(project->reader(), project->paths(), request, {}, cancel);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
  EXPECT_NE(refused.error().message.find("no mask of the training part"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(project->paths().runs()));
  request.stage = "myocardium";
  const auto outlines = prepareRun(project->reader(), project->paths(), request, {}, cancel);
  ASSERT_TRUE(outlines.ok()) << outlines.error().message;
  outlines->discard();
}

TEST_F(Preflight, MasksOfScarAloneTeachNoMyocardiumAndThatIsSaidBeforeThereIsARun) {
  for (const char* stack : {"P1-s1", "P2-s1", "P3-s1"}) drawScarAlone(*project, stack);
  const std::atomic<bool> cancel{false};
  for (const auto supervision : {run::Supervision::Pixel, run::Supervision::Slice}) {
    RunRequest request;
    request.supervision = supervision;
    const auto refused = prepareRun(project->reader(), project->paths(), request, {}, cancel);
    ASSERT_FALSE(refused.ok()) << toText(supervision);
    EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
    EXPECT_NE(refused.error().message.find("masks of scar alone"), std::string::npos)
        << refused.error().message;
  }
  EXPECT_TRUE(std::filesystem::is_empty(project->paths().runs()));
}

TEST_F(Preflight, ALevelOfAPatientWhoIsNotThereIsNamed) {
  RunRequest request;
  request.supervision = run::Supervision::Mixed;
  request.at_most = {{"P1", Sight::Slices}, {"p2", Sight::Stack}};
  const Error error = refusal(request);
  EXPECT_EQ(error.code, ErrorCode::InvalidInput);
  EXPECT_NE(error.message.find("'p2'"), std::string::npos) << error.message;
  request.at_most.erase("p2");
  EXPECT_TRUE(preflight(project->reader(), project->paths(), request).ok());
}

TEST_F(Preflight, AMixedRunSaysOfHowManyPatientsItSeesHowMuch) {
  RunRequest request;
  request.supervision = run::Supervision::Mixed;
  request.at_most = {{"P2", Sight::Slices}, {"P3", Sight::Stack}};
  const std::atomic<bool> cancel{false};
  const auto prepared = prepareRun(project->reader(), project->paths(), request, {}, cancel);
  ASSERT_TRUE(prepared.ok()) << prepared.error().message;
  EXPECT_EQ(
      prepared->seen,
      "The run sees the masks of 1 training patients, the slice labels of 1 more, and of 1 what "
      "is said of whole stacks.");
  prepared->discard();
}

TEST_F(Preflight, WhatCannotBeMeantIsAnInputError) {
  RunRequest request;
  request.stage = "pseudo";
  EXPECT_EQ(refusal(request).code, ErrorCode::InvalidInput);
  request = {};
  request.settings = {{"mixed.pixel_patients", "5"}};
  EXPECT_NE(refusal(request).message.find("--supervision mixed"), std::string::npos);
  request = {};
  request.settings = {{"fibrosis.epoch", "3"}};
  EXPECT_NE(refusal(request).message.find("fibrosis.epochs"), std::string::npos);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
