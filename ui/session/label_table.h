#pragma once
// Labels of a project out as a table, and from its masks. In: ui/session/table_import.h.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// Every present label of every reader, sorted by patient, stack, slice, reader; after those of a
/// slice the decision on it (core/labels/label_csv.h).
Result<std::string> exportLabels(db::Database& database);

/// The history as a table: event, patient, stack, slice, from, to, reader, time, seconds, origin.
/// Decisions on slices follow the labels, with event numbers of their own.
Result<std::string> exportLabelHistory(db::Database& database);

/// What was said of whole stacks, not of their slices: patient, stack, fibrosis (yes, no, unsure),
/// reader, time; importTable() reads it back. And its history: event, patient, stack, from, to,
/// reader, time, origin. Both have their header alone where nothing was said.
Result<std::string> exportStackLabels(db::Database& database);
Result<std::string> exportStackLabelHistory(db::Database& database);

struct DerivedLabels {
  int stacks = 0;  // with a reference mask
  int positive_stacks = 0;
  int slices = 0;
  int positive_slices = 0;
  int changed = 0;       // labels that are not as they were
  int without_mask = 0;  // stacks that were left alone
};

/// Labels from the newest reference mask of each stack: reader "reference", origin "derived".
/// Corrupt when a blob is missing or does not fit its stack; nothing is changed then.
Result<DerivedLabels> deriveLabels(db::Database& database, const ProjectPaths& paths);

}  // namespace gadolin::session
