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
#include "ui/session/evidence_choice.h"
#include "ui/session/project_paths.h"
#include "ui/session/run_request.h"

namespace gadolin::session {

/// Called in the thread that freezes, after each stack.
using FreezeProgress = std::function<void(int done, int total)>;

struct FreezeSummary {
  int stacks = 0;
  int masks = 0;
  int scar_masks_in_training = 0;  // masks of the training part that hold scar or MVO
  int outlines_in_training = 0;    // those that hold healthy myocardium, as stage A needs them
  /// Training patients by the most that the run sees of them.
  int pixel_patients = 0, slice_patients = 0, stack_patients = 0;
  std::string sha256;  // of the file
};

/// Every stack whose patient has a part of `parts`, or of the split where that is empty. Test
/// stacks carry no labels and masks, so that no answer can leak into the training. Training and
/// validation stacks carry the consensus labels and the newest mask that a person made, as far as
/// the plan lets the run see: the masks of a patient who does not show them say "myocardium" where
/// they say scar or MVO (one of scar alone is left out: it would be nothing but the scar), and of a
/// patient of whom only whole stacks are known the labels of slices are left out. The weak
/// supervision is weak by construction. A mask without scar shows that there is none, unless a
/// label says that there is or may be. Thread: the connection's; takes seconds. Cancelled when
/// `cancel` becomes true.
Result<FreezeSummary> freezeForTraining(db::Database& database, const ProjectPaths& paths,
                                        const SightPlan& plan, const std::filesystem::path& file,
                                        const FreezeProgress& progress,
                                        const std::atomic<bool>& cancel,
                                        const PatientParts& parts = {});

/// These stacks without labels and masks: what a trained run is asked about.
Result<FreezeSummary> freezeForPrediction(db::Database& database, const ProjectPaths& paths,
                                          const std::vector<std::string>& stacks,
                                          const std::filesystem::path& file);

}  // namespace gadolin::session
