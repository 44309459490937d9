#include "ui/session/measured_revision.h"

#include <cstdint>
#include <set>

#include "database/masks.h"
#include "database/predictions.h"

namespace gadolin::session {
namespace {

/// The newest mask of a reader that descends from the prediction's mask, if any.
const db::MaskRecord* editedOf(const Segmented& found) {
  if (!found.prediction) return nullptr;
  std::set<std::int64_t> descendants{found.prediction->mask};
  const db::MaskRecord* newest = nullptr;
  // Oldest first, so a parent is met before its children.
  for (const db::MaskRecord& mask : found.masks) {
    if (!mask.parent || !descendants.contains(*mask.parent)) continue;
    descendants.insert(mask.id);
    if (mask.source != db::MaskSource::Prediction && !mask.withdrawn) newest = &mask;
  }
  return newest;
}

}  // namespace

Result<Segmented> segmentedBy(db::Database& database, const db::StackRecord& stack) {
  Segmented found;
  found.stack = stack;
  GADOLIN_TRY(found.masks, db::masksOfStack(database, stack.id));
  GADOLIN_TRY(found.prediction, db::latestPrediction(database, stack.id));
  if (found.prediction) {
    GADOLIN_TRY(found.review, db::latestReview(database, found.prediction->id));
  }
  found.person = chooseReference(found.masks);
  return found;
}

Result<std::optional<Segmented>> reportedStack(db::Database& database,
                                               const std::vector<db::StackRecord>& stacks) {
  std::optional<Segmented> best;
  for (const db::StackRecord& stack : stacks) {
    GADOLIN_TRY(auto found, segmentedBy(database, stack));
    if (!found.prediction && !found.person) continue;
    const bool better =
        !best ||
        (found.prediction && (!best->prediction || found.prediction->id > best->prediction->id));
    if (better) best = std::move(found);
  }
  return best;
}

report::Origin personOrigin(const db::MaskRecord& record) {
  return record.source == db::MaskSource::Reference ? report::Origin::Reference
                                                    : report::Origin::Reader;
}

Result<MeasuredRevision> measuredRevision(db::Database& database, const Segmented& found) {
  if (!found.prediction) {
    if (!found.person) {
      return Error{ErrorCode::NotFound, "Stack " + found.stack.id + " has no segmentation yet."};
    }
    return MeasuredRevision{found.person->record, personOrigin(found.person->record)};
  }
  GADOLIN_TRY(auto predicted, db::maskById(database, found.prediction->mask));
  const db::MaskRecord* edited = editedOf(found);
  if (edited != nullptr && edited->sha256 != predicted.sha256) {
    return MeasuredRevision{*edited, report::Origin::EditedPrediction};
  }
  const bool accepted =
      edited != nullptr || (found.review && found.review->verdict == db::Verdict::Accepted);
  return MeasuredRevision{std::move(predicted), accepted ? report::Origin::AcceptedPrediction
                                                         : report::Origin::Prediction};
}

}  // namespace gadolin::session
