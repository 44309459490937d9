#pragma once
// The run's share of provenance(); for the .cpp files of this folder alone.

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// Settings of the run that are not what its preset and supervision give in this version.
struct ChangedSetting {
  std::string key;
  std::string value;
  std::string of_preset;
};
std::vector<ChangedSetting> changedSettings(const run::RunConfig& config);

/// Labels of slices that a run's frozen dataset holds for `part`, by who had given the one that
/// counted when the run was made. `untraced`: the label that counted then is another (the history
/// was imported, or changed before the run began).
struct LabelGivers {
  struct Count {
    int slices = 0;
    int fibrosis = 0;
    int decided = 0;  // third decisions among them
  };
  std::map<std::string, Count> readers;
  Count untraced;
};
Result<LabelGivers> labelGivers(db::Database& database, const dataset::FrozenDataset& dataset,
                                dataset::Part part, const std::string& created_utc);

/// NotFound: no such run. What its folder lacks is a sentence in "missing".
Result<nlohmann::json> runProvenance(const ProjectPaths& paths, db::Database& database,
                                     const std::string& run);
/// What the run's training had seen of this stack: part, mask, labels. Null where its dataset is not
/// there.
nlohmann::json seenInTraining(const ProjectPaths& paths, const std::string& run,
                              const std::string& stack);

}  // namespace gadolin::session
