#include "ui/session/current_predictions.h"

#include <filesystem>
#include <system_error>

#include "core/run/run_config.h"
#include "database/predictions.h"

namespace gadolin::session {

Result<std::vector<db::PredictionRecord>> currentPredictions(db::Database& database,
                                                             const ProjectPaths& paths,
                                                             const std::string& run) {
  GADOLIN_TRY(auto predictions, db::predictionsOfRun(database, run));
  const run::RunFolder folder = paths.run(run);
  // A file may be missing for other reasons too (a copy without them): then its mask still counts.
  const auto config = run::readRunConfig(folder.config());
  if (!config || config->extra_epochs == 0) return predictions;
  std::erase_if(predictions, [&folder](const db::PredictionRecord& one) {
    std::error_code ignored;
    return !std::filesystem::exists(folder.prediction(one.stack), ignored);
  });
  return predictions;
}

}  // namespace gadolin::session
