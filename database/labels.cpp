#include "database/labels.h"

#include "core/base/time.h"
#include "core/labels/reader_name.h"
#include "database/stack_row.h"
#include "database/summary.h"

namespace gadolin::db {
namespace {

SliceLabel labelOf(const std::string& text) {
  return sliceLabelFromText(text).value_or(SliceLabel::Unlabelled);
}

SliceLabel presentLabel(Database& database, std::string_view stack, int slice,
                        std::string_view reader) {
  Query query(database,
              "SELECT label FROM slice_label WHERE stack = ? AND slice = ? AND reader = ?", stack,
              slice, reader);
  return query.next() ? labelOf(query.text(0)) : SliceLabel::Unlabelled;
}

/// Appends the event and keeps the present label in step.
void append(Database& database, LabelEventRecord& event) {
  Query(database,
        "INSERT INTO label_event (stack, slice, from_label, to_label, reader, at_utc, seconds, "
        "origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        event.stack, event.slice, toText(event.from), toText(event.to), event.reader, event.at_utc,
        event.seconds, event.origin)
      .run();
  event.id = database.connection().sqlite.getLastInsertRowid();
  if (event.to == SliceLabel::Unlabelled) {
    Query(database, "DELETE FROM slice_label WHERE stack = ? AND slice = ? AND reader = ?",
          event.stack, event.slice, event.reader)
        .run();
  } else {
    Query(database,
          "INSERT INTO slice_label (stack, slice, reader, label, event, at_utc) "
          "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
          "SET label = excluded.label, event = excluded.event, at_utc = excluded.at_utc",
          event.stack, event.slice, event.reader, toText(event.to), event.id, event.at_utc)
        .run();
  }
}

}  // namespace

Result<std::vector<LabelEventRecord>> setSliceLabels(Database& database, std::string_view stack,
                                                     std::span<const SliceChange> changes,
                                                     std::string_view reader, double seconds,
                                                     std::string_view origin) {
  return setSliceLabels(database, stack, changes, reader, seconds, origin, utcNow());
}

Result<std::vector<LabelEventRecord>> setSliceLabels(Database& database, std::string_view stack,
                                                     std::span<const SliceChange> changes,
                                                     std::string_view reader, double seconds,
                                                     std::string_view origin,
                                                     std::string_view at_utc) {
  if (reader.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "A label needs the name of its reader. Set the reader's name first."};
  }
  // What Gadolin itself derived, and what comes back out of its own table.
  const bool own = reader == reference_reader && (origin == "derived" || origin == "import");
  if (!own) GADOLIN_CHECK(checkReaderName(reader));
  std::vector<LabelEventRecord> events;
  auto written = database.transaction([&] {
    return guarded(database, "store the labels of " + std::string(stack), [&]() -> Result<void> {
      const int slices = sliceCount(database, stack);
      if (slices == 0) return noSuchStack(stack);
      for (const SliceChange& change : changes) {
        if (change.slice < 0 || change.slice >= slices) {
          return Error{ErrorCode::InvalidInput, "Stack " + std::string(stack) +
                                                    " has slices 0 to " +
                                                    std::to_string(slices - 1) + ", not " +
                                                    std::to_string(change.slice) + "."};
        }
        const SliceLabel from = presentLabel(database, stack, change.slice, reader);
        if (from == change.label && origin != "key") continue;
        events.push_back({0, std::string(stack), change.slice, from, change.label,
                          std::string(reader), std::string(at_utc),
                          seconds > 0 ? seconds / static_cast<double>(changes.size()) : 0,
                          std::string(origin)});
        append(database, events.back());
      }
      if (events.empty()) return {};
      summariseLabels(database, stack, slices);
      database.connection().changes.labels.emplace(stack);
      return {};
    });
  });
  if (!written) return written.error();
  return events;
}

Result<std::vector<SliceLabelRecord>> sliceLabels(Database& database, std::string_view stack,
                                                  std::string_view reader) {
  return guarded(database, "read the labels", [&]() -> Result<std::vector<SliceLabelRecord>> {
    std::vector<SliceLabelRecord> labels;
    Query query(database,
                "SELECT slice, label, reader, at_utc FROM slice_label "
                "WHERE stack = ?1 AND (?2 = '' OR reader = ?2) ORDER BY slice, reader",
                stack, reader);
    while (query.next()) {
      labels.push_back({std::string(stack), query.number(0), labelOf(query.text(1)), query.text(2),
                        query.text(3)});
    }
    return labels;
  });
}

Result<std::vector<PatientLabelRecord>> allSliceLabels(Database& database) {
  return guarded(database, "read the labels", [&]() -> Result<std::vector<PatientLabelRecord>> {
    std::vector<PatientLabelRecord> labels;
    Query query(database,
                "SELECT s.patient, l.stack, l.slice, l.label, l.reader, l.at_utc "
                "FROM slice_label l JOIN stack_in_use s ON s.id = l.stack "
                "ORDER BY s.patient, l.stack, l.slice, l.reader");
    while (query.next()) {
      labels.push_back(
          {query.text(0),
           {query.text(1), query.number(2), labelOf(query.text(3)), query.text(4), query.text(5)}});
    }
    return labels;
  });
}

Result<std::vector<SliceLabel>> consensusLabels(Database& database, std::string_view stack) {
  return guarded(database, "read the labels", [&]() -> Result<std::vector<SliceLabel>> {
    const int slices = sliceCount(database, stack);
    if (slices == 0) return noSuchStack(stack);
    return consensusOf(database, stack, slices);
  });
}

Result<std::map<std::string, std::vector<SliceLabel>, std::less<>>> allConsensusLabels(
    Database& database) {
  using Labels = std::map<std::string, std::vector<SliceLabel>, std::less<>>;
  return guarded(database, "read the labels", [&]() -> Result<Labels> {
    Labels all;
    Query query(
        database,
        "SELECT l.stack, l.slice, l.label, max(l.event), s.slices "
        "FROM slice_label l JOIN stack_in_use s ON s.id = l.stack GROUP BY l.stack, l.slice");
    while (query.next()) {
      auto& labels = all[query.text(0)];
      labels.resize(static_cast<std::size_t>(query.number(4)), SliceLabel::Unlabelled);
      labels.at(static_cast<std::size_t>(query.number(1))) = labelOf(query.text(2));
    }
    // The same rule as consensusOf() has for one stack.
    Query decided(database,
                  "SELECT e.stack, e.slice, e.to_label, max(e.id), s.slices FROM consensus_event e "
                  "JOIN stack_in_use s ON s.id = e.stack GROUP BY e.stack, e.slice");
    while (decided.next()) {
      const SliceLabel label = labelOf(decided.text(2));
      if (label == SliceLabel::Unlabelled) continue;
      auto& labels = all[decided.text(0)];
      labels.resize(static_cast<std::size_t>(decided.number(4)), SliceLabel::Unlabelled);
      labels.at(static_cast<std::size_t>(decided.number(1))) = label;
    }
    return all;
  });
}

Result<std::vector<UndecidedSlice>> undecidedSlices(Database& database) {
  return guarded(database, "read the labels", [&]() -> Result<std::vector<UndecidedSlice>> {
    std::vector<UndecidedSlice> slices;
    Query query(database,
                "SELECT l.stack, l.slice FROM slice_label l JOIN stack_in_use s ON s.id = l.stack "
                "GROUP BY l.stack, l.slice HAVING min(l.label) <> max(l.label) "
                "AND coalesce((SELECT e.to_label FROM consensus_event e WHERE e.stack = l.stack "
                "AND e.slice = l.slice ORDER BY e.id DESC LIMIT 1), 'unlabelled') = 'unlabelled' "
                "ORDER BY l.stack, l.slice");
    while (query.next()) slices.push_back({query.text(0), query.number(1)});
    return slices;
  });
}

Result<std::vector<LabelEventRecord>> labelHistory(Database& database, std::string_view stack) {
  return guarded(database, "read the history of labels",
                 [&]() -> Result<std::vector<LabelEventRecord>> {
                   std::vector<LabelEventRecord> events;
                   Query query(database,
                               "SELECT id, stack, slice, from_label, to_label, reader, at_utc, "
                               "seconds, origin FROM label_event "
                               "WHERE ?1 = '' OR stack = ?1 ORDER BY id",
                               stack);
                   while (query.next()) {
                     events.push_back({query.big(0), query.text(1), query.number(2),
                                       labelOf(query.text(3)), labelOf(query.text(4)),
                                       query.text(5), query.text(6), query.real(7), query.text(8)});
                   }
                   return events;
                 });
}

Result<std::vector<std::string>> readers(Database& database) {
  return guarded(database, "read the readers", [&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> names;
    Query query(database, "SELECT DISTINCT reader FROM slice_label ORDER BY reader");
    while (query.next()) names.push_back(query.text(0));
    return names;
  });
}

Result<std::vector<LabelEffort>> labelEffort(Database& database) {
  return guarded(database, "read the labels", [&]() -> Result<std::vector<LabelEffort>> {
    std::vector<LabelEffort> efforts;
    Query query(
        database,
        "SELECT w.reader, coalesce(l.stacks, 0), coalesce(l.slices, 0), "
        "coalesce(e.seconds, 0), coalesce(d.slices, 0), coalesce(c.seconds, 0) FROM "
        "(SELECT reader FROM label_event UNION SELECT author FROM consensus_event) w "
        "LEFT JOIN (SELECT reader, sum(seconds) AS seconds FROM label_event GROUP BY reader) "
        "e ON e.reader = w.reader "
        "LEFT JOIN (SELECT author, sum(seconds) AS seconds FROM consensus_event "
        "GROUP BY author) c ON c.author = w.reader "
        "LEFT JOIN (SELECT author, count(*) AS slices FROM consensus_event "
        "WHERE to_label <> 'unlabelled' AND id IN (SELECT max(id) FROM consensus_event "
        "GROUP BY stack, slice) GROUP BY author) d ON d.author = w.reader "
        "LEFT JOIN (SELECT reader, count(DISTINCT stack) AS stacks, count(*) AS slices "
        "FROM slice_label GROUP BY reader) l ON l.reader = w.reader ORDER BY w.reader");
    while (query.next()) {
      efforts.push_back({query.text(0), query.number(1), query.number(2), query.real(3),
                         query.number(4), query.real(5)});
    }
    return efforts;
  });
}

}  // namespace gadolin::db
