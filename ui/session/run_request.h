#pragma once
// What a person asks for when a training is started, and whether the project allows it: all
// questions that can be answered before anything is written.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"
#include "database/database.h"
#include "ui/session/evidence_choice.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// Who learns, who validates, who is held out; patients who are not named have no part.
using PatientParts = std::map<std::string, dataset::Part>;

struct RunRequest {
  std::string id;      // of the run; empty: newRunId()
  PatientParts parts;  // empty: the project's split
  run::Supervision supervision = run::Supervision::Slice;
  std::string preset = "quick";  // "quick", "standard", "paper"
  std::string stage = "all";     // the last one to train: "myocardium", "classifier", "fibrosis"
  std::string device = "auto";   // "auto", "cpu", "cuda"
  std::uint64_t seed = 42;
  int threads = 0;  // 0: all cores
  /// Under mixed supervision: at most this much of a patient (evidence_choice.h).
  Sights at_most{};
  /// As of `--set key=value`, in their order.
  std::vector<std::pair<std::string, std::string>> settings;
};

/// What one part of the split holds for training.
struct PartInputs {
  int patients = 0;
  int stacks = 0;
  int slices = 0;
  int masks = 0;            // stacks with a mask that a person made
  int labelled_slices = 0;  // None or Fibrosis; Unsure and NotDiagnostic teach nothing
  int positive_slices = 0;  // Fibrosis
  int labelled_stacks = 0;  // of which as a whole it is known
  int positive_stacks = 0;
};
struct RunInputs {
  PartInputs train, validation, test, outside;  // outside: patients of no part
  std::int64_t voxels = 0;                      // of all stacks that have a part
  /// Of the training and validation parts: readers disagree and nobody has decided, so that the newest
  /// label counts (database/labels.h).
  int undecided_slices = 0;
  std::string no_worker;  // why this machine cannot train, and what to install; empty: it can
};
/// `parts`, or the project's split where it is empty.
Result<PatientParts> partsOf(db::Database& database, PatientParts parts);
/// Counts by a handful of queries. Thread: the connection's.
Result<RunInputs> countInputs(db::Database& database, const PatientParts& parts = {});

/// Sentences that say what is missing for this request and what to do; empty when it can start.
std::vector<std::string> obstacles(const RunInputs& inputs, const RunRequest& request);

/// What to know before a training with this supervision starts though nothing hinders it; empty when
/// there is nothing.
std::string remark(const RunInputs& inputs, run::Supervision supervision);

/// InvalidInput for the first patient of `at_most` of whom the project has no stack: a name that
/// was mistyped would show the run what it was not to see. Thread: the connection's.
Result<void> checkLevels(db::Database& database, const Sights& at_most);

/// The frozen settings of the request. InvalidInput for an unknown preset, stage, device or
/// setting and for a value that the worker would not take, and for what belongs to mixed
/// supervision asked of another.
Result<run::Settings> settingsOf(const RunRequest& request);

/// Everything above, and the disk: NoSpace when the frozen dataset and the checkpoints would not
/// fit. Conflict with all obstacles in one text when the labels, masks or split do not allow it.
Result<RunInputs> preflight(db::Database& database, const ProjectPaths& paths,
                            const RunRequest& request);

/// "20261125-0512-slice-quick-ab12": time in UTC, what it is ("slice-quick", "imported"), four
/// random digits.
std::string newRunId(std::string_view what);
std::string newRunId(const RunRequest& request);

}  // namespace gadolin::session
