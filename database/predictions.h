#pragma once
// What a run says of a stack, and what a person says of that. Both only grow.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

/// Returns the id; `id` of the record is ignored, `created_utc` is set when empty. NotFound: no
/// such run, stack or mask revision.
Result<std::int64_t> addPrediction(Database& database, const PredictionRecord& prediction);
Result<PredictionRecord> predictionById(Database& database, std::int64_t id);
/// The newest of any run, or nothing.
Result<std::optional<PredictionRecord>> latestPrediction(Database& database,
                                                         std::string_view stack);
/// The newest of that run for each stack, sorted by stack.
Result<std::vector<PredictionRecord>> predictionsOfRun(Database& database, std::string_view run);
/// The newest of any run for each stack, sorted by stack.
Result<std::vector<PredictionRecord>> latestPredictions(Database& database);

/// Appends; `at_utc` is set when empty. NotFound: no such prediction.
Result<void> addReview(Database& database, const ReviewRecord& review);
Result<std::optional<ReviewRecord>> latestReview(Database& database, std::int64_t prediction);
/// Oldest first.
Result<std::vector<ReviewRecord>> reviewHistory(Database& database, std::int64_t prediction);

}  // namespace gadolin::db
