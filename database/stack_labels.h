#pragma once
// Labels of whole stacks, beside those of their slices (database/labels.h). The history only grows;
// the newest label of a stack counts, whoever gave it.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/labels/slice_label.h"
#include "database/database.h"

namespace gadolin::db {

/// Says None, Fibrosis or Unsure of a stack, or takes back what was said (Unlabelled). Origins:
/// "key", "import". False: it counts already and this reader said it, and nothing is written. NotFound: no such stack.
/// InvalidInput: another label, an empty reader.
Result<bool> setStackLabel(Database& database, std::string_view stack, SliceLabel label,
                           std::string_view reader, std::string_view origin,
                           std::string_view at_utc);

/// One line of the history, which only grows.
struct StackLabelEvent {
  std::int64_t id = 0;
  std::string stack;
  SliceLabel from = SliceLabel::Unlabelled;
  SliceLabel to = SliceLabel::Unlabelled;
  std::string reader, at_utc;
  std::string origin;  // "key", "import"
};
/// Of all stacks, also of those set aside, oldest first.
Result<std::vector<StackLabelEvent>> stackLabelHistory(Database& database);

/// What was last said of each stack; those of which nothing stands are not in it.
Result<std::map<std::string, SliceLabel, std::less<>>> saidStackLabels(Database& database);

/// What each reader said of each stack last, where that stands; by stack and reader. Stacks that were
/// set aside are not in it.
struct ReaderStackLabel {
  std::string stack;
  std::string reader;
  SliceLabel label = SliceLabel::Unlabelled;
};
Result<std::vector<ReaderStackLabel>> stackLabelsOfReaders(Database& database);

}  // namespace gadolin::db
