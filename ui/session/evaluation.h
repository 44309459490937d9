#pragma once
// Scores the predictions of a run against the masks that people made.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/analysis/evaluation_file.h"
#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// The mask that a prediction is held against: the newest mask of a person that did not begin as a
/// prediction, because an edited prediction agrees with itself; where there is only such a one,
/// that.
struct ReferenceMask {
  db::MaskRecord record;
  bool began_as_prediction = false;
};
std::optional<ReferenceMask> chooseReference(const std::vector<db::MaskRecord>& masks_of_stack);

/// Stacks of one part of the split by patient, sorted; "all" is every stack, "train", "val", "test"
/// the patients of that part. InvalidInput for another word; Conflict when the part is empty, with
/// the command that fills it.
Result<std::vector<db::StackRecord>> stacksOfSplit(db::Database& database,
                                                   const std::string& split);

/// Reads masks, predictions and probability maps and computes every figure; some 20 ms a stack.
/// Stacks of the split without a reference are left out with a warning. NotFound: no such run, no
/// reference at all, or predictions that are missing: the sentence names the stacks and what to
/// run. `progress` (done, total) is called in this thread. Any thread that owns `database`.
Result<analysis::Evaluation> evaluateRun(const ProjectPaths& paths, db::Database& database,
                                         const std::string& run, const std::string& split,
                                         const std::string& gadolin_version,
                                         const std::function<void(int, int)>& progress = {});

/// The same of the patients who are named, with what every figure comes from, so that several runs
/// can be pooled. `label` is what the evaluation calls them.
struct EvaluatedRun {
  analysis::Evaluation evaluation;
  std::vector<analysis::EvaluatedStack> stacks;
};
Result<EvaluatedRun> evaluatePatients(const ProjectPaths& paths, db::Database& database,
                                      const std::string& run,
                                      const std::set<std::string>& patients,
                                      const std::string& label, const std::string& gadolin_version);

/// Writes metrics.json of the run folder atomically.
Result<void> saveEvaluation(const ProjectPaths& paths, const analysis::Evaluation& evaluation);
/// NotFound when the run has not been evaluated.
Result<analysis::Evaluation> loadEvaluation(const ProjectPaths& paths, const std::string& run);

}  // namespace gadolin::session
