#include "core/labels/table_claims.h"

#include <set>
#include <utility>

#include "core/labels/table_rows.h"

namespace gadolin {

void TableClaims::clear() {
  slices_.clear();
  whole_stacks_.clear();
}

void TableClaims::addSlice(const std::string& stack, int slice, const std::string& reader,
                           SliceClaim claim, int written, const Contradict& contradict) {
  const auto [before, fresh] = slices_.emplace(SliceKey{stack, slice, reader}, claim);
  const SliceClaim& earlier = before->second;
  if (fresh || earlier.label == claim.label) return;
  contradict({earlier.line, claim.line}, claim.column, claim.value,
             "slice " + std::to_string(written) + " of stack " + stack +
                 " is named twice for reader " + reader + ": " + inQuotes(earlier.value) +
                 " on line " + std::to_string(earlier.line) + ", " + inQuotes(claim.value) +
                 " on line " + std::to_string(claim.line) + ".");
}

void TableClaims::compareWholeStacks(const Contradict& contradict) const {
  std::map<std::pair<std::string, std::string>, const WholeStackClaim*> said;  // stack, reader
  for (const auto& whole : whole_stacks_) {
    if (whole.others_only) continue;
    const auto [before, fresh] = said.emplace(std::pair(whole.stack->id, whole.reader), &whole);
    const SliceClaim& earlier = before->second->claim;
    if (!fresh && earlier.label != whole.claim.label && earlier.line != whole.claim.line &&
        !whole.of_patient) {
      contradict({earlier.line, whole.claim.line}, whole.claim.column, whole.claim.value,
                 "stack " + whole.stack->id + " is " + inQuotes(earlier.value) + " on line " +
                     std::to_string(earlier.line) + " and " + inQuotes(whole.claim.value) +
                     " on line " + std::to_string(whole.claim.line) + ".");
    }
    if (fresh) compareSlices(whole, contradict);
  }
}

void TableClaims::compareSlices(const WholeStackClaim& whole, const Contradict& contradict) const {
  int none = 0;
  for (int slice = 0; slice < whole.stack->slices; ++slice) {
    const auto found = slices_.find({whole.stack->id, slice, whole.reader});
    if (found == slices_.end()) continue;
    const SliceClaim& named = found->second;
    none += named.label == SliceLabel::None ? 1 : 0;
    const bool positive = named.label == SliceLabel::Fibrosis || named.label == SliceLabel::Unsure;
    if (whole.claim.label == SliceLabel::None && positive) {
      std::vector<int> lines{whole.claim.line};
      if (named.line != whole.claim.line) lines.push_back(named.line);
      contradict(std::move(lines), whole.claim.column, whole.claim.value,
                 "stack " + whole.stack->id + " is said to have no fibrosis, but line " +
                     std::to_string(named.line) + ", column " + inQuotes(named.column) + ", says " +
                     inQuotes(named.value) + " of a slice.");
      return;
    }
  }
  if (whole.claim.label == SliceLabel::Fibrosis && none == whole.stack->slices) {
    contradict({whole.claim.line}, whole.claim.column, whole.claim.value,
               "stack " + whole.stack->id +
                   " is said to have fibrosis, but every one of its slices is said to have none.");
  }
}

std::vector<PlannedLabel> TableClaims::labels() const {
  std::map<SliceKey, SliceClaim> all = slices_;
  for (const auto& whole : whole_stacks_) {
    if (whole.claim.label != SliceLabel::None) continue;
    // What is said of the slice itself stays, such as "not diagnostic".
    for (int slice = 0; slice < whole.stack->slices; ++slice)
      all.emplace(SliceKey{whole.stack->id, slice, whole.reader}, whole.claim);
  }
  std::vector<PlannedLabel> labels;
  for (const auto& [key, claim] : all) {
    const auto& [stack, slice, reader] = key;
    labels.push_back({claim.line, stack, slice, claim.label, reader, claim.time_utc});
  }
  return labels;
}

std::vector<PlannedStackLabel> TableClaims::stackLabels() const {
  std::vector<PlannedStackLabel> labels;
  for (const auto& whole : whole_stacks_)
    if (whole.claim.label == SliceLabel::Fibrosis && whole.of_this_stack)
      labels.push_back({whole.claim.line, whole.stack->id, whole.reader, whole.claim.time_utc});
  return labels;
}

int TableClaims::unplacedYes() const {
  std::set<int> lines;
  for (const auto& whole : whole_stacks_)
    if (whole.claim.label == SliceLabel::Fibrosis && !whole.of_this_stack)
      lines.insert(whole.claim.line);
  return static_cast<int>(lines.size());
}

}  // namespace gadolin
