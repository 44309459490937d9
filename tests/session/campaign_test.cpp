#include "ui/session/campaign.h"

#include <gtest/gtest.h>

#include <fstream>

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
  const auto study = planStudy(project->reader(), request, {run::Supervision::Pixel, run::Supervision::Slice}, {1, 2, 3});
  ASSERT_TRUE(study) << study.error().message;
  ASSERT_EQ(study->runs.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto train = study->runs[i].patients(Part::Train);
    EXPECT_EQ(train.size(), i % 3 + 1);
    EXPECT_EQ(study->runs[i].patients(Part::Test), (std::set<std::string>{"P5", "P6"}));
    if (i % 3 == 0) continue;
    for (const auto& patient : study->runs[i - 1].patients(Part::Train)) EXPECT_TRUE(train.contains(patient));
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

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
