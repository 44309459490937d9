#pragma once
// A project with phantom patients, made without going through the import.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/imaging/stack_file.h"
#include "core/phantom/subject.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/project.h"

namespace gadolin::test {

struct PhantomOptions {
  int patients = 4;
  bool reference_masks = true;
  bool labels_from_masks = false;  // by the reader "reference"
  bool predictions = false;        // of a finished run "run-1": the truth, uncertainty 0.1 * index
};

/// Rendering one takes a second: a program of many tests makes each once.
inline const phantom::Subject& phantomSubject(int index) {
  static std::map<int, phantom::Subject> made;
  const auto found = made.find(index);
  if (found != made.end()) return found->second;
  return made.emplace(index, phantom::makeSubject(11, index)).first->second;
}

inline Result<void> addPhantom(session::Project& project, int index,
                               const PhantomOptions& options) {
  const phantom::Subject& subject = phantomSubject(index);
  const Stack& stack = subject.shown();
  db::StackRecord record;
  record.id = subject.name + "-s1";
  record.patient = subject.name;
  record.kind = stack.kind;
  record.size = stack.image.geometry.size;
  record.spacing_mm = stack.image.geometry.spacing_mm;
  record.apex_first = stack.apex_first;
  record.content_hash = contentHash(stack);
  record.description = "phantom";
  GADOLIN_CHECK(writeStack(project.paths().stack(record.id), stack));
  const std::string mask_hash = contentHash(subject.truth);
  GADOLIN_CHECK(writeMask(project.paths().mask(mask_hash), subject.truth));
  auto written = project.writeNow<int>([&](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::addStack(database, record));
    db::MaskRecord mask;
    mask.stack = record.id;
    mask.author = "phantom";
    mask.sha256 = mask_hash;
    if (options.reference_masks) GADOLIN_CHECK(db::addMask(database, mask));
    if (options.labels_from_masks) {
      std::vector<db::SliceChange> changes;
      for (int z = 0; z < record.size[2]; ++z) {
        bool scar = false;
        for (const auto label : subject.truth.slice(z)) scar |= label >= 3;
        changes.push_back({z, scar ? SliceLabel::Fibrosis : SliceLabel::None});
      }
      GADOLIN_CHECK(
          db::setSliceLabels(database, record.id, changes, db::reference_reader, 0, "derived"));
    }
    if (options.predictions) {
      mask.source = db::MaskSource::Prediction;
      mask.author = mask.run = "run-1";
      db::PredictionRecord prediction;
      GADOLIN_TRY(prediction.mask, db::addMask(database, mask));
      prediction.run = "run-1";
      prediction.stack = record.id;
      prediction.myocardium_ml = 100;
      prediction.scar_ml = subject.healthy ? 0 : 10;
      prediction.uncertainty = 0.1 * index;
      GADOLIN_CHECK(db::addPrediction(database, prediction));
    }
    const dataset::Part part = index % 4 == 3   ? dataset::Part::Test
                               : index % 4 == 2 ? dataset::Part::Validation
                                                : dataset::Part::Train;
    GADOLIN_CHECK(db::setPart(database, record.patient, part));
    return 0;
  });
  if (!written) return written.error();
  return {};
}

/// Makes the project at `root` (NAME.gadolin) and closes it again.
inline Result<void> makePhantomProject(const std::filesystem::path& root,
                                       const PhantomOptions& options) {
  GADOLIN_TRY(auto project, session::Project::create(root));
  if (options.predictions) {
    auto written = project->writeNow<int>([](db::Database& database) -> Result<int> {
      db::RunRecord run;
      run.id = "run-1";
      run.supervision = "slice";
      run.preset = "quick";
      run.stage = "all";
      run.device = "cpu";
      run.state = db::RunState::Finished;
      GADOLIN_CHECK(db::addRun(database, run));
      GADOLIN_CHECK(db::setRunState(database, "run-1", db::RunState::Finished, ""));
      return 0;
    });
    if (!written) return written.error();
  }
  for (int i = 0; i < options.patients; ++i) GADOLIN_CHECK(addPhantom(*project, i, options));
  return {};
}

}  // namespace gadolin::test
