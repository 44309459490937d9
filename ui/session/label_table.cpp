#include "ui/session/label_table.h"

#include <charconv>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

#include "core/base/csv.h"
#include "core/base/time.h"
#include "core/imaging/stack_file.h"
#include "core/labels/derive.h"
#include "core/labels/label_csv.h"
#include "database/labels.h"
#include "database/masks.h"
#include "database/stacks.h"

namespace gadolin::session {
namespace {

using StackIndex = std::map<std::string, db::StackRecord, std::less<>>;

Result<StackIndex> stackIndex(db::Database& database) {
  GADOLIN_TRY(auto stacks, db::allStacks(database));
  StackIndex index;
  for (auto& stack : stacks) {
    std::string id = stack.id;
    index.emplace(std::move(id), std::move(stack));
  }
  return index;
}

Result<void> checkRow(const LabelRow& row, const StackIndex& stacks) {
  const auto wrong = [&row](const std::string& what) {
    return Error{ErrorCode::InvalidInput, "Line " + std::to_string(row.line) + ": " + what};
  };
  const auto found = stacks.find(row.stack);
  if (found == stacks.end()) return wrong("there is no stack '" + row.stack + "' in the project.");
  const db::StackRecord& stack = found->second;
  if (!row.patient.empty() && row.patient != stack.patient) {
    return wrong("stack " + row.stack + " is of patient " + stack.patient + ", not of '" +
                 row.patient + "'.");
  }
  if (row.slice >= stack.size[2]) {
    return wrong("stack " + row.stack + " has slices 0 to " + std::to_string(stack.size[2] - 1) +
                 ", not " + std::to_string(row.slice) + ".");
  }
  return {};
}

std::string secondsText(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds);
  return text;
}

}  // namespace

Result<LabelImport> importLabels(db::Database& database, std::string_view table,
                                 std::string_view name, const std::string& default_reader) {
  auto parsed = parseLabelTable(table);
  if (!parsed) return parsed.error().within(name);
  LabelImport summary;
  summary.rows = static_cast<int>(parsed->size());
  auto written = database.transaction([&]() -> Result<void> {
    GADOLIN_TRY(const auto stacks, stackIndex(database));
    // Grouped so that each stack's labels of one reader and moment are one call.
    std::map<std::tuple<std::string, std::string, std::string>, std::vector<db::SliceChange>>
        groups;
    std::set<std::tuple<std::string, int, std::string>> seen;
    std::set<std::string> named;
    const std::string now = utcNow();
    for (const LabelRow& row : *parsed) {
      GADOLIN_CHECK(checkRow(row, stacks));
      const std::string reader = row.reader.empty() ? default_reader : row.reader;
      if (!seen.emplace(row.stack, row.slice, reader).second) {
        return Error{ErrorCode::InvalidInput,
                     "Line " + std::to_string(row.line) + ": slice " + std::to_string(row.slice) +
                         " of stack " + row.stack + " is named twice for reader " + reader + "."};
      }
      named.insert(row.stack);
      groups[{row.time_utc.empty() ? now : row.time_utc, row.stack, reader}].push_back(
          {row.slice, row.label});
    }
    summary.stacks = static_cast<int>(named.size());
    // In the order of time: the later label is the later event.
    for (const auto& [key, changes] : groups) {
      const auto& [time, stack, reader] = key;
      GADOLIN_TRY(const auto events,
                  db::setSliceLabels(database, stack, changes, reader, 0, "import", time));
      summary.changed += static_cast<int>(events.size());
    }
    return {};
  });
  if (!written) return written.error().within(name);
  return summary;
}

Result<std::string> exportLabels(db::Database& database) {
  GADOLIN_TRY(const auto labels, db::allSliceLabels(database));
  std::vector<LabelRow> rows;
  rows.reserve(labels.size());
  for (const auto& [patient, label] : labels) {
    rows.push_back({0, patient, label.stack, label.slice, label.label, label.reader, label.at_utc});
  }
  return formatLabelTable(rows);
}

Result<std::string> exportLabelHistory(db::Database& database) {
  GADOLIN_TRY(const auto stacks, stackIndex(database));
  GADOLIN_TRY(const auto events, db::labelHistory(database, {}));
  std::string text = csvLine(
      {"event", "patient", "stack", "slice", "from", "to", "reader", "time", "seconds", "origin"});
  for (const auto& event : events) {
    const auto stack = stacks.find(event.stack);
    text += csvLine({std::to_string(event.id),
                     stack == stacks.end() ? std::string() : stack->second.patient, event.stack,
                     std::to_string(event.slice), std::string(toText(event.from)),
                     std::string(toText(event.to)), event.reader, event.at_utc,
                     secondsText(event.seconds), event.origin});
  }
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
