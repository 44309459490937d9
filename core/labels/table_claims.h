#pragma once
// What the rows of a foreign table claim of slices and of whole stacks, and where two claims
// contradict each other.

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/labels/slice_label.h"
#include "core/labels/table_plan.h"

namespace gadolin {

struct SliceClaim {
  SliceLabel label = SliceLabel::Unlabelled;
  int line = 0;
  std::string column;
  std::string value;     // as written
  std::string time_utc;  // empty: now
};

struct WholeStackClaim {
  const KnownStack* stack = nullptr;  // outlives the claims
  std::string reader;
  SliceClaim claim;            // None or Fibrosis
  bool others_only = false;    // slices that are named stay as they are
  bool of_patient = false;     // two that differ are told of the patient, once
  bool of_this_stack = false;  // and not of some stack of the patient
};

class TableClaims {
 public:
  /// What is wrong, with the lines that it stands on.
  using Contradict = std::function<void(std::vector<int> lines, std::string column,
                                        std::string value, std::string sentence)>;

  void clear();
  /// A label of one slice. Contradiction: the reader called it something else before.
  /// @param slice    0-based, in stored order
  /// @param written  as the table counts it
  void addSlice(const std::string& stack, int slice, const std::string& reader, SliceClaim claim,
                int written, const Contradict& contradict);
  void addWhole(WholeStackClaim claim) { whole_stacks_.push_back(std::move(claim)); }
  /// "No" beside a slice with fibrosis, "yes" beside none that has it, and one beside the other.
  void compareWholeStacks(const Contradict& contradict) const;

  /// By stack, slice and reader. "No" of a whole stack is one for each slice of which nothing else is said.
  [[nodiscard]] std::vector<PlannedLabel> labels() const;
  /// "Yes" of whole stacks, in the order in which it was claimed.
  [[nodiscard]] std::vector<PlannedStackLabel> stackLabels() const;
  /// Rows that say "yes" of a patient and not of which of several stacks.
  [[nodiscard]] int unplacedYes() const;

 private:
  using SliceKey = std::tuple<std::string, int, std::string>;  // stack, slice, reader
  void compareSlices(const WholeStackClaim& whole, const Contradict& contradict) const;

  std::map<SliceKey, SliceClaim> slices_;
  std::vector<WholeStackClaim> whole_stacks_;
};

}  // namespace gadolin
