#include "database/stack_labels.h"

#include <utility>

#include "core/base/time.h"
#include "core/labels/reader_name.h"
#include "database/labels.h"
#include "database/stack_row.h"
#include "database/summary.h"

namespace gadolin::db {
namespace {

SliceLabel saidBy(Database& database, std::string_view stack, std::string_view reader) {
  Query query(database,
              "SELECT label FROM stack_label WHERE stack = ? AND reader = ? ORDER BY id DESC LIMIT 1",
              stack, reader);
  return query.next() ? sliceLabelFromText(query.text(0)).value_or(SliceLabel::Unlabelled)
                      : SliceLabel::Unlabelled;
}

}  // namespace

Result<bool> setStackLabel(Database& database, std::string_view stack, SliceLabel label,
                           std::string_view reader, std::string_view origin,
                           std::string_view at_utc) {
  if (reader.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "A label needs the name of its reader. Set the reader's name first."};
  }
  if (reader != reference_reader || origin != "import") GADOLIN_CHECK(checkReaderName(reader));
  if (label == SliceLabel::NotDiagnostic) {
    return Error{ErrorCode::InvalidInput,
                 "A whole stack is fibrosis, none or unsure; set a stack that is not diagnostic "
                 "aside instead."};
  }
  bool changed = false;
  auto written = database.transaction([&] {
    return guarded(database, "store the label of stack " + std::string(stack),
                   [&]() -> Result<void> {
                     const int slices = sliceCount(database, stack);
                     if (slices == 0) return noSuchStack(stack);
                     // The same word by a second reader is a second opinion, and is kept.
                     if (saidOf(database, stack) == label && saidBy(database, stack, reader) == label)
                       return {};
                     Query(database,
                           "INSERT INTO stack_label (stack, label, reader, at_utc, origin) "
                           "VALUES (?, ?, ?, ?, ?)",
                           stack, toText(label), reader, at_utc, origin)
                         .run();
                     summariseLabels(database, stack, slices);
                     database.connection().changes.labels.emplace(stack);
                     changed = true;
                     return {};
                   });
  });
  if (!written) return written.error();
  return changed;
}

Result<std::vector<StackLabelEvent>> stackLabelHistory(Database& database) {
  return guarded(database, "read the labels of stacks",
                 [&]() -> Result<std::vector<StackLabelEvent>> {
                   std::vector<StackLabelEvent> events;
                   std::map<std::string, SliceLabel> before;
                   Query query(database,
                               "SELECT id, stack, label, reader, at_utc, origin FROM stack_label "
                               "ORDER BY id");
                   while (query.next()) {
                     StackLabelEvent event;
                     event.id = query.big(0);
                     event.stack = query.text(1);
                     event.to =
                         sliceLabelFromText(query.text(2)).value_or(SliceLabel::Unlabelled);
                     event.reader = query.text(3);
                     event.at_utc = query.text(4);
                     event.origin = query.text(5);
                     event.from = std::exchange(before[event.stack], event.to);
                     events.push_back(std::move(event));
                   }
                   return events;
                 });
}

Result<std::map<std::string, SliceLabel, std::less<>>> saidStackLabels(Database& database) {
  using Labels = std::map<std::string, SliceLabel, std::less<>>;
  return guarded(database, "read the labels of stacks", [&]() -> Result<Labels> {
    Labels labels;
    // With max() in the select list SQLite takes the other columns from the row of the maximum.
    Query query(database,
                "SELECT l.stack, l.label, max(l.id) FROM stack_label l "
                "JOIN stack_in_use s ON s.id = l.stack GROUP BY l.stack");
    while (query.next()) {
      const auto label = sliceLabelFromText(query.text(1)).value_or(SliceLabel::Unlabelled);
      if (label != SliceLabel::Unlabelled) labels[query.text(0)] = label;
    }
    return labels;
  });
}

Result<std::vector<ReaderStackLabel>> stackLabelsOfReaders(Database& database) {
  return guarded(
      database, "read the labels of stacks", [&]() -> Result<std::vector<ReaderStackLabel>> {
        std::vector<ReaderStackLabel> labels;
        Query query(database,
                    "SELECT l.stack, l.reader, l.label, max(l.id) FROM stack_label l "
                    "JOIN stack_in_use s ON s.id = l.stack GROUP BY l.stack, l.reader "
                    "ORDER BY l.stack, l.reader");
        while (query.next()) {
          const auto label = sliceLabelFromText(query.text(2)).value_or(SliceLabel::Unlabelled);
          if (label != SliceLabel::Unlabelled)
            labels.push_back({query.text(0), query.text(1), label});
        }
        return labels;
      });
}

}  // namespace gadolin::db
