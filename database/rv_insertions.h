#pragma once
// Where readers say that the right ventricle meets the left (core/analysis/short_axis_frame.h). The
// history only grows; of a slice the newest place of each kind counts, whoever set it.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::db {

enum class InsertionKind { Anterior, Inferior };

struct InsertionRecord {
  std::string stack;
  int slice = 0;  // stored order
  InsertionKind kind = InsertionKind::Anterior;
  std::optional<std::array<double, 2>> place;  // continuous column, row; none takes it back
  std::string reader;
  std::string at_utc;
};

/// `at_utc` is set when empty. NotFound: no such stack or slice. InvalidInput: no reader, a place that
/// is not finite.
Result<void> addInsertion(Database& database, const InsertionRecord& insertion);

/// What stands: one a slice and kind, by slice, without those taken back.
Result<std::vector<InsertionRecord>> insertionsOfStack(Database& database, std::string_view stack);

}  // namespace gadolin::db
