#pragma once
// metrics.json: an evaluation of a run as one JSON object, the same that `gadolinctl evaluate
// --json` prints. Figures that could not be computed are null.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/evaluation.h"
#include "core/base/result.h"

namespace gadolin::analysis {

struct Evaluation {
  std::string run;
  std::string split;  // "test", "val", "train" or "all"
  std::string created_utc;
  std::string gadolin_version;
  std::string slice_score;  // "classifier", "max-probability"; empty: scores are not known
  std::vector<std::string> warnings;     // sentences
  std::array<TargetMetrics, 3> targets;  // in the order of all_targets

  [[nodiscard]] const TargetMetrics& of(Target target) const {
    return targets[static_cast<std::size_t>(target)];
  }
};

/// One object: run, split, patients, stacks, slices, ..., then one object per target under its name
/// with every figure of TargetMetrics.
std::string toJson(const Evaluation& evaluation);
/// Corrupt for anything that toJson() did not write.
Result<Evaluation> evaluationFromJson(std::string_view json);

/// The same without a patient, stack or sentence in it: counts and figures alone, which may leave a
/// project.
std::string figuresToJson(const Evaluation& evaluation);

/// For a person: one column a target.
std::string toTable(const Evaluation& evaluation);

}  // namespace gadolin::analysis
