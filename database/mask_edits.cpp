#include "database/mask_edits.h"

#include <algorithm>
#include <limits>

#include "core/base/time.h"
#include "database/stack_row.h"

namespace gadolin::db {
namespace {

#define GADOLIN_EDIT_COLUMNS \
  "id, stack, reader, base, action, tool, slice, delta, seconds, at_utc"

constexpr std::string_view textOf(EditAction action) {
  switch (action) {
    case EditAction::Draw:
      return "draw";
    case EditAction::Undo:
      return "undo";
    case EditAction::Redo:
      return "redo";
  }
  return {};
}

MaskEditRecord editFromRow(const Query& query) {
  MaskEditRecord edit;
  edit.id = query.big(0);
  edit.stack = query.text(1);
  edit.reader = query.text(2);
  if (!query.isNull(3)) edit.base = query.big(3);
  const std::string action = query.text(4);
  edit.action = action == textOf(EditAction::Undo)   ? EditAction::Undo
                : action == textOf(EditAction::Redo) ? EditAction::Redo
                                                     : EditAction::Draw;
  edit.tool = query.text(5);
  edit.slice = query.number(6);
  edit.delta = query.text(7);
  edit.seconds = query.real(8);
  edit.at_utc = query.text(9);
  return edit;
}

}  // namespace

Result<std::int64_t> addMaskEdit(Database& database, const MaskEditRecord& edit) {
  if (edit.reader.empty())
    return Error{ErrorCode::InvalidInput,
                 "A drawing needs the name of its reader. Set the reader's name first."};
  std::int64_t id = 0;
  auto written = database.transaction([&] {
    return guarded(database, "store a step of drawing on " + edit.stack, [&]() -> Result<void> {
      if (sliceCount(database, edit.stack) == 0) return noSuchStack(edit.stack);
      if (edit.base) {
        Query base(database, "SELECT 1 FROM mask WHERE id = ? AND stack = ?", *edit.base,
                   edit.stack);
        if (!base.next())
          return Error{ErrorCode::NotFound, "Stack " + edit.stack + " has no mask revision " +
                                                std::to_string(*edit.base) + "."};
      }
      Query(database,
            "INSERT INTO mask_edit (stack, reader, base, action, tool, slice, delta, seconds, "
            "at_utc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            edit.stack, edit.reader, edit.base, textOf(edit.action), edit.tool, edit.slice,
            Blob{edit.delta}, edit.seconds, edit.at_utc.empty() ? utcNow() : edit.at_utc)
          .run();
      id = database.connection().sqlite.getLastInsertRowid();
      return {};
    });
  });
  if (!written) return written.error();
  return id;
}

Result<std::vector<MaskEditRecord>> pendingMaskEdits(Database& database, std::string_view stack,
                                                     std::string_view reader) {
  return guarded(database, "read the drawings", [&]() -> Result<std::vector<MaskEditRecord>> {
    std::vector<MaskEditRecord> edits;
    Query query(database,
                "SELECT " GADOLIN_EDIT_COLUMNS
                " FROM mask_edit WHERE stack = ?1 AND reader = ?2 AND id > "
                "(SELECT ifnull(max(d.edit), 0) FROM mask_drawn d JOIN mask_edit e ON e.id = d.edit "
                " WHERE e.stack = ?1 AND e.reader = ?2) ORDER BY id",
                stack, reader);
    while (query.next()) edits.push_back(editFromRow(query));
    return edits;
  });
}

Result<DrawingEnd> drawingEnd(Database& database, std::string_view stack, std::string_view reader) {
  return guarded(database, "read the drawings", [&]() -> Result<DrawingEnd> {
    DrawingEnd end;
    Query step(database, "SELECT ifnull(max(id), 0) FROM mask_edit WHERE stack = ? AND reader = ?",
               stack, reader);
    if (step.next()) end.step = step.big(0);
    Query revision(database,
                   "SELECT max(d.mask) FROM mask_drawn d JOIN mask_edit e ON e.id = d.edit "
                   "WHERE e.stack = ? AND e.reader = ?",
                   stack, reader);
    if (revision.next() && !revision.isNull(0)) end.revision = revision.big(0);
    return end;
  });
}

Result<std::vector<MaskEditRecord>> maskEditsTo(Database& database, std::string_view stack,
                                                std::string_view reader,
                                                std::optional<std::int64_t> revision) {
  return guarded(database, "read the drawings", [&]() -> Result<std::vector<MaskEditRecord>> {
    std::vector<MaskEditRecord> edits;
    std::optional<std::int64_t> base = revision;
    constexpr auto newest = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = newest;
    while (true) {
      // A revision holds the steps since the one before it on the same base; those before led to
      // another revision. Of the revision asked for that is one that began elsewhere, as with a
      // prediction: one that went on from here is only ahead.
      Query before(database,
                   "SELECT coalesce(max(d.edit), 0) FROM mask_drawn d JOIN mask m ON m.id = d.mask "
                   "JOIN mask_edit e ON e.id = d.edit "
                   "WHERE m.stack = ?1 AND m.author = ?2 AND d.edit < ?3 AND e.base IS ?4 "
                   "AND (?5 OR m.parent IS NOT ?4)",
                   stack, reader, last, base, last != newest);
      before.next();
      Query query(
          database,
          "SELECT " GADOLIN_EDIT_COLUMNS
          " FROM mask_edit WHERE stack = ? AND reader = ? AND base IS ? AND id > ? AND id <= ? "
          "ORDER BY id DESC",
          stack, reader, base, before.big(0), last);
      while (query.next()) edits.push_back(editFromRow(query));
      if (!base) break;
      // Not the revision's parent: that is a prediction where the drawing started from one.
      Query drawn(database,
                  "SELECT e.base, e.id FROM mask m JOIN mask_drawn d ON d.mask = m.id "
                  "JOIN mask_edit e ON e.id = d.edit WHERE m.id = ? AND m.author = ?",
                  *base, reader);
      if (!drawn.next()) break;
      base = drawn.isNull(0) ? std::nullopt : std::optional(drawn.big(0));
      last = drawn.big(1);
    }
    std::ranges::reverse(edits);
    return edits;
  });
}

Result<bool> drawnFromNothing(Database& database, std::int64_t mask) {
  return guarded(database, "read the drawings", [&]() -> Result<bool> {
    while (true) {
      Query drawn(database,
                  "SELECT e.base, m.parent FROM mask m JOIN mask_drawn d ON d.mask = m.id "
                  "JOIN mask_edit e ON e.id = d.edit WHERE m.id = ?",
                  mask);
      if (!drawn.next()) return false;
      if (drawn.isNull(0)) return drawn.isNull(1);
      mask = drawn.big(0);  // older: the walk ends
    }
  });
}

Result<void> markDrawn(Database& database, std::int64_t mask, std::int64_t edit) {
  return database.transaction([&] {
    return guarded(database, "store a revision of a drawing", [&]() -> Result<void> {
      Query(database, "INSERT INTO mask_drawn (mask, edit) VALUES (?, ?)", mask, edit).run();
      return {};
    });
  });
}

Result<std::vector<OpenDrawing>> openDrawings(Database& database) {
  return guarded(database, "read the drawings", [&]() -> Result<std::vector<OpenDrawing>> {
    std::vector<OpenDrawing> drawings;
    Query query(database,
                "SELECT e.stack, e.reader FROM mask_edit e GROUP BY e.stack, e.reader "
                "HAVING max(e.id) > (SELECT ifnull(max(d.edit), 0) FROM mask_drawn d "
                "JOIN mask_edit f ON f.id = d.edit WHERE f.stack = e.stack AND f.reader = e.reader) "
                "ORDER BY e.stack, e.reader");
    while (query.next()) drawings.push_back({query.text(0), query.text(1)});
    return drawings;
  });
}

Result<std::vector<DrawingEffort>> drawingEffort(Database& database) {
  return guarded(database, "read the drawings", [&]() -> Result<std::vector<DrawingEffort>> {
    std::vector<DrawingEffort> efforts;
    Query query(database,
                "SELECT reader, count(DISTINCT stack), count(*), sum(seconds) FROM mask_edit "
                "GROUP BY reader ORDER BY reader");
    while (query.next())
      efforts.push_back({query.text(0), query.number(1), query.number(2), query.real(3)});
    return efforts;
  });
}

}  // namespace gadolin::db
