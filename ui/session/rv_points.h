#pragma once
// The insertions of the right ventricle of a stack as the database has them, as what measures the
// wall takes them.

#include <string>

#include "core/analysis/wall_report.h"
#include "database/database.h"

namespace gadolin::session {

/// What readers have set. Any thread that owns `database`.
Result<analysis::SetInsertions> setInsertions(db::Database& database, const std::string& stack);

}  // namespace gadolin::session
