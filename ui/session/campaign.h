#pragma once
// Several runs that belong together: the folds of a cross-validation, the points of a learning
// curve. The plan is written once, before the first run; what is done of it is read from the runs,
// so that a campaign that was killed goes on with what is missing.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/analysis/evaluation_file.h"
#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/evaluation.h"
#include "ui/session/project_paths.h"
#include "ui/session/run_request.h"

namespace gadolin::session {

/// One run of the plan; its id is fixed before it is made.
struct PlannedRun {
  std::string name;  // "fold 1", "slice, 20 patients"
  RunRequest request;
  double label_minutes = 0;  // of a learning curve: people's time for the labels it learns from

  /// The patients of one part.
  [[nodiscard]] std::set<std::string> patients(dataset::Part part) const;
};

struct Campaign {
  /// Names its folder below studies/: "folds-quick-slice-5-3fa2c1",
  /// "study-quick-pixel-slice-10-20-07be55": kind, preset, what it is of, six digits of a hash of
  /// all that was asked for. Its runs are called
  /// "<id>-1", "<id>-2" (folds) and "<id>-slice10" (study).
  std::string id;
  std::string kind;              // "folds", "study"
  std::string assumption;        // of label_minutes, a sentence
  std::vector<PlannedRun> runs;  // in the order in which they are trained and reported
};

/// Deals everybody who has a part of the split but "test" to `folds` parts of equal strata. In run
/// k fold k is held out (part test), the next fold validates, the others are trained on. The same
/// request gives the same id and plan. InvalidInput for fewer than 3 or more than 20 folds, fewer
/// patients than folds, a fold none of whose patients has a reference mask, and levels of a patient
/// who is not in the project; Conflict without a split. Thread: the connection's.
Result<Campaign> planFolds(db::Database& database, const RunRequest& request, int folds);

/// For every supervision and number of patients a run that trains on so many patients of the
/// training part, each set holding the smaller ones, with the project's validation and test parts.
/// The runs stand in the order of the supervisions asked for, each with its numbers of patients as
/// they were asked for. InvalidInput when there are fewer patients than asked for, for mixed
/// supervision and for settings that the table does not allow; Conflict without a split. Thread:
/// the connection's.
Result<Campaign> planStudy(db::Database& database, const RunRequest& request,
                           const std::vector<run::Supervision>& supervisions,
                           const std::vector<int>& patients);

/// The plan that was written by an earlier call, or this one, written now. A project that has
/// changed meanwhile does not change a plan. Corrupt: plan.json is no plan; NewerVersion: of a
/// newer Gadolin; and what writing gives. Thread: any; not the GUI's.
Result<Campaign> keepPlan(const ProjectPaths& paths, const Campaign& campaign);
/// Its folder below studies/.
std::filesystem::path campaignFolder(const ProjectPaths& paths, const std::string& id);

enum class Standing {
  Absent,  // not begun
  Broken,  // begun and stopped: it can go on
  Trained,
};
/// From the files that are there. Busy while a worker is at it. Thread: the connection's.
Result<Standing> standingOf(db::Database& database, const ProjectPaths& paths,
                            const PlannedRun& planned);
/// Held-out stacks that the run has not predicted with the weights that it has, sorted. Thread: the
/// connection's.
Result<std::vector<std::string>> unpredicted(db::Database& database, const ProjectPaths& paths,
                                             const PlannedRun& planned);

/// Every run scored on its held-out patients (its metrics.json too), in the order of campaign.runs.
/// Errors: as of evaluatePatients. Thread: the connection's; some 20 ms a stack.
Result<std::vector<EvaluatedRun>> evaluateCampaign(const ProjectPaths& paths,
                                                   db::Database& database, const Campaign& campaign,
                                                   const std::string& gadolin_version);

/// All held-out patients together, each scored by the run that has not seen it: folds.json and
/// folds.txt. Returns the text: a row a fold, then the pooled figures with 95 % bootstrap intervals
/// over patients, and the patients worst first. `runs`: those of evaluateCampaign, in its order.
/// Errors: what writing gives. Thread: any; not the GUI's.
Result<std::string> writeFolds(const ProjectPaths& paths, const Campaign& campaign,
                               const std::vector<EvaluatedRun>& runs,
                               const std::string& gadolin_version);

/// study.csv and study.json: a row a point of the curve. Returns the table as text. As above.
Result<std::string> writeStudy(const ProjectPaths& paths, const Campaign& campaign,
                               const std::vector<EvaluatedRun>& runs,
                               const std::string& gadolin_version);

}  // namespace gadolin::session
