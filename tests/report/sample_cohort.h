#pragma once
// A cohort of made-up numbers: enough to lay out the report.

#include <cmath>

#include "core/report/cohort_report.h"

namespace gadolin::report::testing {

inline analysis::EvaluatedStack sampleEvaluated(int patient, std::uint64_t reference,
                                                std::uint64_t prediction, std::uint64_t both) {
  analysis::EvaluatedStack stack;
  stack.patient = "Patient-" + std::to_string(10 + patient);
  stack.stack = stack.patient + "-s1";
  for (auto& of : stack.targets) {
    of.slices = {{reference, prediction, both}, {0, 0, 0}};
    of.reference_ml = 0.02 * static_cast<double>(reference);
    of.prediction_ml = 0.02 * static_cast<double>(prediction);
    if (reference > 0 && prediction > 0) of.distances = analysis::SurfaceDistances{12.0, 6.5};
  }
  stack.scores.fibrosis = {static_cast<float>(prediction) / 1000.F, 0.1F};
  stack.scores.myocardium = {1.F, 0.2F};
  return stack;
}

inline CohortReport sampleCohort() {
  CohortReport report;
  report.project = "demo";
  for (int i = 0; i < 13; ++i) {
    CohortStack stack;
    const int patient = i < 12 ? i : 11;
    stack.patient = "Patient-" + std::to_string(10 + patient);
    stack.stack = stack.patient + (i < 12 ? "-s1" : "-s2");
    stack.part = patient < 7 ? "train" : patient < 9 ? "val" : "test";
    stack.kind = i % 3 == 0 ? "psir" : "magnitude";
    stack.columns = 256;
    stack.rows = 208;
    stack.slices = 8 + i % 3;
    stack.spacing_mm = {1.25, 1.25 + 0.05 * (i % 2), i % 2 == 0 ? 8.0 : 10.0};
    stack.labelled_slices = stack.slices;
    stack.positive_slices = i % 4;
    stack.stack_label = i % 4 > 0 ? "fibrosis" : "none";
    stack.reference = analysis::TissueVolumes{90, 110, 3.0 * (i % 4), 0};
    stack.prediction = analysis::TissueVolumes{90, 112, 2.7 * (i % 4) + 0.3, 0};
    stack.run = "run-1";
    report.stacks.push_back(stack);
  }
  report.stacks[1].verdict = "";
  report.data = describeData(report.stacks);
  report.parts = sumParts(report.stacks);
  report.total = sumAll(report.stacks);
  report.effort = {{"Dr A", 13, 116, 9.5, 2, 8.7}, {"reference", 13, 116, 0.0, 0, 0.0}};
  report.model = ModelFacts{
      "20261125-0512-slice-quick-ab12", "quick", "slice",
      "2026-11-25T05:12:00.000Z",       "0.1.0", "7 patients, 62 slices (25 with fibrosis)"};
  for (const char* stage : {"myocardium", "classifier", "fibrosis"}) {
    StageCurve curve;
    curve.stage = stage;
    for (int epoch = 1; epoch <= 30; ++epoch) {
      curve.epoch.push_back(epoch);
      curve.train_loss.push_back(0.8 * std::exp(-epoch / 8.0) + 0.12);
      curve.val_loss.push_back(0.75 * std::exp(-epoch / 8.0) + 0.2 + 0.02 * std::sin(epoch * 1.7));
      const bool classifier = curve.stage == "classifier";
      const double score = 0.85 * (1 - std::exp(-epoch / 6.0)) + 0.02 * std::sin(epoch * 2.3);
      curve.val_dice.push_back(classifier ? std::nullopt : std::optional<double>(score));
      curve.val_auroc.push_back(classifier ? std::optional<double>(score) : std::nullopt);
    }
    report.curves.push_back(curve);
  }
  std::vector<analysis::EvaluatedStack> evaluated;
  evaluated.push_back(sampleEvaluated(0, 600, 650, 500));
  evaluated.push_back(sampleEvaluated(1, 300, 200, 150));
  evaluated.push_back(sampleEvaluated(2, 900, 1000, 800));
  evaluated.push_back(sampleEvaluated(3, 0, 40, 0));
  evaluated.push_back(sampleEvaluated(4, 0, 0, 0));
  evaluated.push_back(sampleEvaluated(5, 450, 100, 90));
  analysis::Evaluation evaluation;
  evaluation.run = report.model->run;
  evaluation.split = "test";
  evaluation.slice_score = "classifier";
  for (std::size_t i = 0; i < 3; ++i) {
    evaluation.targets[i] = analysis::summarise(evaluated, analysis::all_targets[i]);
  }
  report.evaluation = evaluation;
  report.notes = {"One run could not be read."};
  report.generated_utc = "2026-11-25T06:00:00.000Z";
  report.version = "0.1.0";
  return report;
}

}  // namespace gadolin::report::testing
