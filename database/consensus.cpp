#include "database/consensus.h"

#include "core/base/time.h"
#include "core/labels/reader_name.h"
#include "database/stack_row.h"
#include "database/summary.h"

namespace gadolin::db {
namespace {

SliceLabel decisionOf(const std::string& text) {
  return sliceLabelFromText(text).value_or(SliceLabel::Unlabelled);
}

constexpr const char* event_columns =
    "id, stack, slice, from_label, to_label, author, at_utc, seconds, origin";

LabelEventRecord eventOf(Query& query) {
  return {query.big(0),
          query.text(1),
          query.number(2),
          decisionOf(query.text(3)),
          decisionOf(query.text(4)),
          query.text(5),
          query.text(6),
          query.real(7),
          query.text(8)};
}

}  // namespace

Result<LabelEventRecord> decideConsensus(Database& database, std::string_view stack, int slice,
                                         SliceLabel label, std::string_view author, double seconds,
                                         std::string_view origin, std::string_view at_utc) {
  if (author.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "A decision needs the name of its author. Set the reader's name first."};
  }
  GADOLIN_CHECK(checkReaderName(author));
  LabelEventRecord event{0,
                         std::string(stack),
                         slice,
                         SliceLabel::Unlabelled,
                         label,
                         std::string(author),
                         at_utc.empty() ? utcNow() : std::string(at_utc),
                         seconds > 0 ? seconds : 0,
                         std::string(origin)};
  auto written = database.transaction([&] {
    return guarded(database, "store the decision on " + event.stack, [&]() -> Result<void> {
      const int slices = sliceCount(database, stack);
      if (slices == 0) return noSuchStack(stack);
      if (slice < 0 || slice >= slices) {
        return Error{ErrorCode::InvalidInput, "Stack " + event.stack + " has slices 0 to " +
                                                  std::to_string(slices - 1) + ", not " +
                                                  std::to_string(slice) + "."};
      }
      Query present(database,
                    "SELECT to_label, author FROM consensus_event "
                    "WHERE stack = ? AND slice = ? ORDER BY id DESC LIMIT 1",
                    stack, slice);
      const bool any = present.next();
      if (any) event.from = decisionOf(present.text(0));
      const bool by_same = any && present.text(1) == author;
      if (event.from == label && origin != "key" && (by_same || label == SliceLabel::Unlabelled))
        return {};
      Query(database,
            "INSERT INTO consensus_event (stack, slice, from_label, to_label, author, at_utc, "
            "seconds, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            event.stack, event.slice, toText(event.from), toText(event.to), event.reader,
            event.at_utc, event.seconds, event.origin)
          .run();
      event.id = database.connection().sqlite.getLastInsertRowid();
      summariseLabels(database, stack, slices);
      database.connection().changes.labels.emplace(stack);
      return {};
    });
  });
  if (!written) return written.error();
  return event;
}

Result<std::vector<ConsensusRecord>> consensusDecisions(Database& database,
                                                        std::string_view stack) {
  return guarded(database, "read the decisions", [&]() -> Result<std::vector<ConsensusRecord>> {
    std::vector<ConsensusRecord> decisions;
    // With max() in the select list SQLite takes the other columns from the row of the maximum.
    Query query(database,
                "SELECT e.stack, e.slice, e.to_label, e.author, e.at_utc, max(e.id) "
                "FROM consensus_event e JOIN stack_in_use s ON s.id = e.stack "
                "WHERE ?1 = '' OR e.stack = ?1 GROUP BY e.stack, e.slice "
                "ORDER BY e.stack, e.slice",
                stack);
    while (query.next()) {
      const SliceLabel label = decisionOf(query.text(2));
      if (label == SliceLabel::Unlabelled) continue;
      decisions.push_back(
          {query.big(5), query.text(0), query.number(1), label, query.text(3), query.text(4)});
    }
    return decisions;
  });
}

Result<std::optional<LabelEventRecord>> lastDecision(Database& database, std::string_view stack,
                                                     int slice) {
  using Last = std::optional<LabelEventRecord>;
  return guarded(database, "read the decision", [&]() -> Result<Last> {
    const std::string sql = std::string("SELECT ") + event_columns +
                            " FROM consensus_event WHERE stack = ? AND slice = ? "
                            "ORDER BY id DESC LIMIT 1";
    Query query(database, sql.c_str(), stack, slice);
    return query.next() ? Last(eventOf(query)) : Last();
  });
}

Result<std::vector<LabelEventRecord>> consensusHistory(Database& database, std::string_view stack) {
  return guarded(database, "read the history of decisions",
                 [&]() -> Result<std::vector<LabelEventRecord>> {
                   std::vector<LabelEventRecord> events;
                   const std::string sql = std::string("SELECT ") + event_columns +
                                           " FROM consensus_event WHERE ?1 = '' OR stack = ?1 "
                                           "ORDER BY id";
                   Query query(database, sql.c_str(), stack);
                   while (query.next()) events.push_back(eventOf(query));
                   return events;
                 });
}

}  // namespace gadolin::db
