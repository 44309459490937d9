#pragma once
// Who gave the label that counts on a slice: the rule of database/labels.h, with names, now or as it
// was at an earlier time.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/labels/slice_label.h"
#include "database/database.h"

namespace gadolin::session {

/// The label that counts on one slice. `label` is Unlabelled, and the rest empty, where nobody has
/// one.
struct GivenLabel {
  SliceLabel label = SliceLabel::Unlabelled;
  std::string by;         // reader or author of the decision; "reference": derived from a mask
  std::string at_utc;
  std::string origin;     // "key", "fill", "undo", "redo", "import", "derived"
  bool decided = false;   // a third decision after readers disagreed
  std::vector<std::pair<std::string, SliceLabel>> said;  // by every reader, sorted by name
};

/// By stack, one entry a slice from the first that has a history; slices beyond the last one with a
/// history are absent. `before_utc`: only what was dated before that time counts (a label that was
/// imported later with an older date counts as older); empty: all. `stack`: of one alone, else of
/// all, those that were set aside too. Thread: the connection's; one pass over the history.
using GivenLabels = std::map<std::string, std::vector<GivenLabel>, std::less<>>;
Result<GivenLabels> givenLabels(db::Database& database, std::string_view stack,
                                std::string_view before_utc);

}  // namespace gadolin::session
