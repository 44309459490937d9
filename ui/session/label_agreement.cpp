#include "ui/session/label_agreement.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/labels/whole_label.h"
#include "database/consensus.h"
#include "database/labels.h"
#include "database/stack_labels.h"
#include "database/stacks.h"

namespace gadolin::session {
namespace {

constexpr std::array<int, 2> decided_categories{0, 2};
constexpr std::array<int, 3> ordered_categories{0, 1, 2};
constexpr std::array<int, 4> all_categories{0, 1, 2, 3};

int categoryOf(SliceLabel label) {
  const auto found = std::ranges::find(compared_labels, label);
  return found == compared_labels.end() ? -1 : static_cast<int>(found - compared_labels.begin());
}

struct Read {
  std::vector<analysis::ReadThing> slices;
  std::vector<analysis::ReadThing> stacks;
};

/// One entry a reader of what everybody said of a stack, slice by slice.
using StackLabels = std::vector<std::vector<SliceLabel>>;

LabelPair compare(const Read& read, const std::vector<LabelReader>& readers, std::size_t a,
                  std::size_t b) {
  LabelPair pair;
  pair.first = readers[a].name;
  pair.second = readers[b].name;
  pair.table = analysis::ConfusionTable(compared_labels.size());
  const int unsure = categoryOf(SliceLabel::Unsure);
  const int not_diagnostic = categoryOf(SliceLabel::NotDiagnostic);
  for (const analysis::ReadThing& slice : read.slices) {
    const int first = slice.said[a];
    const int second = slice.said[b];
    if (first >= 0 && second < 0) ++pair.only_first;
    if (first < 0 && second >= 0) ++pair.only_second;
    if (first < 0 || second < 0) continue;
    ++pair.both;
    if (first == unsure || second == unsure) ++pair.unsure;
    if (first == not_diagnostic || second == not_diagnostic) ++pair.not_diagnostic;
    pair.table.add(static_cast<std::size_t>(first), static_cast<std::size_t>(second));
  }
  pair.decided = analysis::compareTwo(read.slices, a, b, decided_categories);
  pair.ordered =
      analysis::compareTwo(read.slices, a, b, ordered_categories, analysis::KappaWeights::Linear);
  pair.nominal = analysis::compareTwo(read.slices, a, b, all_categories);
  pair.stacks = analysis::compareTwo(read.stacks, a, b, decided_categories);
  return pair;
}

void explain(LabelAgreement& result) {
  if (result.readers.empty()) {
    result.sentences.push_back("Nobody has labelled a slice yet.");
  } else if (result.readers.size() == 1) {
    result.sentences.push_back("Only " + result.readers.front().name +
                               " has labelled. A second reader who labels the same stacks makes "
                               "agreement measurable.");
  } else if (result.pairs.empty()) {
    result.sentences.push_back(
        "No slice has been labelled by two readers, so there is nothing to compare.");
  }
}

}  // namespace

Result<LabelAgreement> labelAgreement(db::Database& database) {
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto labels, db::allSliceLabels(database));
  GADOLIN_TRY(const auto said, db::stackLabelsOfReaders(database));
  LabelAgreement result;
  std::map<std::string, std::size_t, std::less<>> reader_number;
  {
    std::set<std::string> names;
    for (const auto& one : labels) names.insert(one.label.reader);
    for (const auto& one : said) names.insert(one.reader);
    for (const std::string& name : names) {
      reader_number.emplace(name, result.readers.size());
      result.readers.push_back({name});
    }
  }
  const std::size_t readers = result.readers.size();

  std::map<std::string, const db::StackRecord*, std::less<>> by_id;
  for (const db::StackRecord& stack : stacks) by_id[stack.id] = &stack;
  std::map<std::pair<std::string, std::string>, StackLabels> of_stack;  // by (patient, stack)
  const auto labelsOf = [&](const db::StackRecord& stack) -> StackLabels& {
    auto& all = of_stack[{stack.patient, stack.id}];
    if (all.empty())
      all.assign(readers, std::vector<SliceLabel>(static_cast<std::size_t>(stack.size[2]),
                                                  SliceLabel::Unlabelled));
    return all;
  };
  for (const db::PatientLabelRecord& one : labels) {
    const auto stack = by_id.find(one.label.stack);
    if (stack == by_id.end()) continue;
    LabelReader& reader = result.readers[reader_number.at(one.label.reader)];
    ++reader.slices;
    reader.unsure += one.label.label == SliceLabel::Unsure ? 1 : 0;
    reader.not_diagnostic += one.label.label == SliceLabel::NotDiagnostic ? 1 : 0;
    labelsOf(*stack->second)[reader_number.at(one.label.reader)]
                            [static_cast<std::size_t>(one.label.slice)] = one.label.label;
  }
  std::map<std::pair<std::string, std::string>, SliceLabel> whole;  // by (stack, reader)
  for (const auto& one : said) {
    whole[{one.stack, one.reader}] = one.label;
    if (const auto stack = by_id.find(one.stack); stack != by_id.end()) labelsOf(*stack->second);
  }

  GADOLIN_TRY(const auto decisions, db::consensusDecisions(database));
  std::map<std::pair<std::string, int>, const db::ConsensusRecord*> decided;
  for (const auto& one : decisions) decided[{one.stack, one.slice}] = &one;

  Read read;
  std::map<std::string, std::size_t, std::less<>> group;
  for (const auto& [key, all] : of_stack) {
    const auto& [patient, stack] = key;
    const std::size_t number = group.emplace(patient, group.size()).first->second;
    analysis::ReadThing of_whole{number, {}};
    for (std::size_t r = 0; r < readers; ++r) {
      const auto own = whole.find({stack, result.readers[r].name});
      of_whole.said.push_back(categoryOf(
          wholeLabel(all[r], own == whole.end() ? SliceLabel::Unlabelled : own->second)));
      result.readers[r].stacks +=
          std::ranges::any_of(all[r],
                              [](SliceLabel label) { return label != SliceLabel::Unlabelled; })
              ? 1
              : 0;
    }
    read.stacks.push_back(std::move(of_whole));
    for (std::size_t z = 0; z < all.front().size(); ++z) {
      analysis::ReadThing slice{number, {}};
      Disagreement difference;
      difference.patient = patient;
      difference.stack = stack;
      difference.slice = static_cast<int>(z);
      difference.from_base = by_id.at(stack)->apex_first ? static_cast<int>(all.front().size() - z)
                                                         : static_cast<int>(z) + 1;
      if (const auto one = decided.find({stack, difference.slice}); one != decided.end()) {
        difference.decided = one->second->label;
        difference.decided_by = one->second->author;
      }
      std::set<int> kinds;
      for (std::size_t r = 0; r < readers; ++r) {
        slice.said.push_back(categoryOf(all[r][z]));
        if (slice.said.back() < 0) continue;
        kinds.insert(slice.said.back());
        difference.said.emplace_back(result.readers[r].name, all[r][z]);
      }
      if (kinds.empty()) continue;
      read.slices.push_back(std::move(slice));
      if (kinds.size() > 1)
        result.disagreements.push_back(std::move(difference));
      else if (difference.said.size() > 1)
        result.alike.push_back(std::move(difference));
    }
  }
  for (std::size_t a = 0; a < readers; ++a) {
    for (std::size_t b = a + 1; b < readers; ++b) {
      LabelPair pair = compare(read, result.readers, a, b);
      if (pair.both > 0 || pair.stacks.things > 0) result.pairs.push_back(std::move(pair));
    }
  }
  result.all_decided = analysis::compareAll(read.slices, decided_categories);
  result.all_nominal = analysis::compareAll(read.slices, all_categories);
  result.all_stacks = analysis::compareAll(read.stacks, decided_categories);
  explain(result);
  return result;
}

Result<std::vector<Disagreement>> disagreementsOf(db::Database& database,
                                                  const std::string& stack) {
  GADOLIN_TRY(const auto record, db::stackById(database, stack));
  GADOLIN_TRY(const auto labels, db::sliceLabels(database, stack));
  GADOLIN_TRY(const auto decisions, db::consensusDecisions(database, stack));
  std::map<int, Disagreement> of_slice;
  for (const db::SliceLabelRecord& label : labels)
    of_slice[label.slice].said.emplace_back(label.reader, label.label);
  std::vector<Disagreement> differing;
  for (auto& [slice, one] : of_slice) {
    const SliceLabel first = one.said.front().second;
    if (std::ranges::all_of(one.said, [&](const auto& each) { return each.second == first; }))
      continue;
    one.patient = record.patient;
    one.stack = stack;
    one.slice = slice;
    one.from_base = record.apex_first ? record.size[2] - slice : slice + 1;
    if (const auto decided = std::ranges::find(decisions, slice, &db::ConsensusRecord::slice);
        decided != decisions.end()) {
      one.decided = decided->label;
      one.decided_by = decided->author;
    }
    differing.push_back(std::move(one));
  }
  return differing;
}

}  // namespace gadolin::session
