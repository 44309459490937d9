#pragma once
// For the .cpp files of this folder alone: a StackRecord from a row.

#include "database/connection.h"
#include "database/records.h"

namespace gadolin::db {

#define GADOLIN_STACK_COLUMNS                                                              \
  "s.id, s.patient, s.kind, s.columns, s.rows, s.slices, s.spacing_x_mm, s.spacing_y_mm, " \
  "s.spacing_z_mm, s.apex_first, s.content_hash, s.description, s.imported_utc, s.notes"
inline constexpr int stack_columns = 14;

/// The first `stack_columns` columns of the present row.
StackRecord stackFromRow(const Query& query);

/// The number of slices, or 0 when there is no such stack.
int sliceCount(Database& database, std::string_view stack);

Error noSuchStack(std::string_view id);

}  // namespace gadolin::db
