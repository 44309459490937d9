#include "ui/session/campaign.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/analysis/evaluation.h"
#include "core/base/files.h"
#include "tests/session/qt_main.h"
#include "tests/session/trainable_project.h"

namespace gadolin::session {
namespace {

using dataset::Part;

class CampaignTest : public test::TrainableProject {};

TEST_F(CampaignTest, EachPatientIsHeldOutOnceAndValidatesOnceAndTestPatientsNever) {
  RunRequest request;
  const auto folds = planFolds(project->reader(), request, 4);
  ASSERT_TRUE(folds) << folds.error().message;
  ASSERT_EQ(folds->runs.size(), 4U);
  std::map<std::string, int> held_out, validated, trained;
  for (const PlannedRun& run : folds->runs) {
    for (const auto& [patient, part] : run.request.parts)
      ++(part == Part::Test ? held_out : part == Part::Validation ? validated : trained)[patient];
  }
  const std::map<std::string, int> once{{"P1", 1}, {"P2", 1}, {"P3", 1}, {"P4", 1}};
  EXPECT_EQ(held_out, once);  // P5 and P6 are the project's test part
  EXPECT_EQ(validated, once);
  for (const auto& [patient, times] : trained) EXPECT_EQ(times, 2) << patient;
  const auto again = planFolds(project->reader(), request, 4);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, folds->id) << "the same command finds its plan";
  request.seed = 7;
  EXPECT_NE(planFolds(project->reader(), request, 4)->id, folds->id);
  EXPECT_EQ(planFolds(project->reader(), request, 2).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(planFolds(project->reader(), request, 5).error().code, ErrorCode::InvalidInput);
}

TEST_F(CampaignTest, SmallerCohortsOfAStudyArePartsOfLargerOnesAndTimeIsCounted) {
  RunRequest request;
  const auto study = planStudy(project->reader(), request,
                               {run::Supervision::Pixel, run::Supervision::Slice}, {1, 2, 3});
  ASSERT_TRUE(study) << study.error().message;
  ASSERT_EQ(study->runs.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto train = study->runs[i].patients(Part::Train);
    EXPECT_EQ(train.size(), i % 3 + 1);
    EXPECT_EQ(study->runs[i].patients(Part::Test), (std::set<std::string>{"P5", "P6"}));
    if (i % 3 == 0) continue;
    for (const auto& patient : study->runs[i - 1].patients(Part::Train))
      EXPECT_TRUE(train.contains(patient));
  }
  // Four slices a stack: 100 s a mask of a slice, 2 s a label.
  EXPECT_NEAR(study->runs[2].label_minutes, 3 * 4 * 100 / 60.0, 1e-9);
  EXPECT_NEAR(study->runs[5].label_minutes, 3 * 4 * 2 / 60.0, 1e-9);
  EXPECT_NE(study->assumption.find("100 s"), std::string::npos);
  EXPECT_EQ(planStudy(project->reader(), request, {run::Supervision::Slice}, {4}).error().code,
            ErrorCode::InvalidInput);
}

TEST_F(CampaignTest, APlanStaysWhenTheProjectChanges) {
  const auto folds = planFolds(project->reader(), {}, 3);
  ASSERT_TRUE(folds);
  const auto kept = keepPlan(project->paths(), *folds);
  ASSERT_TRUE(kept) << kept.error().message;
  Campaign changed = *folds;
  changed.runs.pop_back();
  const auto later = keepPlan(project->paths(), changed);
  ASSERT_TRUE(later);
  ASSERT_EQ(later->runs.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(later->runs[i].request.parts, folds->runs[i].request.parts);
    EXPECT_EQ(later->runs[i].request.id, folds->runs[i].request.id);
  }
  std::ofstream(campaignFolder(project->paths(), folds->id) / "plan.json") << "{}";
  EXPECT_EQ(keepPlan(project->paths(), *folds).error().code, ErrorCode::Corrupt);
}

RunRequest mixed(Sights levels) {
  RunRequest request;
  request.supervision = run::Supervision::Mixed;
  request.at_most = std::move(levels);
  return request;
}

TEST_F(CampaignTest, FoldsKeepTheLevelsThatTheyWereAskedFor) {
  const Sights levels{{"P1", Sight::Slices}, {"P3", Sight::Stack}};
  const auto folds = planFolds(project->reader(), mixed(levels), 3);
  ASSERT_TRUE(folds) << folds.error().message;
  for (const bool from_file : {false, true}) {
    const auto kept =
        keepPlan(project->paths(), from_file ? Campaign{folds->id, {}, {}, {}} : *folds);
    ASSERT_TRUE(kept) << kept.error().message;
    ASSERT_EQ(kept->runs.size(), 3U);
    for (const PlannedRun& run : kept->runs) EXPECT_EQ(run.request.at_most, levels) << run.name;
  }
  // Another table of levels is another experiment.
  for (const Sights& other : {Sights{}, Sights{{"P1", Sight::Slices}},
                              Sights{{"P1", Sight::Masks}, {"P3", Sight::Stack}}})
    EXPECT_NE(planFolds(project->reader(), mixed(other), 3)->id, folds->id);
}

TEST_F(CampaignTest, ALevelOfAPatientWhoIsNotThereMakesNoFolds) {
  const auto refused =
      planFolds(project->reader(), mixed({{"P1", Sight::Slices}, {"P11", Sight::Stack}}), 3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(refused.error().message.find("'P11'"), std::string::npos) << refused.error().message;
}

TEST_F(CampaignTest, AFoldThatCouldNotBeScoredIsRefusedBeforeDaysOfTraining) {
  test::addSample(*project, "P7", 4, -1);  // no mask
  ASSERT_TRUE(project->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::setPart(database, "P7", Part::Train));
    return 0;
  }));
  // Five patients in five folds: P7 is alone in one.
  const auto alone = planFolds(project->reader(), {}, 5);
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, ErrorCode::InvalidInput);
  for (const char* words : {"None of the 1 patients", "fewer folds", "another --seed"})
    EXPECT_NE(alone.error().message.find(words), std::string::npos) << alone.error().message;
  // In four folds one has two patients, and with some seeds P7 is one of them.
  int planned = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RunRequest request;
    request.seed = seed;
    const auto folds = planFolds(project->reader(), request, 4);
    if (!folds) continue;
    ++planned;
    for (const PlannedRun& run : folds->runs)
      EXPECT_NE(run.patients(Part::Test), (std::set<std::string>{"P7"})) << seed;
  }
  EXPECT_GT(planned, 0);
}

TEST_F(CampaignTest, AStudyIsOfStacksTooAndNotOfMixedRuns) {
  const auto study = planStudy(project->reader(), {}, {run::Supervision::Stack}, {2, 3});
  ASSERT_TRUE(study) << study.error().message;
  EXPECT_NEAR(study->runs[1].label_minutes, 3 * 3 / 60.0, 1e-9) << "3 s a stack";
  const auto refused =
      planStudy(project->reader(), {}, {run::Supervision::Slice, run::Supervision::Mixed}, {2});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(refused.error().message.find("pixel, slice or stack"), std::string::npos)
      << refused.error().message;
}

TEST_F(CampaignTest, APlanOfANewerGadolinIsNotCalledBroken) {
  const auto folds = planFolds(project->reader(), {}, 3);
  ASSERT_TRUE(folds && keepPlan(project->paths(), *folds));
  const auto file = campaignFolder(project->paths(), folds->id) / "plan.json";
  std::string text = readFile(file).value();
  const auto version = text.find("\"version\": 1");
  ASSERT_NE(version, std::string::npos);
  text.replace(version, 12, "\"version\": 2");
  ASSERT_TRUE(writeFileAtomically(file, text));
  EXPECT_EQ(keepPlan(project->paths(), *folds).error().code, ErrorCode::NewerVersion);
}

/// What a run says of one held-out stack of two slices, of which the first holds scar where
/// `scarred`.
EvaluatedRun heldOut(const std::string& patient, bool scarred, const char* kind,
                     const analysis::SliceScores& scores) {
  const Mask mask = test::sampleMask(2, scarred ? 1 : 0);
  const std::vector<double> extent_mm(2, 10);
  auto stack = analysis::evaluateStack(patient, patient + "-s1", mask, mask, extent_mm, scores);
  EXPECT_TRUE(stack);
  EvaluatedRun run;
  run.evaluation.slice_score = kind;
  run.stacks.push_back(std::move(stack).value());
  return run;
}

TEST_F(CampaignTest, FoldsThatScoreDifferentlyArePooledWithoutTheirScores) {
  const auto folds = planFolds(project->reader(), {}, 3);
  ASSERT_TRUE(folds && keepPlan(project->paths(), *folds));
  const std::vector<float> two{0.9F, 0.1F};
  const auto pooled = [&](const char* second_kind, std::optional<float> second_whole) {
    std::vector<EvaluatedRun> runs{
        heldOut("P1", true, "classifier", {two, two, 0.8F}),
        heldOut("P2", false, second_kind, {two, {0.2F, 0.1F}, second_whole}),
        heldOut("P4", false, "classifier", {two, {0.3F, 0.1F}, 0.85F})};
    const auto text = writeFolds(project->paths(), *folds, runs, "0.0.0");
    EXPECT_TRUE(text);
    const auto written =
        readFile(campaignFolder(project->paths(), folds->id) / "folds.json").value();
    const auto document = nlohmann::json::parse(written).at("pooled");
    const bool warned = text->find("no pooled AUROC") != std::string::npos;
    EXPECT_EQ(warned, document.at("warnings").size() == 1);
    EXPECT_EQ(warned, document.at("fibrosis").at("auroc_slice").is_null());
    return document.at("fibrosis").at("auroc_stack");
  };
  EXPECT_DOUBLE_EQ(pooled("classifier", 0.1F).get<double>(), 0.5) << "0.8 of 0.1 and 0.85";
  EXPECT_DOUBLE_EQ(pooled("classifier", {}).get<double>(), 1)
      << "one lacks its own probability: the highest slice counts for all";
  EXPECT_TRUE(pooled("max-probability", 0.1F).is_null());
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
