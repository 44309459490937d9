#pragma once
// What the cohort report says, as data: what the project holds, who labelled it, how the model was
// trained and how well it does.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/evaluation_file.h"
#include "core/analysis/quantification.h"
#include "core/report/methods.h"
#include "core/report/patient_report.h"

namespace gadolin::report {

/// One part of the split, or the sum of all.
struct PartRow {
  std::string name;
  int patients = 0;
  int stacks = 0;
  int slices = 0;
  int labelled_slices = 0;
  int positive_slices = 0;
  int positive_stacks = 0;
  int references = 0;  // stacks with a mask that a person made
};

struct EffortRow {
  std::string reader;
  int stacks = 0;
  int slices = 0;
  double minutes = 0;        // with deciding; 0 for labels that were imported or derived
  int decisions = 0;         // on slices that readers labelled differently
  double label_minutes = 0;  // of them for labels of the reader's own
};

/// The curve of one stage of a training; one entry an epoch.
struct StageCurve {
  std::string stage;
  std::vector<int> epoch;
  std::vector<double> train_loss;
  std::vector<std::optional<double>> val_loss;
  std::vector<std::optional<double>> val_dice;
  std::vector<std::optional<double>> val_auroc;
};

/// One stack, one line of the CSV.
struct CohortStack {
  std::string patient;
  std::string stack;
  std::string part;  // "train", "val", "test", "none"
  std::string kind;  // "psir", "magnitude", "unknown"
  int columns = 0;
  int rows = 0;
  int slices = 0;
  Vec3 spacing_mm{1, 1, 1};
  int labelled_slices = 0;
  int positive_slices = 0;
  std::string stack_label;
  std::optional<analysis::TissueVolumes> reference;
  std::int64_t reference_revision = 0;  // of the mask; 0 without a reference
  std::string run;  // of the newest prediction; empty without one
  std::optional<analysis::TissueVolumes> prediction;
  std::int64_t prediction_revision = 0;  // 0 without a prediction
  std::string verdict;  // "accepted", "rejected", or empty
};

struct CohortReport {
  std::string project;
  std::vector<Fact> data;
  std::vector<PartRow> parts;  // in the order train, val, test, none; empty parts left out
  PartRow total;
  std::vector<EffortRow> effort;
  std::optional<ModelFacts> model;
  std::vector<StageCurve> curves;
  std::optional<analysis::Evaluation> evaluation;
  std::vector<CohortStack> stacks;  // by patient and stack
  std::vector<std::string> notes;   // sentences: what is missing and what to do
  std::vector<MethodsSection> methods;  // for a paper
  std::string generated_utc;
  std::string version;
};

/// One row a stack, with a header. Cells without a value are empty.
std::string cohortCsv(const CohortReport& report);

/// "data description" facts from the stacks: counts, image types, matrices, pixel sizes and slice
/// distances as ranges.
std::vector<Fact> describeData(const std::vector<CohortStack>& stacks);
/// Sums by part, and of all.
std::vector<PartRow> sumParts(const std::vector<CohortStack>& stacks);
PartRow sumAll(const std::vector<CohortStack>& stacks);

}  // namespace gadolin::report
