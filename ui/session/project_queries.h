#pragma once
// What the workspaces ask of a project, each in one reply and off the GUI thread. Widgets see
// records, never repositories.

#include <QFuture>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/frozen_dataset.h"
#include "core/report/patient_report.h"
#include "database/database.h"
#include "database/records.h"
#include "database/set_aside.h"
#include "ui/session/provenance.h"
#include "ui/session/run_catalog.h"
#include "ui/session/run_request.h"
#include "ui/session/worklists.h"

namespace gadolin::session {

class Project;

/// Every stack with what is known of it, by patient then stack.
QFuture<Result<std::vector<db::CohortRow>>> cohortRows(Project& project);

/// What one level of supervision has to learn from.
struct SupervisionLevel {
  int patients = 0;
  int stacks = 0;
  int slices = 0;
  int train_patients = 0;  // of those, in the training part
  double minutes = 0;      // people spent on it: keys of labels, strokes of masks
};
struct SupervisionSummary {
  SupervisionLevel pixel;       // stacks with a mask that a person made
  SupervisionLevel slice;       // slices labelled fibrosis or none
  SupervisionLevel unlabelled;  // stacks with neither
  int fibrotic_slices = 0;      // of the labelled ones
  int unsure_slices = 0;        // asked for a second look; not trained on
  int fibrotic_patients = 0;
};
QFuture<Result<SupervisionSummary>> supervisionSummary(Project& project);

/// Moves whole patients to a part.
QFuture<Result<int>> setPart(Project& project, std::vector<std::string> patients,
                             dataset::Part part);

/// Out of all work and back (database/set_aside.h), by the account's name.
QFuture<Result<int>> setAside(Project& project, std::vector<std::string> stacks, std::string reason);
QFuture<Result<int>> takeBack(Project& project, std::vector<std::string> stacks);
QFuture<Result<std::vector<db::AsideRecord>>> asideStacks(Project& project);
/// Magnitude or PSIR, as a person says.
QFuture<Result<int>> setKind(Project& project, std::vector<std::string> stacks, ImageKind kind);

/// Series of such names are taken or left from now on; how many were decided on.
QFuture<Result<int>> decideSeries(Project& project, std::vector<std::string> take,
                                  std::vector<std::string> leave);

QFuture<Result<std::vector<db::RefusalRecord>>> refusals(Project& project);

/// The reader's own labels, one a slice in stored order. Those of others are not shown: a second
/// reading is blind. An empty reader has none.
QFuture<Result<std::vector<SliceLabel>>> readerLabels(Project& project, std::string stack,
                                                      std::string reader);

/// Hash of the newest mask that a person made; empty without one.
QFuture<Result<std::string>> referenceMask(Project& project, std::string stack);

QFuture<Result<std::vector<db::RunRecord>>> runRecords(Project& project);
/// What the labels, masks and split hold for a training, and whether a worker is installed.
QFuture<Result<RunInputs>> runInputs(Project& project);
/// What happened in a run so far, from its folder.
QFuture<Result<RunHistory>> runHistory(const Project& project, std::string run);

/// Why a prediction deserves a look before others.
enum class ReviewReason {
  Uncertain,          // among the quarter with the largest uncertainty
  LabelSaysNone,      // scar predicted where the reader found none
  LabelSaysFibrosis,  // no scar predicted where the reader found some
  OutsideTraining,    // unlike the stacks that the networks were trained on
};

struct ReviewItem {
  db::PredictionRecord prediction;
  db::StackRecord stack;
  dataset::Part part = dataset::Part::None;
  SliceLabel stack_label = SliceLabel::Unlabelled;
  std::string mask_sha256;
  std::string reference_sha256;  // empty without a mask of a person
  db::Verdict verdict = db::Verdict::None;
  std::string comment;
  std::string reviewer;
  std::vector<ReviewReason> reasons;
  std::vector<std::string> strangeness;  // why OutsideTraining, a sentence each
  double need = 0;  // the list's order: larger first
};
/// Newest prediction of every stack, or those of one run; in the order of their need for a look.
QFuture<Result<std::vector<ReviewItem>>> reviewItems(Project& project, std::string run);

/// What the report of a patient says. NotFound when nothing is segmented yet.
QFuture<Result<report::PatientReport>> patientReport(Project& project, std::string patient);

/// What provenance() knows of each of these, for a person, one after the other.
QFuture<Result<std::string>> provenanceTexts(Project& project,
                                             std::vector<std::pair<Named, std::string>> wanted);

/// Writes the verdict at once. Accepting also makes a new mask revision with the prediction as its
/// parent; taking the acceptance back withdraws it (db::MaskRecord), so that the mask of a person
/// from before counts again. The value is the new revision's id, 0 without one.
QFuture<Result<std::int64_t>> setVerdict(Project& project, ReviewItem item, db::Verdict verdict,
                                         std::string comment, std::string reader);

}  // namespace gadolin::session
