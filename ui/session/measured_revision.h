#pragma once
// Which revision of a mask a patient's report measures, and beside which.

#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/report/patient_report.h"
#include "database/database.h"
#include "database/records.h"
#include "ui/session/evaluation.h"

namespace gadolin::session {

/// Everything that is known of how one stack was segmented.
struct Segmented {
  db::StackRecord stack;
  std::vector<db::MaskRecord> masks;               // all revisions, oldest first
  std::optional<db::PredictionRecord> prediction;  // the newest of any run
  std::optional<db::ReviewRecord> review;          // the newest of that prediction
  std::optional<ReferenceMask> person;             // see chooseReference
};
Result<Segmented> segmentedBy(db::Database& database, const db::StackRecord& stack);

/// Of a patient's stacks the one that the report measures: that with the newest prediction, else the
/// first with a person's mask; nothing where none is segmented.
Result<std::optional<Segmented>> reportedStack(db::Database& database,
                                               const std::vector<db::StackRecord>& stacks);

struct MeasuredRevision {
  db::MaskRecord record;
  report::Origin origin = report::Origin::Prediction;
};
/// A reader's revision of the newest prediction where there is one, else the prediction, else the
/// person's mask. NotFound: the stack has neither.
Result<MeasuredRevision> measuredRevision(db::Database& database, const Segmented& found);

/// Of a mask that a person stands for: imported, or drawn.
report::Origin personOrigin(const db::MaskRecord& record);

}  // namespace gadolin::session
