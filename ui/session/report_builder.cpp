#include "ui/session/report_builder.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/time.h"
#include "core/dataset/frozen_dataset.h"
#include "core/imaging/stack_file.h"
#include "core/report/wording.h"
#include "core/run/run_config.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/evaluation.h"
#include "ui/session/measured_revision.h"
#include "ui/session/methods.h"
#include "ui/session/run_history.h"
#include "ui/session/rv_points.h"

namespace gadolin::session {
namespace {

using report::counted;

/// "54 patients, 387 slices (198 with fibrosis), 54 masks" of the training part.
std::string trainingCohort(const run::RunFolder& folder) {
  const auto data = dataset::FrozenDataset::open(folder.dataset());
  if (!data) return {};
  std::set<std::string> patients;
  long long slices = 0, positive = 0, labelled = 0, masks = 0;
  for (const dataset::FrozenStack& stack : data->stacks()) {
    if (stack.part != dataset::Part::Train) continue;
    patients.insert(stack.patient);
    slices += stack.size[2];
    masks += stack.mask.empty() ? 0 : 1;
    for (const SliceLabel label : stack.labels) {
      labelled += label == SliceLabel::None || label == SliceLabel::Fibrosis;
      positive += label == SliceLabel::Fibrosis;
    }
  }
  std::string text = counted(static_cast<long long>(patients.size()), "patient", "patients") +
                     ", " + counted(slices, "slice", "slices");
  if (labelled > 0) {
    text += " (" + std::to_string(labelled) + " labelled, " + std::to_string(positive) +
            " with fibrosis)";
  }
  return text + ", " + counted(masks, "mask", "masks");
}

Result<report::Segmentation> load(const ProjectPaths& paths, const Geometry& grid,
                                  const db::MaskRecord& record, report::Origin origin) {
  report::Segmentation result;
  GADOLIN_TRY(result.mask, readMaskOn(paths.mask(record.sha256), grid));
  result.origin = origin;
  result.author = record.source == db::MaskSource::Prediction ? record.run : record.author;
  result.created_utc = record.created_utc;
  result.revision = record.id;
  return result;
}

std::optional<std::string> chooseRun(const ProjectPaths& paths,
                                     const std::vector<db::RunRecord>& runs) {
  for (const db::RunRecord& run : runs) {
    if (std::filesystem::exists(paths.run(run.id).metrics())) return run.id;
  }
  for (const db::RunRecord& run : runs) {
    if (run.state == db::RunState::Finished) return run.id;
  }
  return std::nullopt;
}

std::vector<report::StageCurve> curvesOf(const ProjectPaths& paths, const std::string& run,
                                         std::vector<std::string>& notes) {
  std::vector<report::StageCurve> curves;
  const auto history = readCurves(paths.run(run));
  if (!history) {
    notes.push_back("The curves of run " + run + " could not be read: " + history.error().message);
    return curves;
  }
  for (const run::Epoch& epoch : history->epochs) {
    auto curve = std::find_if(curves.begin(), curves.end(),
                              [&](const auto& one) { return one.stage == epoch.stage; });
    if (curve == curves.end()) {
      curves.emplace_back();
      curve = curves.end() - 1;
      curve->stage = epoch.stage;
    }
    curve->epoch.push_back(epoch.epoch);
    curve->train_loss.push_back(epoch.train_loss);
    curve->val_loss.push_back(epoch.val_loss);
    curve->val_dice.push_back(epoch.val_dice);
    curve->val_auroc.push_back(epoch.val_auroc);
  }
  if (curves.empty()) notes.push_back("Run " + run + " has no epoch yet, so there is no curve.");
  return curves;
}

Result<report::CohortStack> describe(
    const ProjectPaths& paths, db::Database& database, const db::CohortRow& row,
    const std::map<std::string, db::PredictionRecord>& predictions) {
  report::CohortStack stack;
  stack.patient = row.stack.patient;
  stack.stack = row.stack.id;
  stack.part = dataset::toText(row.part);
  stack.kind = toText(row.stack.kind);
  stack.columns = row.stack.size[0];
  stack.rows = row.stack.size[1];
  stack.slices = row.stack.size[2];
  stack.spacing_mm = row.stack.spacing_mm;
  stack.labelled_slices = row.labelled_slices;
  stack.positive_slices = row.positive_slices;
  stack.stack_label = toText(row.stack_label);
  if (row.has_reference) {
    GADOLIN_TRY(const auto masks, db::masksOfStack(database, row.stack.id));
    const auto reference = chooseReference(masks);
    if (reference && !reference->began_as_prediction) {
      GADOLIN_TRY(const Stack image, readStack(paths.stack(row.stack.id)));
      GADOLIN_TRY(const Mask mask,
                  readMaskOn(paths.mask(reference->record.sha256), image.image.geometry));
      auto volumes = analysis::measureVolumes(image, mask);
      if (!volumes) return volumes.error().within("Stack " + row.stack.id);
      stack.reference = volumes->total;
      stack.reference_revision = reference->record.id;
    }
  }
  const auto predicted = predictions.find(row.stack.id);
  if (predicted != predictions.end()) {
    stack.run = predicted->second.run;
    analysis::TissueVolumes volumes;
    volumes.myocardium_ml = predicted->second.myocardium_ml;
    volumes.scar_ml = predicted->second.scar_ml;
    stack.prediction = volumes;
    stack.prediction_revision = predicted->second.mask;
    GADOLIN_TRY(const auto review, db::latestReview(database, predicted->second.id));
    if (review && review->verdict != db::Verdict::None) stack.verdict = toText(review->verdict);
  }
  return stack;
}

}  // namespace

report::ModelFacts modelFacts(const ProjectPaths& paths, db::Database& database,
                              const std::string& run) {
  report::ModelFacts facts;
  facts.run = run;
  facts.gadolin_version = "(version not known)";
  facts.supervision = "unknown";
  facts.preset = "unknown";
  if (const auto record = db::runById(database, run)) {
    facts.supervision = record->supervision;
    facts.preset = record->preset;
    facts.trained_utc = record->ended_utc.empty() ? record->created_utc : record->ended_utc;
  }
  if (const auto config = run::readRunConfig(paths.run(run).config())) {
    facts.gadolin_version = config->gadolin_version;
  }
  facts.cohort = trainingCohort(paths.run(run));
  return facts;
}

Result<report::PatientReport> collectPatientReport(const ProjectPaths& paths,
                                                   db::Database& database,
                                                   const std::string& patient,
                                                   const std::string& gadolin_version) {
  GADOLIN_TRY(const auto stacks, db::stacksOfPatient(database, patient));
  if (patient.empty() || stacks.empty()) {
    return Error{ErrorCode::NotFound, "There is no patient '" + patient +
                                          "' in this project. `gadolinctl labels export` lists the "
                                          "patients."};
  }
  GADOLIN_TRY(const auto best, reportedStack(database, stacks));
  if (!best) {
    return Error{ErrorCode::NotFound,
                 "Patient " + patient +
                     " has no segmentation yet, so there is nothing to report. Predict first "
                     "(gadolinctl predict PROJECT --run RUN --all) or draw a mask."};
  }

  report::PatientReportInput input;
  input.patient = patient;
  input.stack_id = best->stack.id;
  input.description = best->stack.description;
  input.generated_utc = utcNow();
  input.version = gadolin_version;
  GADOLIN_TRY(const Stack stack, readStack(paths.stack(best->stack.id)));
  input.stack = &stack;
  const std::optional<db::ReviewRecord>& review = best->review;
  if (best->prediction) input.model = modelFacts(paths, database, best->prediction->run);
  if (review) {
    input.review = report::ReviewFacts{
        review->verdict == db::Verdict::None ? std::string() : std::string(toText(review->verdict)),
        review->reader, review->at_utc, review->comment};
  }
  GADOLIN_TRY(const MeasuredRevision measured, measuredRevision(database, *best));
  GADOLIN_TRY(input.measured, load(paths, stack.image.geometry, measured.record, measured.origin));
  if (best->prediction && best->person && !best->person->began_as_prediction) {
    GADOLIN_TRY(input.reference, load(paths, stack.image.geometry, best->person->record,
                                      personOrigin(best->person->record)));
  }
  GADOLIN_TRY(input.labels, db::consensusLabels(database, best->stack.id));
  GADOLIN_TRY(input.insertions, setInsertions(database, best->stack.id));
  input.notes = best->stack.notes;
  if (stacks.size() > 1) {
    input.notes.push_back(
        "The patient has " +
        counted(static_cast<long long>(stacks.size()) - 1, "more stack", "more stacks") +
        " in this project, which this page does not cover.");
  }
  return report::buildPatientReport(input);
}

Result<std::optional<std::string>> runToReport(const ProjectPaths& paths, db::Database& database,
                                               const std::optional<std::string>& run) {
  if (run) {
    GADOLIN_CHECK(db::runById(database, *run));
    return run;
  }
  GADOLIN_TRY(const auto runs, db::runs(database));
  return chooseRun(paths, runs);
}

Result<report::CohortReport> collectCohortReport(const ProjectPaths& paths, db::Database& database,
                                                 const std::string& project_name,
                                                 const std::optional<std::string>& run,
                                                 const std::string& gadolin_version,
                                                 const std::function<void(int, int)>& progress) {
  GADOLIN_TRY(const auto rows, db::cohortRows(database));
  if (rows.empty()) {
    return Error{
        ErrorCode::Conflict,
        "The project holds no stack yet, so there is nothing to report. Import some first: "
        "gadolinctl import PROJECT FOLDER"};
  }
  GADOLIN_TRY(const auto chosen, runToReport(paths, database, run));

  report::CohortReport result;
  result.project = project_name;
  result.generated_utc = utcNow();
  result.version = gadolin_version;
  std::map<std::string, db::PredictionRecord> predictions;
  GADOLIN_TRY(const auto predicted,
              chosen ? db::predictionsOfRun(database, *chosen) : db::latestPredictions(database));
  for (const auto& prediction : predicted) predictions[prediction.stack] = prediction;
  int without_reference = 0;
  for (const db::CohortRow& row : rows) {
    GADOLIN_TRY(auto stack, describe(paths, database, row, predictions));
    without_reference += stack.reference ? 0 : 1;
    result.stacks.push_back(std::move(stack));
    if (progress) progress(static_cast<int>(result.stacks.size()), static_cast<int>(rows.size()));
  }
  result.data = report::describeData(result.stacks);
  result.parts = report::sumParts(result.stacks);
  result.total = report::sumAll(result.stacks);
  GADOLIN_TRY(const auto effort, db::labelEffort(database));
  for (const db::LabelEffort& row : effort) {
    const bool derived = row.reader == db::reference_reader;
    result.effort.push_back({derived ? "derived from masks" : row.reader, row.stacks, row.slices,
                             row.minutes(), row.decisions, row.seconds / 60});
  }
  if (without_reference > 0) {
    result.notes.push_back(counted(without_reference, "stack has", "stacks have") +
                           " no mask that was made without a model; their reference volumes are "
                           "not known.");
  }
  if (result.parts.size() == 1 && result.stacks.front().part == "none") {
    result.notes.push_back("The cohort is not split yet. Run: gadolinctl split PROJECT");
  }
  GADOLIN_TRY(result.methods, collectMethods(paths, database, chosen, gadolin_version));
  if (!chosen) {
    result.notes.push_back("No training has finished yet, so there are no curves and no scores.");
    return result;
  }
  result.model = modelFacts(paths, database, *chosen);
  result.curves = curvesOf(paths, *chosen, result.notes);
  if (auto evaluation = loadEvaluation(paths, *chosen)) {
    result.evaluation = std::move(evaluation).value();
  } else {
    result.notes.push_back(evaluation.error().message);
  }
  return result;
}

}  // namespace gadolin::session
