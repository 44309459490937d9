#include "ui/session/label_origin.h"

#include <span>

#include "database/consensus.h"
#include "database/labels.h"

namespace gadolin::session {
namespace {

/// The present label of one reader on one slice and its place in the history.
struct Standing {
  const db::LabelEventRecord* event = nullptr;
};
using Slices = std::map<int, std::map<std::string, Standing>>;

std::map<std::string, Slices> standing(std::span<const db::LabelEventRecord> events,
                                       std::string_view before_utc) {
  std::map<std::string, Slices> stacks;
  for (const db::LabelEventRecord& event : events) {  // oldest first
    if (!before_utc.empty() && event.at_utc >= before_utc) continue;
    stacks[event.stack][event.slice][event.reader].event = &event;
  }
  return stacks;
}

GivenLabel& at(GivenLabels& given, const std::string& stack, int slice) {
  auto& labels = given[stack];
  if (labels.size() <= static_cast<std::size_t>(slice))
    labels.resize(static_cast<std::size_t>(slice) + 1);
  return labels[static_cast<std::size_t>(slice)];
}

void take(GivenLabel& label, const db::LabelEventRecord& event, bool decided) {
  label.label = event.to;
  label.by = event.reader;
  label.at_utc = event.at_utc;
  label.origin = event.origin;
  label.decided = decided;
}

}  // namespace

Result<GivenLabels> givenLabels(db::Database& database, std::string_view stack,
                                std::string_view before_utc) {
  GADOLIN_TRY(const auto events, db::labelHistory(database, stack));
  GADOLIN_TRY(const auto decisions, db::consensusHistory(database, stack));
  GivenLabels given;
  for (const auto& [id, slices] : standing(events, before_utc)) {
    for (const auto& [slice, readers] : slices) {
      GivenLabel& label = at(given, id, slice);
      std::int64_t newest = -1;
      for (const auto& [reader, one] : readers) {
        if (one.event->to == SliceLabel::Unlabelled) continue;
        label.said.emplace_back(reader, one.event->to);
        if (one.event->id <= newest) continue;
        newest = one.event->id;
        take(label, *one.event, false);
      }
    }
  }
  // All decisions of a slice are one line of history, whoever made them: the newest stands.
  std::map<std::pair<std::string, int>, const db::LabelEventRecord*> newest_decision;
  for (const db::LabelEventRecord& event : decisions) {
    if (!before_utc.empty() && event.at_utc >= before_utc) continue;
    newest_decision[{event.stack, event.slice}] = &event;
  }
  for (const auto& [where, event] : newest_decision) {
    if (event->to != SliceLabel::Unlabelled) take(at(given, event->stack, event->slice), *event, true);
  }
  return given;
}

}  // namespace gadolin::session
