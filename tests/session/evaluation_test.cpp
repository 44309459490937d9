#include "ui/session/evaluation.h"

#include <gmock/gmock.h>

#include <fstream>

#include "core/base/safetensors.h"
#include "core/run/event.h"
#include "core/run/run_config.h"
#include "database/labels.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"
#include "ui/session/quantification.h"
#include "ui/session/report_builder.h"

namespace gadolin::session::test {
namespace {

using analysis::Target;
using ::testing::HasSubstr;

db::MaskRecord record(std::int64_t id, db::MaskSource source,
                      std::optional<std::int64_t> parent = std::nullopt) {
  db::MaskRecord mask;
  mask.id = id;
  mask.source = source;
  mask.parent = parent;
  return mask;
}

TEST(ChooseReference, AMaskMadeWithoutTheModelWinsOverANewerEditOfAPrediction) {
  using enum db::MaskSource;
  const auto chosen = chooseReference(
      {record(1, Reference), record(2, Prediction), record(3, Reader, 2), record(4, Reader, 3)});
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->record.id, 1);
  EXPECT_FALSE(chosen->began_as_prediction);
}

TEST(ChooseReference, AnEditedPredictionIsTakenAndFlaggedWhereThereIsNothingElse) {
  using enum db::MaskSource;
  const auto chosen = chooseReference({record(2, Prediction), record(3, Reader, 2)});
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->record.id, 3);
  EXPECT_TRUE(chosen->began_as_prediction);
  EXPECT_FALSE(chooseReference({record(2, Prediction)}).has_value());
}

TEST(ChooseReference, AnAcceptanceThatWasTakenBackIsNoReference) {
  using enum db::MaskSource;
  auto accepted = record(3, Reader, 2);
  accepted.withdrawn = true;
  EXPECT_FALSE(chooseReference({record(2, Prediction), accepted}).has_value());
}

TEST(ChooseReference, TheNewestRevisionOfAPersonCounts) {
  using enum db::MaskSource;
  EXPECT_EQ(chooseReference({record(1, Reference), record(5, Reader, 1)})->record.id, 5);
}

/// P1 (6 slices, scar on 2), P2 (5 slices, healthy), P3 (4 slices, no mask); all in the test part.
class Evaluated : public SampleProject {
 protected:
  Evaluated() {
    db::RunRecord run;
    run.id = "run-1";
    run.supervision = "slice";
    run.preset = "quick";
    run.state = db::RunState::Finished;
    const auto added = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      GADOLIN_CHECK(db::addRun(database, run));
      GADOLIN_CHECK(db::replaceSplit(database, {{"P1", dataset::Part::Test, {}},
                                                {"P2", dataset::Part::Test, {}},
                                                {"P3", dataset::Part::Test, {}}}));
      return 0;
    });
    EXPECT_TRUE(added.ok());
    std::filesystem::create_directories(project->paths().run("run-1").predictions());
  }

  /// Stores a prediction whose scar is that of sampleMask(slices, scarred); returns its id.
  std::int64_t predict(const std::string& patient, int slices, int scarred, bool with_maps = true) {
    const Mask mask = sampleMask(slices, scarred);
    db::MaskRecord revision;
    revision.stack = patient + "-s1";
    revision.source = db::MaskSource::Prediction;
    revision.run = "run-1";
    revision.sha256 = contentHash(mask);
    EXPECT_TRUE(writeMask(project->paths().mask(revision.sha256), mask).ok());
    db::PredictionRecord prediction;
    prediction.run = "run-1";
    prediction.stack = revision.stack;
    prediction.myocardium_ml = 16 * 12 * slices * 0.0225;
    prediction.scar_ml = scarred * 0.0225;
    const auto id =
        project->writeNow<std::int64_t>([&](db::Database& database) -> Result<std::int64_t> {
          GADOLIN_TRY(prediction.mask, db::addMask(database, revision));
          return db::addPrediction(database, prediction);
        });
    EXPECT_TRUE(id.ok());
    if (with_maps) {
      std::vector<std::uint8_t> fibrosis(mask.voxels.size(), 10);
      for (std::size_t i = 0; i < fibrosis.size(); ++i) {
        if (isFibrosis(mask.voxels[i])) fibrosis[i] = 200;
      }
      const std::vector<std::int64_t> shape{slices, 12, 16};
      EXPECT_TRUE(
          writeSafetensors(project->paths().run("run-1").prediction(revision.stack),
                           {tensorView<std::uint8_t>("p_fibrosis", Dtype::U8, shape, fibrosis),
                            tensorView<std::uint8_t>("p_myocardium", Dtype::U8, shape, fibrosis)},
                           {})
              .ok());
    }
    return *id;
  }

  Result<analysis::Evaluation> evaluate(const std::string& split = "test") {
    return evaluateRun(project->paths(), project->reader(), "run-1", split, "0.0.0");
  }
};

TEST_F(Evaluated, FiguresComeFromMasksAndProbabilityMaps) {
  predict("P1", 6, 3);  // one slice too many
  predict("P2", 5, 0);
  const auto evaluation = evaluate();
  ASSERT_TRUE(evaluation.ok()) << evaluation.error().message;
  const auto& fibrosis = evaluation->of(Target::Fibrosis);
  EXPECT_EQ(fibrosis.patients, 2);
  EXPECT_EQ(fibrosis.slices, 11);
  EXPECT_DOUBLE_EQ(*fibrosis.dice_patient_mean, 2.0 * 2 / (2 + 3));
  EXPECT_EQ(fibrosis.fp_patients, 0);
  EXPECT_EQ(fibrosis.negative_patients, 1);
  EXPECT_NEAR(*fibrosis.volume_bias_ml, 0.0225 / 2,
              1e-12);  // 1.5 x 1.5 x 10 mm, mean of two patients
  EXPECT_DOUBLE_EQ(*evaluation->of(Target::Myocardium).dice_patient_mean, 1.0);
  // Label 4 sits on slice 0 of both masks; infarct alone is one voxel against two.
  EXPECT_DOUBLE_EQ(*evaluation->of(Target::Infarct).dice_patient_mean, 2.0 * 1 / (1 + 2));
  // 2 positive slices with 200; of 9 negative ones one has 200 too: (8 + 0.5) / 9 each.
  EXPECT_NEAR(*fibrosis.auroc_slice, 8.5 / 9.0, 1e-12);
  EXPECT_EQ(evaluation->slice_score, "max-probability");
  ASSERT_EQ(evaluation->warnings.size(), 1U);  // P3 has no mask
  EXPECT_THAT(evaluation->warnings[0], HasSubstr("P3-s1"));

  ASSERT_TRUE(saveEvaluation(project->paths(), *evaluation).ok());
  const auto loaded = loadEvaluation(project->paths(), "run-1");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(analysis::toJson(*loaded), analysis::toJson(*evaluation));
}

TEST_F(Evaluated, MissingPredictionsAreNamedWithTheCommandThatMakesThem) {
  predict("P1", 6, 2);
  const auto evaluation = evaluate();
  ASSERT_FALSE(evaluation.ok());
  EXPECT_EQ(evaluation.error().code, ErrorCode::NotFound);
  EXPECT_THAT(evaluation.error().message, HasSubstr("1 of 2"));
  EXPECT_THAT(evaluation.error().message, HasSubstr("P2-s1"));
  EXPECT_THAT(evaluation.error().message, HasSubstr("predict PROJECT --run run-1 --split test"));
}

TEST_F(Evaluated, WithoutProbabilityMapsThereIsNoAurocAndASentence) {
  predict("P1", 6, 2, false);
  predict("P2", 5, 0, false);
  const auto evaluation = evaluate();
  ASSERT_TRUE(evaluation.ok());
  EXPECT_FALSE(evaluation->of(Target::Fibrosis).auroc_slice.has_value());
  EXPECT_THAT(evaluation->warnings.back(), HasSubstr("no AUROC"));
  EXPECT_DOUBLE_EQ(*evaluation->of(Target::Fibrosis).dice_patient_mean, 1.0);
}

TEST_F(Evaluated, PredictionsOfTheWeightsBeforeARunWasTrainedLongerDoNotCount) {
  predict("P1", 6, 2);
  predict("P2", 5, 0);
  run::RunConfig config;
  config.id = "run-1";
  config.preset = "quick";
  config.settings = run::Settings::preset("quick").value();
  config.extra_epochs = 5;
  const run::RunFolder longer = project->paths().run("run-1");
  ASSERT_TRUE(run::writeRunConfig(longer.config(), config).ok());
  EXPECT_TRUE(evaluate().ok()) << "no new epoch has begun: the weights are those that predicted";
  // With the first new epoch the worker takes the files away.
  std::filesystem::remove_all(longer.predictions());
  const auto evaluation = evaluate();
  ASSERT_FALSE(evaluation.ok());
  EXPECT_EQ(evaluation.error().code, ErrorCode::NotFound);
  EXPECT_THAT(evaluation.error().message, HasSubstr("P1-s1, P2-s1"));
  EXPECT_THAT(evaluation.error().message, HasSubstr("gadolinctl predict PROJECT --run run-1"));
}

TEST_F(Evaluated, AProbabilityOfAStackIsNotRankedAmongHighestSlices) {
  predict("P1", 6, 2, false);
  predict("P2", 5, 0, false);
  // The classifier's map of each slice, and of the whole stack where `whole` is given.
  const auto classify = [this](const char* stack, std::vector<float> slices,
                               std::optional<float> whole) {
    const std::vector<std::int64_t> shape{static_cast<std::int64_t>(slices.size())}, one{1};
    const std::vector<float> stack_score{whole.value_or(0)};
    std::vector<TensorView> tensors{
        tensorView<float>("slice_probability", Dtype::F32, shape, slices)};
    if (whole)
      tensors.push_back(tensorView<float>("stack_probability", Dtype::F32, one, stack_score));
    ASSERT_TRUE(
        writeSafetensors(project->paths().run("run-1").prediction(stack), tensors, {}).ok());
  };
  const auto auroc = [this] {
    const auto evaluation = evaluate();
    EXPECT_TRUE(evaluation.ok());
    return evaluation->of(Target::Fibrosis).auroc_stack.value_or(-1);
  };
  classify("P1-s1", {0.9F, 0.8F, 0, 0, 0, 0}, 0.3F);
  classify("P2-s1", {0.5F, 0, 0, 0, 0}, 0.4F);
  EXPECT_DOUBLE_EQ(auroc(), 0) << "0.3 of the fibrotic stack, 0.4 of the healthy one";
  // Predicted before there was one of whole stacks: slices are compared with slices.
  classify("P2-s1", {0.5F, 0, 0, 0, 0}, {});
  EXPECT_DOUBLE_EQ(auroc(), 1) << "0.9 against 0.5, not 0.3 against 0.5";
}

TEST_F(Evaluated, EmptyPartsAndUnknownRunsAreRefusedInWords) {
  const auto empty = evaluate("val");
  ASSERT_FALSE(empty.ok());
  EXPECT_THAT(empty.error().message, HasSubstr("gadolinctl split"));
  const auto unknown = evaluateRun(project->paths(), project->reader(), "run-9", "test", "0.0.0");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
  EXPECT_THAT(loadEvaluation(project->paths(), "run-1").error().message,
              HasSubstr("gadolinctl evaluate"));
}

/// A cell of a CSV without line breaks in cells: row 1 is the first below the header.
std::string cellOf(const std::string& csv, std::size_t row, const std::string& column) {
  const auto split = [](const std::string& text, char by) {
    std::vector<std::string> parts{""};
    bool quoted = false;
    for (const char c : text) {
      if (c == '"') quoted = !quoted;
      if (c == by && !quoted)
        parts.emplace_back();
      else
        parts.back() += c;
    }
    return parts;
  };
  const auto lines = split(csv, '\n');
  const auto head = split(lines.at(0), ',');
  const auto at = std::find(head.begin(), head.end(), column) - head.begin();
  return split(lines.at(row), ',').at(static_cast<std::size_t>(at));
}

TEST_F(Evaluated, QuantifyAllHasEverySourceInItsOwnRowOnTheSameContours) {
  predict("P1", 6, 3);
  const auto all = quantify(project->paths(), project->reader(), "all");
  ASSERT_TRUE(all.ok()) << all.error().message;
  std::vector<std::string> sources;
  for (const auto& row : all->rows) {
    if (row.stack == "P1-s1") sources.push_back(row.source);
  }
  EXPECT_EQ(sources, (std::vector<std::string>{"reference", "ai", "2sd", "3sd", "4sd", "5sd", "6sd",
                                               "fwhm", "otsu"}));
  EXPECT_EQ(all->rows[0].volumes.myocardium_ml, all->rows[4].volumes.myocardium_ml);
  ASSERT_EQ(all->sentences.size(), 1U) << "one sentence for a stack without any mask";
}

TEST_F(Evaluated, QuantifyMeasuresReferencesAndPredictionsAndSaysWhatIsLeftOut) {
  predict("P1", 6, 3);
  const auto reference = quantify(project->paths(), project->reader(), "reference");
  ASSERT_TRUE(reference.ok());
  ASSERT_EQ(reference->rows.size(), 2U);
  EXPECT_NEAR(reference->rows[0].volumes.scar_ml, 2 * 0.0225, 1e-12);
  EXPECT_NEAR(reference->rows[0].volumes.mvo_ml, 0.0225, 1e-12);
  ASSERT_EQ(reference->sentences.size(), 1U);
  EXPECT_THAT(reference->sentences[0], HasSubstr("P3-s1"));
  const auto ai = quantify(project->paths(), project->reader(), "ai");
  ASSERT_TRUE(ai.ok());
  ASSERT_EQ(ai->rows.size(), 1U);
  EXPECT_EQ(ai->rows[0].method, "run run-1");
  EXPECT_TRUE(ai->rows[0].mvo_known);  // this mask holds MVO
  EXPECT_NEAR(ai->rows[0].volumes.scar_ml, 3 * 0.0225, 1e-12);
  const std::string csv = toCsv(*ai);
  EXPECT_THAT(csv,
              HasSubstr("patient,stack,source,method,myocardium_ml,myocardium_g,scar_ml,scar_g,"
                        "scar_percent_lvm,mvo_ml,core_ml,grey_zone_ml,scar_pattern,rv_insertion,"
                        "segments_missing_because,aha_1_myocardium_ml,"));
  EXPECT_THAT(csv, HasSubstr("P1,P1-s1,ai,run run-1,25.920,27.216,0.068,0.071,0.260,0.022,"));
  EXPECT_EQ(quantify(project->paths(), project->reader(), "7sd").error().code,
            ErrorCode::InvalidInput);
}

TEST_F(Evaluated, APredictionWithoutMvoLeavesItsColumnEmptyAndDoesNotSayZero) {
  predict("P2", 5, 0);
  const auto ai = quantify(project->paths(), project->reader(), "ai");
  ASSERT_TRUE(ai.ok());
  ASSERT_EQ(ai->rows.size(), 1U);
  EXPECT_FALSE(ai->rows[0].mvo_known);
}

TEST_F(Evaluated, ThresholdsLeaveTheMvoColumnEmpty) {
  const auto result = quantify(project->paths(), project->reader(), "fwhm");
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result->rows[0].mvo_known);
  EXPECT_EQ(cellOf(toCsv(*result), 1, "mvo_ml"), "");
  EXPECT_NE(cellOf(toCsv(*result), 1, "scar_ml"), "");
}

TEST_F(Evaluated, QuantifyWithoutAnyPredictionSaysWhatToRun) {
  const auto ai = quantify(project->paths(), project->reader(), "ai");
  ASSERT_FALSE(ai.ok());
  EXPECT_THAT(ai.error().message, HasSubstr("gadolinctl predict"));
}

TEST_F(Evaluated, PatientReportTellsEditedFromAcceptedFromRaw) {
  const std::int64_t prediction = predict("P1", 6, 3);
  const auto titleOf = [&] {
    const auto report = collectPatientReport(project->paths(), project->reader(), "P1", "0.0.0");
    EXPECT_TRUE(report.ok());
    return report.ok() ? report->method_title : report.error().message;
  };
  EXPECT_EQ(titleOf(), "AI segmentation, not edited");

  const auto review = [&](db::Verdict verdict) {
    return project->writeNow<int>([&](db::Database& database) -> Result<int> {
      GADOLIN_CHECK(db::addReview(database, {prediction, verdict, "fine", "Dr A", ""}));
      return 0;
    });
  };
  ASSERT_TRUE(review(db::Verdict::Accepted).ok());
  EXPECT_EQ(titleOf(), "AI segmentation, accepted without edits");
  // The mask that an acceptance leaves behind does not outlive the verdict.
  ASSERT_TRUE(project
                  ->writeNow<std::int64_t>([&](db::Database& database) -> Result<std::int64_t> {
                    GADOLIN_TRY(const auto found, db::predictionById(database, prediction));
                    GADOLIN_TRY(db::MaskRecord accepted, db::maskById(database, found.mask));
                    accepted.source = db::MaskSource::Reader;
                    accepted.author = "Dr A";
                    accepted.run.clear();
                    accepted.parent = found.mask;
                    return db::addMask(database, accepted);
                  })
                  .ok());
  ASSERT_TRUE(review(db::Verdict::Rejected).ok());
  EXPECT_EQ(titleOf(), "AI segmentation, not edited");
  ASSERT_TRUE(review(db::Verdict::Accepted).ok());
  EXPECT_EQ(titleOf(), "AI segmentation, accepted without edits");

  const Mask edited = sampleMask(6, 4);
  const auto changed =
      project->writeNow<std::int64_t>([&](db::Database& database) -> Result<std::int64_t> {
        GADOLIN_TRY(const auto found, db::predictionById(database, prediction));
        db::MaskRecord revision;
        revision.stack = "P1-s1";
        revision.source = db::MaskSource::Reader;
        revision.author = "Dr A";
        revision.parent = found.mask;
        revision.sha256 = contentHash(edited);
        GADOLIN_CHECK(writeMask(project->paths().mask(revision.sha256), edited));
        return db::addMask(database, revision);
      });
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(titleOf(), "AI segmentation, edited by a reader");
  const auto report = collectPatientReport(project->paths(), project->reader(), "P1", "0.0.0");
  EXPECT_NEAR(report->measured.scar_ml, 4 * 0.0225, 1e-12);
  ASSERT_TRUE(report->reference.has_value());  // the imported mask, not the edit
  EXPECT_NEAR(report->reference->scar_ml, 2 * 0.0225, 1e-12);
  EXPECT_THAT(report->review, HasSubstr("accepted by Dr A"));
  EXPECT_EQ(report->comment, "fine");
}

TEST_F(Evaluated, PatientReportsWithoutMasksOrPatientsAreRefusedInWords) {
  const auto unknown = collectPatientReport(project->paths(), project->reader(), "P9", "0.0.0");
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().message, HasSubstr("P9"));
  const auto unsegmented = collectPatientReport(project->paths(), project->reader(), "P3", "0.0.0");
  ASSERT_FALSE(unsegmented.ok());
  EXPECT_THAT(unsegmented.error().message, HasSubstr("no segmentation yet"));
  const auto reference = collectPatientReport(project->paths(), project->reader(), "P1", "0.0.0");
  ASSERT_TRUE(reference.ok());
  EXPECT_EQ(reference->method_title, "Imported reference segmentation");
  EXPECT_FALSE(reference->reference.has_value());
}

TEST_F(Evaluated, CohortReportHoldsCurvesScoresAndVolumes) {
  predict("P1", 6, 3);
  predict("P2", 5, 0);
  ASSERT_TRUE(saveEvaluation(project->paths(), *evaluate()).ok());
  {
    std::ofstream events(project->paths().run("run-1").events());
    for (int epoch = 1; epoch <= 3; ++epoch) {
      run::Epoch body;
      body.stage = "fibrosis";
      body.epoch = epoch;
      body.epochs = 3;
      body.train_loss = 1.0 / epoch;
      if (epoch > 1) body.val_dice = 0.2 * epoch;
      events << run::encode({static_cast<std::uint64_t>(epoch), "2026-01-31T12:00:00.000Z", body})
             << '\n';
    }
  }
  const auto report =
      collectCohortReport(project->paths(), project->reader(), "lab", std::nullopt, "0.0.0");
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->total.patients, 3);
  ASSERT_EQ(report->curves.size(), 1U);
  EXPECT_EQ(report->curves[0].epoch, (std::vector<int>{1, 2, 3}));
  EXPECT_FALSE(report->curves[0].val_dice[0].has_value());
  EXPECT_DOUBLE_EQ(*report->curves[0].val_dice[2], 0.6);
  ASSERT_TRUE(report->evaluation.has_value());
  ASSERT_EQ(report->stacks.size(), 3U);
  EXPECT_NEAR(report->stacks[0].reference->scar_ml, 2 * 0.0225, 1e-12);
  EXPECT_NEAR(report->stacks[0].prediction->scar_ml, 3 * 0.0225, 1e-12);
  EXPECT_FALSE(report->stacks[2].reference.has_value());
  EXPECT_THAT(report->notes, ::testing::Contains(HasSubstr("1 stack has no mask")));
}

}  // namespace
}  // namespace gadolin::session::test

GADOLIN_QT_TEST_MAIN();
