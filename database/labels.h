#pragma once
// Image-level labels. Every reader's labels are kept apart. The history (label_event) only grows:
// triggers forbid changing it.
//
// The label of a slice that counts, which training, the split, the cohort table, reports and
// exports use alike ("consensus label" below), is
//   1. the decision that stands on the slice (database/consensus.h), whoever has labelled since;
//   2. else the one with the latest event among the present labels of all readers, also where they
//      disagree: undecidedSlices() tells how many those are.
// Labels derived from imported masks belong to the reader "reference". A reader who takes a label
// back has none on that slice.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "database/records.h"

namespace gadolin::db {

inline constexpr std::string_view reference_reader = "reference";

struct SliceChange {
  int slice = 0;                              // 0-based, in stored order
  SliceLabel label = SliceLabel::Unlabelled;  // Unlabelled takes the reader's label back
};

/// One transaction: appends one event a slice and updates the reader's present labels. `seconds` is
/// the time for all of them together and is shared out evenly. Origins: "key", "fill", "undo",
/// "redo", "import", "derived". A label that is already so is left alone without an event, except
/// with origin "key" (a person looked again). Returns the events.
/// NotFound: no such stack. InvalidInput: a slice outside it, an empty reader, a name that tables
/// keep for something else (core/labels/reader_name.h; "reference" derives and imports).
Result<std::vector<LabelEventRecord>> setSliceLabels(Database& database, std::string_view stack,
                                                     std::span<const SliceChange> changes,
                                                     std::string_view reader, double seconds,
                                                     std::string_view origin);

/// The same with the time at which it was decided (imports), ISO 8601 in UTC.
Result<std::vector<LabelEventRecord>> setSliceLabels(Database& database, std::string_view stack,
                                                     std::span<const SliceChange> changes,
                                                     std::string_view reader, double seconds,
                                                     std::string_view origin,
                                                     std::string_view at_utc);

/// Present labels of a stack, sorted by slice and reader; of one reader unless `reader` is empty.
Result<std::vector<SliceLabelRecord>> sliceLabels(Database& database, std::string_view stack,
                                                  std::string_view reader = {});
/// Present labels of the whole project, sorted by patient, stack, slice, reader.
struct PatientLabelRecord {
  std::string patient;
  SliceLabelRecord label;
};
Result<std::vector<PatientLabelRecord>> allSliceLabels(Database& database);

/// One label a slice, Unlabelled where nobody has one. NotFound: no such stack.
Result<std::vector<SliceLabel>> consensusLabels(Database& database, std::string_view stack);
/// The same for every stack that has a label.
Result<std::map<std::string, std::vector<SliceLabel>, std::less<>>> allConsensusLabels(
    Database& database);

/// Slices of stacks in use that readers labelled differently and on which no decision stands: there
/// the latest label counts. Sorted by stack and slice.
struct UndecidedSlice {
  std::string stack;
  int slice = 0;
};
Result<std::vector<UndecidedSlice>> undecidedSlices(Database& database);

/// History, oldest first; of one stack unless `stack` is empty.
Result<std::vector<LabelEventRecord>> labelHistory(Database& database, std::string_view stack);

/// Everybody who has a present label, sorted.
Result<std::vector<std::string>> readers(Database& database);

/// What one person's labels and decisions took. Derived and imported ones took no time.
struct LabelEffort {
  std::string reader;
  int stacks = 0;
  int slices = 0;               // with a present label
  double seconds = 0;           // of labels, over the whole history
  int decisions = 0;            // that stand
  double decision_seconds = 0;  // of decisions, over the whole history

  /// Of labelling, which deciding is a part of: what reports, summaries and studies count.
  [[nodiscard]] double minutes() const { return (seconds + decision_seconds) / 60; }
};
/// Everybody who ever labelled or decided, sorted.
Result<std::vector<LabelEffort>> labelEffort(Database& database);

}  // namespace gadolin::db
