#include "ui/session/project_check.h"

#include <sys/stat.h>

#include <chrono>
#include <set>

#include "core/imaging/stack_file.h"
#include "database/backup.h"
#include "database/labels.h"
#include "database/mask_edits.h"
#include "database/masks.h"
#include "database/runs.h"
#include "database/stacks.h"
#include "ui/session/current_predictions.h"
#include "ui/session/drawings.h"
#include "ui/session/identity_leftovers.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

void checkStack(const ProjectPaths& paths, const db::StackRecord& record, LeftoverSearch& leftovers,
                CheckReport& report) {
  const fs::path file = paths.stack(record.id);
  const std::string repair =
      "Put the file back from a backup, or import the patient's images again into a new project.";
  const auto stack = readStack(file);
  if (!stack) {
    report.problems.push_back({"stack", file.string(), stack.error().message, repair});
    return;
  }
  leftovers.addStack(*stack);
  if (stack->image.geometry.size != record.size) {
    report.problems.push_back(
        {"stack", file.string(), "Its size is not the one in the database.", repair});
  } else if (!hasContent(*stack, record.content_hash)) {
    report.problems.push_back(
        {"stack", file.string(), "Its voxels are not those that were imported.", repair});
  }
}

void checkMask(const ProjectPaths& paths, const std::string& sha256, CheckReport& report) {
  const fs::path file = paths.mask(sha256);
  const std::string repair =
      "Put the file back from a backup; the mask's earlier revisions are not concerned.";
  const auto mask = readMask(file);
  if (!mask) {
    report.problems.push_back({"mask", file.string(), mask.error().message, repair});
  } else if (contentHash(*mask) != sha256) {
    report.problems.push_back(
        {"mask", file.string(), "Its voxels do not have the hash that is its name.", repair});
  }
}

/// The cohort table's summary must say what the labels say.
Result<void> checkSummaries(db::Database& database, CheckReport& report) {
  GADOLIN_TRY(const auto rows, db::cohortRows(database));
  GADOLIN_TRY(const auto labels, db::allConsensusLabels(database));
  for (const db::CohortRow& row : rows) {
    int labelled = 0;
    int positive = 0;
    if (const auto found = labels.find(row.stack.id); found != labels.end()) {
      for (const SliceLabel label : found->second) {
        if (label != SliceLabel::Unlabelled) ++labelled;
        if (label == SliceLabel::Fibrosis) ++positive;
      }
    }
    if (labelled != row.labelled_slices || positive != row.positive_slices) {
      report.problems.push_back({"label", row.stack.id,
                                 "The cohort table counts " + std::to_string(row.labelled_slices) +
                                     " labels where the readers have given " +
                                     std::to_string(labelled) + ".",
                                 "Label any slice of the stack again: the count is then renewed."});
    }
  }
  return {};
}

Result<void> checkRuns(db::Database& database, const ProjectPaths& paths, CheckReport& report) {
  GADOLIN_TRY(const auto runs, db::runs(database));
  report.runs = static_cast<int>(runs.size());
  std::set<std::string> known;
  std::error_code code;
  for (const db::RunRecord& run : runs) {
    known.insert(run.id);
    const auto folder = paths.run(run.id);
    const std::string repair =
        "Put the folder back from a backup; the run's masks are kept "
        "in any case.";
    if (!fs::is_directory(folder.root, code)) {
      report.problems.push_back(
          {"run", folder.root.string(), "The run's folder is missing.", repair});
      continue;
    }
    // An imported model has no data of its own.
    const fs::path input = run::isImported(folder) ? folder.modelCard() : folder.dataset();
    for (const fs::path& file : {folder.config(), input}) {
      if (!fs::is_regular_file(file, code)) {
        report.problems.push_back({"run", file.string(), "The file is missing.", repair});
      }
    }
    GADOLIN_TRY(const auto predictions, currentPredictions(database, paths, run.id));
    for (const auto& prediction : predictions) {
      const fs::path file = folder.prediction(prediction.stack);
      if (!fs::is_regular_file(file, code)) {
        report.problems.push_back({"prediction", file.string(),
                                   "The prediction's probabilities are missing.",
                                   "Run 'gadolinctl predict' for this run and stack again."});
      }
    }
  }
  for (const auto& entry : fs::directory_iterator(paths.runs(), code)) {
    const std::string id = entry.path().filename().string();
    if (!known.contains(id) && !id.starts_with('.')) {
      report.problems.push_back({"run", entry.path().string(),
                                 "The project does not know this run.",
                                 "Remove the folder, or move it out of the project."});
    }
  }
  return {};
}

/// Strokes that no revision holds yet must fit the mask that they were drawn on.
Result<void> checkDrawings(db::Database& database, const ProjectPaths& paths, CheckReport& report) {
  GADOLIN_TRY(const auto open, db::openDrawings(database));
  for (const db::OpenDrawing& drawing : open)
    if (const auto pending = pendingDrawing(database, paths, drawing.stack, drawing.reader);
        !pending)
      report.problems.push_back(
          {"drawing", drawing.stack,
           "What " + drawing.reader + " drew last cannot be applied: " + pending.error().message,
           "Put the mask's file or the database back from a backup; earlier revisions are not "
           "concerned."});
  return {};
}

void checkModes(const ProjectPaths& paths, CheckReport& report) {
  for (const fs::path& path : {paths.root, paths.database(), paths.stacks(), paths.masks(),
                               paths.runs(), paths.backups()}) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      report.problems.push_back({"database", path.string(), "It is missing.",
                                 "Open the project once: an empty folder is made again."});
    } else if ((status.st_mode & 077) != 0) {
      report.problems.push_back({"mode", path.string(), "Other users can read it.",
                                 "Take their rights away: chmod -R go= " + paths.root.string()});
    }
  }
}

}  // namespace

Result<CheckReport> checkProject(db::Database& database, const ProjectPaths& paths,
                                 const KeyTable& keys,
                                 const std::function<void(int, int)>& progress) {
  CheckReport report;
  GADOLIN_TRY(const auto faults, database.findFaults(false));
  for (const std::string& fault : faults) {
    report.problems.push_back({"database", paths.database().string(), fault,
                               "Put the newest file of the backups folder in its place."});
  }
  checkModes(paths, report);
  GADOLIN_TRY(const auto stacks, db::allStacks(database, db::Which::All));
  GADOLIN_TRY(const auto blobs, db::maskBlobs(database));
  report.stacks = static_cast<int>(stacks.size());
  report.masks = static_cast<int>(blobs.size());
  GADOLIN_TRY(report.identities_kept, keepsIdentities(database));
  GADOLIN_TRY(auto leftovers, LeftoverSearch::make(database, keys));
  const int total = report.stacks + report.masks;
  int done = 0;
  for (const auto& stack : stacks) {
    checkStack(paths, stack, leftovers, report);
    progress(++done, total);
  }
  for (const auto& blob : blobs) {
    checkMask(paths, blob, report);
    progress(++done, total);
  }
  GADOLIN_CHECK(leftovers.addDatabase(database));
  for (const auto& leftover : leftovers.result()) {
    report.problems.push_back(
        {"identity", leftover.where, leftover.what,
         "Look at it. What may not stay is best imported anew, from a folder without "
         "it, into a new project."});
  }
  GADOLIN_CHECK(checkSummaries(database, report));
  GADOLIN_CHECK(checkDrawings(database, paths, report));
  GADOLIN_CHECK(checkRuns(database, paths, report));
  if (db::backupIsDue(paths.backups(), std::chrono::hours(24 * 7))) {
    report.problems.push_back({"backup", paths.backups().string(),
                               "There is no copy of the database from the last seven days.",
                               "Open the project where it can be written, with room on the disk."});
  }
  return report;
}

}  // namespace gadolin::session
