#include "database/summary.h"

#include <algorithm>

#include "core/labels/whole_label.h"
#include "database/connection.h"
#include "database/standing_mask.h"

namespace gadolin::db {

std::vector<SliceLabel> consensusOf(Database& database, std::string_view stack, int slices) {
  std::vector<SliceLabel> labels(static_cast<std::size_t>(slices), SliceLabel::Unlabelled);
  // With max() in the select list SQLite takes the other columns from the row of the maximum.
  Query query(database,
              "SELECT slice, label, max(event) FROM slice_label WHERE stack = ? GROUP BY slice",
              stack);
  while (query.next()) {
    const int slice = query.number(0);
    if (slice < slices) {
      labels[static_cast<std::size_t>(slice)] =
          sliceLabelFromText(query.text(1)).value_or(SliceLabel::Unlabelled);
    }
  }
  // A decision counts before what any reader said, also where a reader has labelled since.
  Query decided(database,
                "SELECT slice, to_label, max(id) FROM consensus_event WHERE stack = ? GROUP BY slice",
                stack);
  while (decided.next()) {
    const int slice = decided.number(0);
    const auto label = sliceLabelFromText(decided.text(1)).value_or(SliceLabel::Unlabelled);
    if (slice < slices && label != SliceLabel::Unlabelled)
      labels[static_cast<std::size_t>(slice)] = label;
  }
  return labels;
}

SliceLabel saidOf(Database& database, std::string_view stack) {
  Query query(database, "SELECT label FROM stack_label WHERE stack = ? ORDER BY id DESC LIMIT 1",
              stack);
  return query.next() ? sliceLabelFromText(query.text(0)).value_or(SliceLabel::Unlabelled)
                      : SliceLabel::Unlabelled;
}

void summariseLabels(Database& database, std::string_view stack, int slices) {
  const auto labels = consensusOf(database, stack, slices);
  const auto unlabelled = std::ranges::count(labels, SliceLabel::Unlabelled);
  const auto positive = std::ranges::count(labels, SliceLabel::Fibrosis);
  Query(database,
        "UPDATE stack_summary SET labelled_slices = ?, positive_slices = ?, stack_label = ? "
        "WHERE stack = ?",
        slices - static_cast<int>(unlabelled), static_cast<int>(positive),
        toText(wholeLabel(labels, saidOf(database, stack))), stack)
      .run();
}

void summariseMask(Database& database, std::string_view stack) {
  Query(database,
        "UPDATE stack_summary SET has_reference = EXISTS ("
        "  SELECT 1 FROM mask WHERE mask.stack = ?1 AND " GADOLIN_MASK_STANDS
        ") "
        "WHERE stack = ?1",
        stack)
      .run();
}

void summarisePrediction(Database& database, std::string_view stack) {
  Query(database,
        "UPDATE stack_summary SET (prediction_run, verdict) = ("
        "  SELECT p.run, coalesce((SELECT r.verdict FROM review r WHERE r.prediction = p.id "
        "                          ORDER BY r.id DESC LIMIT 1), 'none') "
        "  FROM prediction p WHERE p.stack = ?1 ORDER BY p.id DESC LIMIT 1) "
        "WHERE stack = ?1",
        stack)
      .run();
}

}  // namespace gadolin::db
