#pragma once
// Predictions that are of the weights which a run has now.

#include <string>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// The newest of the run for each stack, sorted by stack, without those of a run that was trained
/// longer since: its worker has removed their files, and their rows are history. Thread: the
/// connection's.
Result<std::vector<db::PredictionRecord>> currentPredictions(db::Database& database,
                                                             const ProjectPaths& paths,
                                                             const std::string& run);

}  // namespace gadolin::session
