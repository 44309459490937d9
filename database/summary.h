#pragma once
// For the .cpp files of this folder alone: keeps stack_summary, the cohort table's short memory.
// Each function is called in the transaction of the change. They throw SQLite::Exception: use
// within guarded().

#include <string_view>
#include <vector>

#include "core/labels/slice_label.h"
#include "database/database.h"

namespace gadolin::db {

/// The labels that count of a stack with that many slices (database/labels.h).
std::vector<SliceLabel> consensusOf(Database& database, std::string_view stack, int slices);

/// What was last said of the whole stack; Unlabelled when nothing stands.
SliceLabel saidOf(Database& database, std::string_view stack);

void summariseLabels(Database& database, std::string_view stack, int slices);
/// A person's mask has been added, or a verdict was given or taken back.
void summariseMask(Database& database, std::string_view stack);
/// Takes run and verdict from the newest prediction.
void summarisePrediction(Database& database, std::string_view stack);

}  // namespace gadolin::db
