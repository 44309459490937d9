#pragma once
// From the project to dataset.safetensors: the one moment at which a run looks at the database.

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// Called in the thread that freezes, after each stack.
using FreezeProgress = std::function<void(int done, int total)>;

struct FreezeSummary {
  int stacks = 0;
  int masks = 0;
  int scar_masks_in_training = 0;  // masks of the training part that hold scar or MVO
  std::string sha256;  // of the file
};

/// Every stack whose patient has a part of the split. Training and validation stacks carry the
/// consensus labels and the newest mask that a person made; test stacks carry neither, so that no
/// answer can leak into the training. With slice supervision the masks of the training part say
/// "myocardium" where they say scar or MVO: the weak supervision is weak by construction.
/// Thread: the connection's; takes seconds. Cancelled when `cancel` becomes true.
Result<FreezeSummary> freezeForTraining(db::Database& database, const ProjectPaths& paths,
                                        run::Supervision supervision,
                                        const std::filesystem::path& file,
                                        const FreezeProgress& progress,
                                        const std::atomic<bool>& cancel);

/// These stacks without labels and masks: what a trained run is asked about.
Result<FreezeSummary> freezeForPrediction(db::Database& database, const ProjectPaths& paths,
                                          const std::vector<std::string>& stacks,
                                          const std::filesystem::path& file);

}  // namespace gadolin::session
