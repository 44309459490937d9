#pragma once
// Third decisions on slices, made where readers disagree: they count before what any single reader
// said (database/labels.h), stand beside the readers' labels and never change those.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

/// A decision that stands.
struct ConsensusRecord {
  std::int64_t event = 0;  // by which it stands
  std::string stack;
  int slice = 0;  // 0-based, in stored order
  SliceLabel label = SliceLabel::None;
  std::string author;
  std::string at_utc;
};

/// Decides one slice, or takes the decision back (Unlabelled), in one transaction with the cohort
/// table's summary. `seconds`: how long the author looked. Origins: "key", "undo", "redo",
/// "import". What is decided so already is left alone without an event (`id` 0), except with origin
/// "key" or by another author. `at_utc` is set when empty; `reader` of the event is the author, who
/// answers for it: an undo that brings another's decision back is by that other.
/// NotFound: no such stack. InvalidInput: a slice outside it, no author, one of the names that
/// tables keep for something else (core/labels/reader_name.h).
Result<LabelEventRecord> decideConsensus(Database& database, std::string_view stack, int slice,
                                         SliceLabel label, std::string_view author, double seconds,
                                         std::string_view origin, std::string_view at_utc = {});

/// Decisions that stand, sorted by stack and slice; of one stack, or of all that are in use where
/// `stack` is empty.
Result<std::vector<ConsensusRecord>> consensusDecisions(Database& database,
                                                        std::string_view stack = {});

/// The last event on a slice, also one that took a decision back; nothing when nobody ever decided.
Result<std::optional<LabelEventRecord>> lastDecision(Database& database, std::string_view stack,
                                                     int slice);

/// Every decision ever made, oldest first, also of stacks that were set aside; of one stack unless
/// `stack` is empty.
Result<std::vector<LabelEventRecord>> consensusHistory(Database& database, std::string_view stack);

}  // namespace gadolin::db
