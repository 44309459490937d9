#include "database/predictions.h"

#include "core/base/time.h"
#include "database/stack_row.h"
#include "database/summary.h"

namespace gadolin::db {
namespace {

#define GADOLIN_PREDICTION_COLUMNS \
  "id, run, stack, mask, myocardium_ml, scar_ml, uncertainty, created_utc"

PredictionRecord predictionFromRow(const Query& query) {
  return {query.big(0),  query.text(1), query.text(2), query.big(3),
          query.real(4), query.real(5), query.real(6), query.text(7)};
}

ReviewRecord reviewFromRow(const Query& query) {
  return {query.big(0), verdictFromText(query.text(1)).value_or(Verdict::None), query.text(2),
          query.text(3), query.text(4)};
}

Result<std::vector<PredictionRecord>> collectPredictions(Query& query) {
  std::vector<PredictionRecord> all;
  while (query.next()) all.push_back(predictionFromRow(query));
  return all;
}

}  // namespace

Result<std::int64_t> addPrediction(Database& database, const PredictionRecord& prediction) {
  std::int64_t id = 0;
  auto written = database.transaction([&] {
    return guarded(database, "add a prediction of " + prediction.stack, [&]() -> Result<void> {
      if (sliceCount(database, prediction.stack) == 0) return noSuchStack(prediction.stack);
      {
        Query known(database,
                    "SELECT (SELECT count(*) FROM run WHERE id = ?), "
                    "(SELECT count(*) FROM mask WHERE id = ? AND stack = ?)",
                    prediction.run, prediction.mask, prediction.stack);
        known.next();
        if (known.number(0) == 0) {
          return Error{ErrorCode::NotFound,
                       "There is no run '" + prediction.run + "' in this project."};
        }
        if (known.number(1) == 0) {
          return Error{ErrorCode::NotFound, "Stack " + prediction.stack + " has no mask revision " +
                                                std::to_string(prediction.mask) + "."};
        }
      }
      Query(database,
            "INSERT INTO prediction (run, stack, mask, myocardium_ml, scar_ml, uncertainty, "
            "created_utc) VALUES (?, ?, ?, ?, ?, ?, ?)",
            prediction.run, prediction.stack, prediction.mask, prediction.myocardium_ml,
            prediction.scar_ml, prediction.uncertainty,
            prediction.created_utc.empty() ? utcNow() : prediction.created_utc)
          .run();
      id = database.connection().sqlite.getLastInsertRowid();
      summarisePrediction(database, prediction.stack);
      database.connection().changes.predictions = true;
      return {};
    });
  });
  if (!written) return written.error();
  return id;
}

Result<PredictionRecord> predictionById(Database& database, std::int64_t id) {
  return guarded(database, "read the predictions", [&]() -> Result<PredictionRecord> {
    Query query(database, "SELECT " GADOLIN_PREDICTION_COLUMNS " FROM prediction WHERE id = ?", id);
    if (!query.next()) {
      return Error{ErrorCode::NotFound, "There is no prediction " + std::to_string(id) + "."};
    }
    return predictionFromRow(query);
  });
}

Result<std::optional<PredictionRecord>> latestPrediction(Database& database,
                                                         std::string_view stack) {
  return guarded(database, "read the predictions",
                 [&]() -> Result<std::optional<PredictionRecord>> {
                   std::optional<PredictionRecord> found;
                   Query query(database,
                               "SELECT " GADOLIN_PREDICTION_COLUMNS
                               " FROM prediction WHERE stack = ? ORDER BY id DESC LIMIT 1",
                               stack);
                   if (query.next()) found = predictionFromRow(query);
                   return found;
                 });
}

Result<std::vector<PredictionRecord>> predictionsOfRun(Database& database, std::string_view run) {
  return guarded(database, "read the predictions", [&] {
    Query query(database,
                "SELECT " GADOLIN_PREDICTION_COLUMNS
                " FROM prediction WHERE id IN (SELECT max(id) FROM prediction WHERE run = ? "
                "GROUP BY stack) ORDER BY stack",
                run);
    return collectPredictions(query);
  });
}

Result<std::vector<PredictionRecord>> latestPredictions(Database& database) {
  return guarded(database, "read the predictions", [&] {
    Query query(database,
                "SELECT " GADOLIN_PREDICTION_COLUMNS
                " FROM prediction WHERE id IN (SELECT max(id) FROM prediction GROUP BY stack) "
                "ORDER BY stack");
    return collectPredictions(query);
  });
}

Result<void> addReview(Database& database, const ReviewRecord& review) {
  return database.transaction([&] {
    return guarded(database, "store the review", [&]() -> Result<void> {
      GADOLIN_TRY(const auto prediction, predictionById(database, review.prediction));
      Query(database,
            "INSERT INTO review (prediction, verdict, comment, reader, at_utc) "
            "VALUES (?, ?, ?, ?, ?)",
            review.prediction, toText(review.verdict), review.comment, review.reader,
            review.at_utc.empty() ? utcNow() : review.at_utc)
          .run();
      summarisePrediction(database, prediction.stack);
      summariseMask(database, prediction.stack);
      database.connection().changes.reviews = true;
      return {};
    });
  });
}

Result<std::optional<ReviewRecord>> latestReview(Database& database, std::int64_t prediction) {
  return guarded(database, "read the reviews", [&]() -> Result<std::optional<ReviewRecord>> {
    std::optional<ReviewRecord> found;
    Query query(database,
                "SELECT prediction, verdict, comment, reader, at_utc FROM review "
                "WHERE prediction = ? ORDER BY id DESC LIMIT 1",
                prediction);
    if (query.next()) found = reviewFromRow(query);
    return found;
  });
}

Result<std::vector<ReviewRecord>> reviewHistory(Database& database, std::int64_t prediction) {
  return guarded(database, "read the reviews", [&]() -> Result<std::vector<ReviewRecord>> {
    std::vector<ReviewRecord> all;
    Query query(database,
                "SELECT prediction, verdict, comment, reader, at_utc FROM review "
                "WHERE prediction = ? ORDER BY id",
                prediction);
    while (query.next()) all.push_back(reviewFromRow(query));
    return all;
  });
}

}  // namespace gadolin::db
