#include "core/analysis/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/analysis/evaluation_file.h"

namespace gadolin::analysis {
namespace {

/// A row of voxels a slice, 1 x 1 x 10 mm: 0.01 ml each.
Mask maskOf(std::vector<std::vector<std::uint8_t>> slices) {
  Geometry geometry;
  geometry.size = {static_cast<int>(slices[0].size()), 1, static_cast<int>(slices.size())};
  geometry.spacing_mm = {1, 1, 10};
  Mask mask(geometry);
  std::size_t i = 0;
  for (const auto& slice : slices)
    for (const std::uint8_t value : slice) mask.voxels[i++] = value;
  return mask;
}

EvaluatedStack evaluated(const std::string& patient, const Mask& reference, const Mask& prediction,
                         SliceScores scores = {}) {
  const std::vector<double> extents(static_cast<std::size_t>(reference.geometry.size[2]), 10.0);
  auto result = evaluateStack(patient, patient + "-s1", reference, prediction, extents, scores);
  EXPECT_TRUE(result.ok());
  return std::move(result).value();
}

TEST(Evaluation, LabelsBelongToTheirTargets) {
  EXPECT_FALSE(belongs(Target::Myocardium, 1));
  for (const std::uint8_t label : {2, 3, 4}) EXPECT_TRUE(belongs(Target::Myocardium, label));
  EXPECT_TRUE(belongs(Target::Fibrosis, 3));
  EXPECT_TRUE(belongs(Target::Fibrosis, 4));
  EXPECT_FALSE(belongs(Target::Fibrosis, 2));
  EXPECT_TRUE(belongs(Target::Infarct, 3));
  EXPECT_FALSE(belongs(Target::Infarct, 4));
}

TEST(Evaluation, AStackIsScoredByItsOwnProbabilityWhereTheClassifierGivesOne) {
  // The healthy stack has the highest slice, and the lower probability as a whole.
  const Mask scar = maskOf({{2, 3}, {2, 2}}), none = maskOf({{2, 2}, {2, 2}});
  const auto aurocOf = [&](std::optional<float> fibrotic, std::optional<float> healthy) {
    std::vector<EvaluatedStack> stacks;
    stacks.push_back(evaluated("A", scar, none, {{}, {0.6F, 0.5F}, fibrotic}));
    stacks.push_back(evaluated("B", none, none, {{}, {0.7F, 0.1F}, healthy}));
    return summarise(stacks, Target::Fibrosis).auroc_stack.value_or(-1);
  };
  EXPECT_DOUBLE_EQ(aurocOf({}, {}), 0);
  EXPECT_DOUBLE_EQ(aurocOf(0.8F, 0.7F), 1);
}

TEST(Evaluation, HandMadeCohort) {
  std::vector<EvaluatedStack> stacks;
  // A: slice 0 agrees in 2 of 2 + 2 voxels, slice 1 missed: patient Dice 2*2/(4+2), slices 1 and 0.
  stacks.push_back(
      evaluated("A", maskOf({{2, 3, 3, 2}, {2, 3, 4, 2}}), maskOf({{2, 3, 3, 2}, {2, 2, 2, 2}})));
  // B: half right: Dice 2*1/(2+2); second slice empty on both sides.
  stacks.push_back(
      evaluated("B", maskOf({{3, 3, 2, 2}, {2, 2, 2, 2}}), maskOf({{2, 3, 3, 2}, {2, 2, 2, 2}})));
  // C: healthy and found healthy. D: healthy, one voxel claimed.
  stacks.push_back(evaluated("C", maskOf({{2, 2, 2, 2}}), maskOf({{2, 2, 2, 2}})));
  stacks.push_back(evaluated("D", maskOf({{2, 2, 2, 2}}), maskOf({{2, 2, 3, 2}})));

  const TargetMetrics m = summarise(stacks, Target::Fibrosis);
  EXPECT_EQ(m.patients, 4);
  EXPECT_EQ(m.slices, 6);
  EXPECT_EQ(m.positive_patients, 2);
  EXPECT_EQ(m.negative_patients, 2);
  EXPECT_EQ(m.fp_patients, 1);
  EXPECT_EQ(m.positive_slices, 3);
  EXPECT_NEAR(*m.dice_patient_mean, (2.0 / 3.0 + 0.5) / 2.0, 1e-12);
  EXPECT_NEAR(*m.dice_patient_median, (2.0 / 3.0 + 0.5) / 2.0, 1e-12);
  EXPECT_NEAR(*m.dice_patient_sd, (2.0 / 3.0 - 0.5) / std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(*m.dice_challenge_mean, (2.0 / 3.0 + 0.5 + 1.0 + 0.0) / 4.0, 1e-12);
  EXPECT_NEAR(*m.dice_slice_mean, (1.0 + 0.0 + 0.5) / 3.0, 1e-12);
  // 1; (0+1)/(2+1); (2+1)/(4+1); 1; 1; (0+1)/(1+1)
  EXPECT_NEAR(*m.dice_slice_smoothed, (1.0 + 1.0 / 3.0 + 3.0 / 5.0 + 1.0 + 1.0 + 0.5) / 6.0, 1e-12);
  // -0.02, 0, 0, +0.01 ml
  EXPECT_NEAR(*m.volume_bias_ml, -0.0025, 1e-12);
  EXPECT_NEAR(*m.fp_volume_ml_mean, 0.005, 1e-12);
  // A: the missed slice lies 10 mm from the found one. B: shifted by one voxel.
  EXPECT_NEAR(*m.hd_mm_mean, (10.0 + 1.0) / 2.0, 1e-9);
  ASSERT_EQ(m.per_patient.size(), 4U);
  EXPECT_EQ(m.per_patient[0].patient, "D");  // a false positive is a Dice of 0
  EXPECT_EQ(m.per_patient[1].patient, "B");
  EXPECT_EQ(m.per_patient[2].patient, "A");
  EXPECT_EQ(m.per_patient[3].patient, "C");
  EXPECT_FALSE(m.per_patient[3].dice.has_value());
  EXPECT_FALSE(m.auroc_slice.has_value());  // no scores were given

  // Infarct alone: the MVO voxel of A is not part of it.
  const TargetMetrics infarct = summarise(stacks, Target::Infarct);
  EXPECT_NEAR(*infarct.dice_patient_mean, (2.0 * 2 / (3 + 2) + 0.5) / 2.0, 1e-12);
}

TEST(Evaluation, ScoresOfSlicesAndStacks) {
  std::vector<EvaluatedStack> stacks;
  const Mask sick = maskOf({{3, 2}, {2, 2}});
  const Mask healthy = maskOf({{2, 2}, {2, 2}});
  stacks.push_back(evaluated("A", sick, sick, {{1.F, 1.F}, {0.9F, 0.4F}}));
  stacks.push_back(evaluated("B", sick, sick, {{1.F, 1.F}, {0.3F, 0.2F}}));
  stacks.push_back(evaluated("C", healthy, healthy, {{1.F, 1.F}, {0.1F, 0.5F}}));
  const TargetMetrics m = summarise(stacks, Target::Fibrosis);
  // positives 0.9, 0.3 against negatives 0.4, 0.2, 0.1, 0.5: 4 + 2 of 8
  EXPECT_DOUBLE_EQ(*m.auroc_slice, 0.75);
  // stacks 0.9, 0.3 against 0.5
  EXPECT_DOUBLE_EQ(*m.auroc_stack, 0.5);
  EXPECT_FALSE(summarise(stacks, Target::Myocardium).auroc_slice.has_value());  // no negatives

  stacks[1]
      .scores.fibrosis.clear();  // one stack without a score: no figure rather than a partial one
  EXPECT_FALSE(summarise(stacks, Target::Fibrosis).auroc_slice.has_value());
}

TEST(Evaluation, TwoStacksOfOnePatientArePooled) {
  std::vector<EvaluatedStack> stacks;
  stacks.push_back(evaluated("A", maskOf({{3, 3}}), maskOf({{3, 3}})));
  stacks.push_back(evaluated("A", maskOf({{3, 3}}), maskOf({{2, 2}})));
  const TargetMetrics m = summarise(stacks, Target::Fibrosis);
  EXPECT_EQ(m.patients, 1);
  EXPECT_EQ(m.stacks, 2);
  EXPECT_NEAR(*m.dice_patient_mean, 2.0 * 2 / (4 + 2), 1e-12);
  EXPECT_NEAR(m.per_patient[0].reference_ml, 0.02, 1e-12);  // mean of the stacks, not their sum
  EXPECT_NEAR(m.per_patient[0].prediction_ml, 0.01, 1e-12);
  EXPECT_FALSE(m.dice_patient_sd.has_value());
  EXPECT_FALSE(m.dice_patient_ci95.has_value());
}

TEST(Evaluation, DifferentSizesAreRefused) {
  const auto result = evaluateStack("A", "A-s1", maskOf({{2, 3}}), maskOf({{2, 3, 3}}),
                                    std::vector<double>{10.0}, {});
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("A-s1"), std::string::npos);
}

TEST(EvaluationFile, FiguresAloneNameNoPatientStackOrWarning) {
  std::vector<EvaluatedStack> stacks;
  stacks.push_back(evaluated("Meier", maskOf({{2, 3, 3, 2}}), maskOf({{2, 3, 2, 2}})));
  Evaluation evaluation;
  evaluation.run = "run-1";
  evaluation.split = "test";
  evaluation.warnings = {"Lang-s1 has no reference."};
  for (std::size_t i = 0; i < evaluation.targets.size(); ++i)
    evaluation.targets[i] = summarise(stacks, all_targets[i]);
  ASSERT_NE(toJson(evaluation).find("Meier"), std::string::npos);
  const std::string figures = figuresToJson(evaluation);
  for (const char* word : {"Meier", "Lang", "per_patient", "warnings"})
    EXPECT_EQ(figures.find(word), std::string::npos) << word;
  for (const char* word : {"\"patients\":1", "\"dice_patient_mean\":0.666666666666666",
                           "\"split\":\"test\"", "\"auroc_slice\":null"})
    EXPECT_NE(figures.find(word), std::string::npos) << word << " in " << figures;
}

TEST(EvaluationFile, ComesBackAsItWasWithNullsForWhatIsUnknown) {
  std::vector<EvaluatedStack> stacks;
  stacks.push_back(evaluated("A", maskOf({{2, 3, 3, 2}}), maskOf({{2, 3, 2, 2}})));
  stacks.push_back(evaluated("B", maskOf({{2, 2, 2, 2}}), maskOf({{2, 2, 2, 2}})));
  Evaluation evaluation;
  evaluation.run = "run-1";
  evaluation.split = "test";
  evaluation.warnings = {"One stack has no reference."};
  for (std::size_t i = 0; i < 3; ++i) evaluation.targets[i] = summarise(stacks, all_targets[i]);
  const std::string json = toJson(evaluation);
  EXPECT_NE(json.find("\"auroc_slice\":null"), std::string::npos) << json;
  EXPECT_NE(json.find("\"volume_pearson\":null"), std::string::npos) << json;
  const auto read = evaluationFromJson(json);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(toJson(*read), json);
  EXPECT_NEAR(*read->of(Target::Fibrosis).dice_patient_mean, 2.0 / 3.0, 1e-12);
  EXPECT_EQ(read->of(Target::Fibrosis).per_patient.size(), 2U);
  EXPECT_EQ(evaluationFromJson("{\"run\":3}").error().code, ErrorCode::Corrupt);
  EXPECT_NE(toTable(*read).find("0 of 1"), std::string::npos) << toTable(*read);
}

}  // namespace
}  // namespace gadolin::analysis
