#include "ui/session/project_queries.h"

#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>
#include <map>
#include <set>

#include "database/consensus.h"
#include "database/journal.h"
#include "database/labels.h"
#include "database/mask_edits.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/account.h"
#include "ui/session/evaluation.h"
#include "ui/session/prediction_layers.h"
#include "ui/session/project.h"
#include "ui/session/report_builder.h"
#include "ui/session/series_decisions.h"
#include "ui/session/worker_locator.h"

namespace gadolin::session {

namespace {

/// Scar of less than this is not held against a label: a few voxels.
constexpr double seen_scar_ml = 0.3;
/// A cohort in which the net is sure of everything has no uncertain quarter.
constexpr double least_uncertainty = 0.05;

Result<SupervisionSummary> summarise(db::Database& database) {
  SupervisionSummary summary;
  GADOLIN_TRY(const auto rows, db::cohortRows(database));
  GADOLIN_TRY(const auto labels, db::allConsensusLabels(database));
  struct Sets {
    std::set<std::string> all, train;
  };
  Sets pixel, slice, unlabelled;
  std::set<std::string> fibrotic;
  const auto count = [](SupervisionLevel& level, Sets& sets, const db::CohortRow& row, int slices) {
    ++level.stacks;
    level.slices += slices;
    sets.all.insert(row.stack.patient);
    if (row.part == dataset::Part::Train) sets.train.insert(row.stack.patient);
  };
  for (const db::CohortRow& row : rows) {
    int trained = 0;
    if (const auto found = labels.find(row.stack.id); found != labels.end())
      for (const SliceLabel label : found->second) {
        if (label == SliceLabel::Fibrosis) ++summary.fibrotic_slices;
        if (label == SliceLabel::Unsure) ++summary.unsure_slices;
        if (label == SliceLabel::Fibrosis || label == SliceLabel::None) ++trained;
      }
    if (row.has_reference) count(summary.pixel, pixel, row, row.stack.size[2]);
    if (trained > 0) count(summary.slice, slice, row, trained);
    if (!row.has_reference && trained == 0)
      count(summary.unlabelled, unlabelled, row, row.stack.size[2]);
    if (row.stack_label == SliceLabel::Fibrosis) fibrotic.insert(row.stack.patient);
  }
  const auto finish = [](SupervisionLevel& level, const Sets& sets) {
    level.patients = static_cast<int>(sets.all.size());
    level.train_patients = static_cast<int>(sets.train.size());
  };
  finish(summary.pixel, pixel);
  finish(summary.slice, slice);
  finish(summary.unlabelled, unlabelled);
  summary.fibrotic_patients = static_cast<int>(fibrotic.size());
  GADOLIN_TRY(const auto efforts, db::labelEffort(database));
  for (const db::LabelEffort& effort : efforts) summary.slice.minutes += effort.minutes();
  GADOLIN_TRY(const auto drawn, db::drawingEffort(database));
  for (const db::DrawingEffort& effort : drawn) summary.pixel.minutes += effort.seconds / 60;
  return summary;
}

Result<std::vector<ReviewItem>> itemsOf(db::Database& database, const ProjectPaths& paths,
                                        const std::string& run) {
  GADOLIN_TRY(const auto predictions,
              run.empty() ? db::latestPredictions(database) : db::predictionsOfRun(database, run));
  GADOLIN_TRY(const auto rows, db::cohortRows(database));
  GADOLIN_TRY(const auto references, db::latestPersonMasks(database));
  std::map<std::string, const db::CohortRow*> by_stack;
  for (const db::CohortRow& row : rows) by_stack[row.stack.id] = &row;
  std::vector<ReviewItem> items;
  std::vector<double> uncertainties;
  for (const db::PredictionRecord& prediction : predictions) {
    const auto row = by_stack.find(prediction.stack);
    if (row == by_stack.end()) continue;
    ReviewItem item;
    item.prediction = prediction;
    item.stack = row->second->stack;
    item.part = row->second->part;
    item.stack_label = row->second->stack_label;
    GADOLIN_TRY(const auto mask, db::maskById(database, prediction.mask));
    item.mask_sha256 = mask.sha256;
    if (const auto reference = references.find(prediction.stack); reference != references.end()) {
      // An accepted prediction is no second opinion on itself; the mask from before it may be one.
      if (reference->second.parent != prediction.mask) {
        item.reference_sha256 = reference->second.sha256;
      } else {
        GADOLIN_TRY(const auto masks, db::masksOfStack(database, prediction.stack));
        const auto independent = chooseReference(masks);
        if (independent && !independent->began_as_prediction)
          item.reference_sha256 = independent->record.sha256;
      }
    }
    GADOLIN_TRY(const auto review, db::latestReview(database, prediction.id));
    if (review) {
      item.verdict = review->verdict;
      item.comment = review->comment;
      item.reviewer = review->reader;
    }
    uncertainties.push_back(prediction.uncertainty);
    items.push_back(std::move(item));
  }
  if (items.empty()) return items;
  const auto quarter =
      uncertainties.begin() + static_cast<std::ptrdiff_t>(uncertainties.size() * 3 / 4);
  std::nth_element(uncertainties.begin(), quarter, uncertainties.end());
  const double bound = std::max(least_uncertainty, *quarter);
  for (ReviewItem& item : items) {
    item.need = item.prediction.uncertainty;
    const bool scar = item.prediction.scar_ml > seen_scar_ml;
    if (scar && item.stack_label == SliceLabel::None)
      item.reasons.push_back(ReviewReason::LabelSaysNone);
    if (!scar && item.stack_label == SliceLabel::Fibrosis)
      item.reasons.push_back(ReviewReason::LabelSaysFibrosis);
    item.strangeness =
        strangenessOf(paths.run(item.prediction.run).prediction(item.prediction.stack));
    if (!item.strangeness.empty()) item.reasons.push_back(ReviewReason::OutsideTraining);
    item.need += static_cast<double>(item.reasons.size());
    if (item.prediction.uncertainty >= bound) item.reasons.push_back(ReviewReason::Uncertain);
    if (item.verdict != db::Verdict::None) item.need -= 10;  // what is decided comes last
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const ReviewItem& a, const ReviewItem& b) { return a.need > b.need; });
  return items;
}

Result<std::int64_t> writeVerdict(db::Database& database, const ReviewItem& item,
                                  db::Verdict verdict, const std::string& comment,
                                  const std::string& reader) {
  GADOLIN_TRY(const auto before, db::latestReview(database, item.prediction.id));
  db::ReviewRecord review;
  review.prediction = item.prediction.id;
  review.verdict = verdict;
  review.comment = comment;
  review.reader = reader;
  GADOLIN_CHECK(db::addReview(database, review));
  const bool was_accepted = before && before->verdict == db::Verdict::Accepted;
  // Taken back, the accepted mask is withdrawn by the verdict itself (see db::MaskRecord).
  if (verdict != db::Verdict::Accepted || was_accepted) return std::int64_t{0};
  db::MaskRecord mask;
  mask.stack = item.prediction.stack;
  mask.source = db::MaskSource::Reader;
  mask.author = reader;
  mask.parent = item.prediction.mask;
  mask.sha256 = item.mask_sha256;
  return db::addMask(database, mask);
}

}  // namespace

QFuture<Result<std::vector<db::CohortRow>>> cohortRows(Project& project) {
  return project.read<std::vector<db::CohortRow>>(
      [](db::Database& database) { return db::cohortRows(database); });
}

QFuture<Result<SupervisionSummary>> supervisionSummary(Project& project) {
  return project.read<SupervisionSummary>(summarise);
}

QFuture<Result<int>> setPart(Project& project, std::vector<std::string> patients,
                             dataset::Part part) {
  return project.write<int>(
      [patients = std::move(patients), part](db::Database& database) -> Result<int> {
        for (const std::string& patient : patients)
          GADOLIN_CHECK(db::setPart(database, patient, part));
        return static_cast<int>(patients.size());
      });
}

namespace {

/// `change` in one transaction; how many stacks it was asked for.
template <typename Change>
QFuture<Result<int>> changeStacks(Project& project, std::vector<std::string> stacks, Change change) {
  return project.write<int>(
      [stacks = std::move(stacks), change = std::move(change)](db::Database& database) -> Result<int> {
        GADOLIN_CHECK(change(database, stacks));
        return static_cast<int>(stacks.size());
      });
}

}  // namespace

QFuture<Result<int>> setAside(Project& project, std::vector<std::string> stacks, std::string reason) {
  return changeStacks(project, std::move(stacks),
                      [reason = std::move(reason)](db::Database& database, const auto& names) {
                        return db::setAside(database, names, reason, accountName());
                      });
}

QFuture<Result<int>> takeBack(Project& project, std::vector<std::string> stacks) {
  return changeStacks(project, std::move(stacks), [](db::Database& database, const auto& names) {
    return db::takeBack(database, names, accountName());
  });
}

QFuture<Result<std::vector<db::AsideRecord>>> asideStacks(Project& project) {
  return project.read<std::vector<db::AsideRecord>>(
      [](db::Database& database) { return db::asideStacks(database); });
}

QFuture<Result<int>> setKind(Project& project, std::vector<std::string> stacks, ImageKind kind) {
  return changeStacks(project, std::move(stacks), [kind](db::Database& database, const auto& names) {
    return db::setKind(database, names, kind, accountName());
  });
}

QFuture<Result<int>> decideSeries(Project& project, std::vector<std::string> take,
                                  std::vector<std::string> leave) {
  return project.write<int>(
      [take = std::move(take), leave = std::move(leave)](db::Database& database) -> Result<int> {
        GADOLIN_CHECK(rememberSeries(database, take, true, accountName()));
        GADOLIN_CHECK(rememberSeries(database, leave, false, accountName()));
        return static_cast<int>(take.size() + leave.size());
      });
}

QFuture<Result<std::vector<db::RefusalRecord>>> refusals(Project& project) {
  return project.read<std::vector<db::RefusalRecord>>(
      [](db::Database& database) { return db::refusals(database); });
}

QFuture<Result<std::vector<SliceLabel>>> readerLabels(Project& project, std::string stack,
                                                      std::string reader) {
  return project.read<std::vector<SliceLabel>>(
      [stack = std::move(stack),
       reader = std::move(reader)](db::Database& database) -> Result<std::vector<SliceLabel>> {
        GADOLIN_TRY(const auto record, db::stackById(database, stack));
        std::vector<SliceLabel> labels(static_cast<std::size_t>(record.size[2]),
                                       SliceLabel::Unlabelled);
        if (reader.empty()) return labels;
        GADOLIN_TRY(const auto present, db::sliceLabels(database, stack, reader));
        for (const db::SliceLabelRecord& label : present)
          labels[static_cast<std::size_t>(label.slice)] = label.label;
        return labels;
      });
}

QFuture<Result<std::string>> referenceMask(Project& project, std::string stack) {
  return project.read<std::string>(
      [stack = std::move(stack)](db::Database& database) -> Result<std::string> {
        GADOLIN_TRY(const auto mask, db::latestPersonMask(database, stack));
        return mask ? mask->sha256 : std::string();
      });
}

QFuture<Result<std::vector<db::RunRecord>>> runRecords(Project& project) {
  return project.read<std::vector<db::RunRecord>>(
      [](db::Database& database) { return db::runs(database); });
}

QFuture<Result<RunInputs>> runInputs(Project& project) {
  return project.read<RunInputs>([](db::Database& database) -> Result<RunInputs> {
    GADOLIN_TRY(RunInputs inputs, countInputs(database));
    if (const auto worker = findWorker(); !worker) inputs.no_worker = worker.error().message;
    return inputs;
  });
}

QFuture<Result<RunHistory>> runHistory(const Project& project, std::string run) {
  return QtConcurrent::run([folder = project.paths().run(run)] { return readCurves(folder); });
}

QFuture<Result<std::vector<ReviewItem>>> reviewItems(Project& project, std::string run) {
  return project.read<std::vector<ReviewItem>>(
      [run = std::move(run), paths = project.paths()](db::Database& database) {
        return itemsOf(database, paths, run);
      });
}

QFuture<Result<report::PatientReport>> patientReport(Project& project, std::string patient) {
  return project.read<report::PatientReport>(
      [paths = project.paths(), patient = std::move(patient)](db::Database& database) {
        return collectPatientReport(paths, database, patient, GADOLIN_VERSION);
      });
}

QFuture<Result<std::string>> provenanceTexts(Project& project,
                                             std::vector<std::pair<Named, std::string>> wanted) {
  return project.read<std::string>(
      [paths = project.paths(),
       wanted = std::move(wanted)](db::Database& database) -> Result<std::string> {
        std::string text;
        for (const auto& [named, word] : wanted) {
          GADOLIN_TRY(const std::string facts, provenance(paths, database, word, named));
          text += (text.empty() ? "" : "\n\n") + provenanceText(facts);
        }
        return text;
      });
}

QFuture<Result<std::int64_t>> setVerdict(Project& project, ReviewItem item, db::Verdict verdict,
                                         std::string comment, std::string reader) {
  return project.write<std::int64_t>([item = std::move(item), verdict, comment = std::move(comment),
                                      reader = std::move(reader)](db::Database& database) {
    return writeVerdict(database, item, verdict, comment, reader);
  });
}

}  // namespace gadolin::session
