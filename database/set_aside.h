#pragma once
// Stacks that a person took out of all work, and what a person says of an image.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

struct AsideRecord {
  StackRecord stack;
  std::string reason;  // in words
  std::string who;
  std::string at_utc;
};

/// They leave the cohort, every list, the split's counts, training, measurements and exports;
/// labels and masks stay. NotFound names a stack that is not there; one that is aside already gets
/// the new reason. With a line in the audit trail.
Result<void> setAside(Database& database, const std::vector<std::string>& stacks,
                      std::string_view reason, std::string_view who);
/// The reverse. Stacks that are in use are passed over.
Result<void> takeBack(Database& database, const std::vector<std::string>& stacks,
                      std::string_view who);
/// By stack id.
Result<std::vector<AsideRecord>> asideStacks(Database& database);

/// What a person says where nothing in the image tells magnitude from PSIR, or tells it wrong.
/// NotFound. With a line in the audit trail.
Result<void> setKind(Database& database, const std::vector<std::string>& stacks, ImageKind kind,
                     std::string_view who);

}  // namespace gadolin::db
