#pragma once
// Patients, their stacks and the cohort table.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

/// Adds the stack, and its patient when new. Conflict when the id is taken or when the patient has
/// a stack with this content already. `imported_utc` is set when empty.
Result<void> addStack(Database& database, const StackRecord& stack);

/// NotFound names the stack.
Result<StackRecord> stackById(Database& database, std::string_view id);
/// Those that were set aside (set_aside.h) are seen only by who asks for them.
enum class Which { InUse, All };

/// Sorted by id. All stacks when `patient` is empty; an unknown patient has none.
Result<std::vector<StackRecord>> stacksOfPatient(Database& database, std::string_view patient,
                                                 Which which = Which::InUse);
Result<std::vector<StackRecord>> allStacks(Database& database, Which which = Which::InUse);
/// Every stack with this content, of any patient, set aside or not: how an import recognises what it has.
Result<std::vector<StackRecord>> stacksByContent(Database& database, std::string_view content_hash);
/// The same content by another kind of hash. NotFound names the stack.
Result<void> setContentHash(Database& database, std::string_view stack, std::string_view content_hash);
/// Pseudonyms of those that have a stack in use, sorted.
Result<std::vector<std::string>> patients(Database& database);

/// The cohort table in one query, sorted by patient and stack. 5,000 stacks in some 20 ms.
Result<std::vector<CohortRow>> cohortRows(Database& database);
/// One row of it.
Result<CohortRow> cohortRow(Database& database, std::string_view stack);

}  // namespace gadolin::db
