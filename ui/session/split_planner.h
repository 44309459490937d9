#pragma once
// The split of a project: planned from its labels or taken from a file, stored as a whole.

#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/dataset/split.h"
#include "database/database.h"

namespace gadolin::session {

struct SplitSummary {
  int train = 0;  // patients
  int validation = 0;
  int test = 0;
  int without_part = 0;  // patients whom a file does not name
  int folds = 0;
};

/// Every patient with its stratum: fibrosis when any stack has it, none when all have none, else
/// unlabelled.
Result<std::vector<dataset::SplitPatient>> splitPatients(db::Database& database);

/// Deals the project's patients, stratified by the label of their stacks (fibrosis when any stack
/// has it; none when all have none; else unlabelled), and stores the split.
Result<SplitSummary> makeSplit(db::Database& database, const dataset::SplitPlan& plan);

/// Stores the split that a table says (core/dataset/split.h). InvalidInput names the patients whom
/// the project does not know.
Result<SplitSummary> importSplit(db::Database& database, std::string_view table,
                                 std::string_view name);

}  // namespace gadolin::session
