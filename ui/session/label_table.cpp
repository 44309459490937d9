#include "ui/session/label_table.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

#include "core/base/csv.h"
#include "core/imaging/stack_file.h"
#include "core/labels/derive.h"
#include "core/labels/label_csv.h"
#include "database/consensus.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/stack_labels.h"
#include "database/stacks.h"

namespace gadolin::session {
namespace {

using StackIndex = std::map<std::string, db::StackRecord, std::less<>>;

/// Those set aside too: what was said of them stays said.
Result<StackIndex> stackIndex(db::Database& database) {
  GADOLIN_TRY(auto stacks, db::allStacks(database, db::Which::All));
  StackIndex index;
  for (auto& stack : stacks) {
    std::string id = stack.id;
    index.emplace(std::move(id), std::move(stack));
  }
  return index;
}

std::string patientIn(const StackIndex& stacks, const std::string& stack) {
  const auto found = stacks.find(stack);
  return found == stacks.end() ? std::string() : found->second.patient;
}

std::string yesOrNo(SliceLabel label) {
  return label == SliceLabel::Fibrosis ? "yes" : label == SliceLabel::None ? "no" : "unsure";
}

std::string secondsText(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  return text;
}

}  // namespace

Result<std::string> exportLabels(db::Database& database) {
  GADOLIN_TRY(const auto labels, db::allSliceLabels(database));
  std::vector<LabelRow> rows;
  rows.reserve(labels.size());
  for (const auto& [patient, label] : labels) {
    rows.push_back({patient, label.stack, label.slice, label.label, label.reader, label.at_utc});
  }
  GADOLIN_TRY(const auto decisions, db::consensusDecisions(database));
  GADOLIN_TRY(const auto stacks, stackIndex(database));
  for (const auto& one : decisions) {
    const auto stack = stacks.find(one.stack);
    if (stack == stacks.end()) continue;
    rows.push_back({stack->second.patient, one.stack, one.slice, one.label,
                    consensusReader(one.author), one.at_utc});
  }
  std::ranges::stable_sort(rows, {}, [](const LabelRow& row) {
    return std::tie(row.patient, row.stack, row.slice);
  });
  return formatLabelTable(rows);
}

Result<std::string> exportLabelHistory(db::Database& database) {
  GADOLIN_TRY(const auto stacks, stackIndex(database));
  GADOLIN_TRY(auto events, db::labelHistory(database, {}));
  GADOLIN_TRY(auto decisions, db::consensusHistory(database, {}));
  for (auto& decision : decisions) {
    decision.reader = consensusReader(decision.reader);
    events.push_back(std::move(decision));
  }
  std::string text = csvLine(
      {"event", "patient", "stack", "slice", "from", "to", "reader", "time", "seconds", "origin"});
  for (const auto& event : events) {
    text += csvLine({std::to_string(event.id), patientIn(stacks, event.stack), event.stack,
                     std::to_string(event.slice), std::string(toText(event.from)),
                     std::string(toText(event.to)), event.reader, event.at_utc,
                     secondsText(event.seconds), event.origin});
  }
  return text;
}

Result<std::string> exportStackLabels(db::Database& database) {
  GADOLIN_TRY(const auto stacks, stackIndex(database));
  GADOLIN_TRY(const auto said, db::saidStackLabels(database));
  GADOLIN_TRY(const auto events, db::stackLabelHistory(database));
  std::map<std::string, const db::StackLabelEvent*> latest;
  for (const auto& event : events) latest[event.stack] = &event;
  std::string text = csvLine({"patient", "stack", "fibrosis", "reader", "time"});
  for (const auto& [stack, label] : said)
    text += csvLine({patientIn(stacks, stack), stack, yesOrNo(label), latest.at(stack)->reader,
                     latest.at(stack)->at_utc});
  return text;
}

Result<std::string> exportStackLabelHistory(db::Database& database) {
  GADOLIN_TRY(const auto stacks, stackIndex(database));
  GADOLIN_TRY(const auto events, db::stackLabelHistory(database));
  std::string text =
      csvLine({"event", "patient", "stack", "from", "to", "reader", "time", "origin"});
  for (const auto& event : events)
    text += csvLine({std::to_string(event.id), patientIn(stacks, event.stack), event.stack,
                     std::string(toText(event.from)), std::string(toText(event.to)), event.reader,
                     event.at_utc, event.origin});
  return text;
}

Result<DerivedLabels> deriveLabels(db::Database& database, const ProjectPaths& paths) {
  DerivedLabels summary;
  std::map<std::string, std::vector<db::SliceChange>> changes;
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  for (const auto& stack : stacks) {
    GADOLIN_TRY(const auto revision, db::latestMask(database, stack.id, db::MaskSource::Reference));
    if (!revision) {
      ++summary.without_mask;
      continue;
    }
    auto mask = readMask(paths.mask(revision->sha256));
    if (!mask) return mask.error().within("Reference mask of stack " + stack.id);
    if (mask->geometry.size[2] != stack.size[2]) {
      return Error{ErrorCode::Corrupt, "The reference mask of stack " + stack.id + " has " +
                                           std::to_string(mask->geometry.size[2]) +
                                           " slices where the stack has " +
                                           std::to_string(stack.size[2]) + "."};
    }
    const auto labels = labelsFromMask(*mask);
    auto& of_stack = changes[stack.id];
    int positive = 0;
    for (std::size_t z = 0; z < labels.size(); ++z) {
      of_stack.push_back({static_cast<int>(z), labels[z]});
      if (labels[z] == SliceLabel::Fibrosis) ++positive;
    }
    ++summary.stacks;
    summary.slices += static_cast<int>(labels.size());
    summary.positive_slices += positive;
    if (positive > 0) ++summary.positive_stacks;
  }
  auto written = database.transaction([&]() -> Result<void> {
    for (const auto& [stack, of_stack] : changes) {
      GADOLIN_TRY(const auto events, db::setSliceLabels(database, stack, of_stack,
                                                        db::reference_reader, 0, "derived"));
      summary.changed += static_cast<int>(events.size());
    }
    return {};
  });
  if (!written) return written.error();
  return summary;
}

}  // namespace gadolin::session
