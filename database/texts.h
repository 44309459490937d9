#pragma once
// Every text of the database, whatever table it is in: to look for what should not be there.

#include <functional>
#include <string>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::db {

/// Calls `look` for every value of every TEXT column that is not empty. Several hundred thousand of
/// them in a large project: not in the GUI thread.
Result<void> forEachText(
    Database& database,
    const std::function<void(const std::string& table, const std::string& column, const std::string& text)>& look);

}  // namespace gadolin::db
