#pragma once
// The parts of collectMethods(); for the .cpp files of this folder alone.

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/frozen_dataset.h"
#include "core/report/methods.h"
#include "core/run/run_config.h"
#include "database/database.h"
#include "database/records.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// A run with what its folder holds of it.
struct MethodsRun {
  db::RunRecord record;
  bool imported = false;
  std::optional<run::RunConfig> config;
  std::optional<dataset::FrozenDataset> dataset;
};

/// Of the stacks in use, which are at least one.
report::MethodsSection imagesSection(const std::vector<db::StackRecord>& stacks, int set_aside);
Result<report::MethodsSection> labelsSection(db::Database& database,
                                             const std::vector<db::StackRecord>& stacks);
Result<report::MethodsSection> masksSection(db::Database& database,
                                            const std::vector<db::StackRecord>& stacks);
/// As frozen for the run, else as the project has it now.
Result<report::MethodsSection> splitSection(db::Database& database, const MethodsRun* run);

/// What the training was given, its networks and course, and how a prediction becomes a mask.
Result<std::vector<report::MethodsSection>> trainingSections(const ProjectPaths& paths,
                                                             db::Database& database,
                                                             const MethodsRun& run);
report::MethodsSection evaluationSection(const ProjectPaths& paths, const MethodsRun& run);

/// "12 (75 %)" of a count that is not zero, "12" else.
std::string withShare(long long part, long long all);

}  // namespace gadolin::session
