// The cohort table: one join over stack, its summary and the split.

#include "database/stack_row.h"
#include "database/stacks.h"

namespace gadolin::db {
namespace {

#define GADOLIN_COHORT_QUERY(stacks)                                                     \
  "SELECT " GADOLIN_STACK_COLUMNS                                                        \
  ", p.part, m.labelled_slices, m.positive_slices, m.stack_label, m.has_reference, "     \
  "m.prediction_run, m.verdict FROM " stacks " s JOIN stack_summary m ON m.stack = s.id " \
  "LEFT JOIN split p ON p.patient = s.patient "

CohortRow cohortFromRow(const Query& query) {
  CohortRow row;
  row.stack = stackFromRow(query);
  constexpr int first = stack_columns;
  if (!query.isNull(first)) {
    row.part = dataset::partFromText(query.text(first)).value_or(dataset::Part::None);
  }
  row.labelled_slices = query.number(first + 1);
  row.positive_slices = query.number(first + 2);
  row.stack_label = sliceLabelFromText(query.text(first + 3)).value_or(SliceLabel::Unlabelled);
  row.has_reference = query.number(first + 4) != 0;
  row.last_prediction_run = query.text(first + 5);
  row.verdict = verdictFromText(query.text(first + 6)).value_or(Verdict::None);
  return row;
}

}  // namespace

Result<std::vector<CohortRow>> cohortRows(Database& database) {
  return guarded(database, "read the cohort", [&]() -> Result<std::vector<CohortRow>> {
    std::vector<CohortRow> rows;
    Query query(database, GADOLIN_COHORT_QUERY("stack_in_use") "ORDER BY s.patient, s.id");
    while (query.next()) rows.push_back(cohortFromRow(query));
    return rows;
  });
}

Result<CohortRow> cohortRow(Database& database, std::string_view stack) {
  return guarded(database, "read the cohort", [&]() -> Result<CohortRow> {
    Query query(database, GADOLIN_COHORT_QUERY("stack") "WHERE s.id = ?", stack);
    if (!query.next()) return noSuchStack(stack);
    return cohortFromRow(query);
  });
}

}  // namespace gadolin::db
