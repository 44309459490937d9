#pragma once
// What readers drew on masks, stroke by stroke, and which revisions hold it. The history only grows:
// triggers forbid changing it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"

namespace gadolin::db {

enum class EditAction { Draw, Undo, Redo };

/// One step of drawing. Undo and Redo carry the delta that they applied, so that the drawing is its
/// base with all deltas in order.
struct MaskEditRecord {
  std::int64_t id = 0;
  std::string stack;
  std::string reader;
  std::optional<std::int64_t> base;  // revision that it was drawn on; none: an empty mask
  EditAction action = EditAction::Draw;
  std::string tool;  // "brush", "polygon", ...
  int slice = 0;     // where it is seen, 0-based in stored order
  std::string delta; // contour::toBytes()
  double seconds = 0;  // since the step before, as far as the reader was at it
  std::string at_utc;
};

/// Returns the id; `id` is ignored and `at_utc` set when empty. NotFound: no such stack or base.
/// InvalidInput: no reader.
Result<std::int64_t> addMaskEdit(Database& database, const MaskEditRecord& edit);

/// The steps of this reader on this stack that no revision holds yet, oldest first.
Result<std::vector<MaskEditRecord>> pendingMaskEdits(Database& database, std::string_view stack,
                                                     std::string_view reader);

/// The newest step of this reader on this stack, 0 for none, and the newest revision that holds one.
struct DrawingEnd {
  std::int64_t step = 0;
  std::optional<std::int64_t> revision;
};
Result<DrawingEnd> drawingEnd(Database& database, std::string_view stack, std::string_view reader);

/// All steps of this reader that lead to `revision` without a break, oldest first: those drawn on
/// it, and, while it holds a drawing of this reader, those on the revision that was drawn on, and
/// so on. Steps on the same base that led to a revision
/// which began elsewhere are not among them.
Result<std::vector<MaskEditRecord>> maskEditsTo(Database& database, std::string_view stack,
                                                std::string_view reader,
                                                std::optional<std::int64_t> revision);

/// Whether a revision was drawn slice by slice beginning with an empty mask, so that a slice without a
/// label may be one that nobody has come to yet. False for what was imported or predicted, and for
/// what was drawn from there.
Result<bool> drawnFromNothing(Database& database, std::int64_t mask);

/// Says that the revision `mask` holds the drawing of its author up to and with step `edit`.
Result<void> markDrawn(Database& database, std::int64_t mask, std::int64_t edit);

/// Who has steps on which stack that no revision holds, sorted.
struct OpenDrawing {
  std::string stack, reader;
};
Result<std::vector<OpenDrawing>> openDrawings(Database& database);

/// Minutes' worth of drawing: the sum of `seconds` and the number of steps by reader, sorted.
struct DrawingEffort {
  std::string reader;
  int stacks = 0;
  int steps = 0;
  double seconds = 0;
};
Result<std::vector<DrawingEffort>> drawingEffort(Database& database);

}  // namespace gadolin::db
