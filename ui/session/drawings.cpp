#include "ui/session/drawings.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/imaging/stack_file.h"
#include "database/labels.h"
#include "database/mask_edits.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "ui/session/current_predictions.h"

namespace gadolin::session {
namespace fs = std::filesystem;
namespace {

/// Steps that were undone leave the list, as they left the mask.
Result<void> replay(const std::vector<db::MaskEditRecord>& edits, std::size_t voxels,
                    Drawing& drawing) {
  for (const db::MaskEditRecord& edit : edits) {
    auto& from = edit.action == db::EditAction::Undo ? drawing.done : drawing.undone;
    auto& to = edit.action == db::EditAction::Undo ? drawing.undone : drawing.done;
    if (edit.action == db::EditAction::Draw) {
      GADOLIN_TRY(auto delta, contour::deltaFromBytes(edit.delta, voxels));
      drawing.done.push_back({std::move(delta), edit.tool, edit.slice});
      drawing.undone.clear();
      continue;
    }
    if (from.empty())
      return Error{ErrorCode::Corrupt, "The history of drawing on " + edit.stack +
                                           " takes back a step that is not in it."};
    to.push_back(std::move(from.back()));
    from.pop_back();
  }
  return {};
}

/// The same for steps since a revision, which may take back what came before it.
Result<void> replayPending(std::vector<db::MaskEditRecord> edits, std::size_t voxels,
                           Drawing& drawing) {
  std::vector<std::string> before;  // tools of steps that were undone though they are older
  for (const db::MaskEditRecord& edit : edits) {
    if (edit.action == db::EditAction::Undo && drawing.done.empty()) {
      before.push_back(edit.tool);
      continue;
    }
    if (edit.action == db::EditAction::Redo && drawing.undone.empty() && !before.empty()) {
      before.pop_back();
      continue;
    }
    GADOLIN_CHECK(replay({edit}, voxels, drawing));
  }
  return {};
}

Result<void> findPrediction(db::Database& database, const ProjectPaths& paths,
                            const std::string& stack, Drawing& drawing) {
  GADOLIN_TRY(const auto latest, db::latestPrediction(database, stack));
  if (!latest) return {};
  GADOLIN_TRY(const auto current, currentPredictions(database, paths, latest->run));
  if (std::ranges::find(current, latest->id, &db::PredictionRecord::id) == current.end()) return {};
  GADOLIN_TRY(const auto mask, db::maskById(database, latest->mask));
  drawing.prediction_sha256 = mask.sha256;
  drawing.prediction_mask = mask.id;
  drawing.prediction_run = latest->run;
  return {};
}

}  // namespace

Result<void> readFacts(db::Database& database, const ProjectPaths& paths, const std::string& stack,
                       Drawing& drawing) {
  GADOLIN_TRY(drawing.labels, db::consensusLabels(database, stack));
  return findPrediction(database, paths, stack, drawing);
}

std::string startFromPrediction(std::int64_t mask) {
  return "prediction " + std::to_string(mask);
}

std::optional<std::int64_t> startedFrom(const std::string& tool) {
  constexpr std::string_view name = "prediction ";
  if (!tool.starts_with(name)) return std::nullopt;
  std::int64_t mask = 0;
  const char* end = tool.data() + tool.size();
  const auto read = std::from_chars(tool.data() + name.size(), end, mask);
  return read.ec == std::errc() && read.ptr == end ? std::optional(mask) : std::nullopt;
}

Result<std::vector<int>> undrawnSlices(db::Database& database, const db::MaskRecord& record,
                                       const Mask& mask) {
  std::vector<int> undrawn;
  GADOLIN_TRY(const bool by_slices, db::drawnFromNothing(database, record.id));
  for (int z = 0; by_slices && z < mask.geometry.size[2]; ++z)
    if (std::ranges::all_of(mask.slice(z), [](std::uint8_t label) { return label == 0; }))
      undrawn.push_back(z);
  return undrawn;
}

Result<std::optional<PendingDrawing>> pendingDrawing(db::Database& database,
                                                     const ProjectPaths& paths,
                                                     const std::string& stack,
                                                     const std::string& reader) {
  const std::optional<PendingDrawing> nothing;
  GADOLIN_TRY(auto edits, db::pendingMaskEdits(database, stack, reader));
  if (edits.empty()) return nothing;
  PendingDrawing pending;
  pending.base = edits.back().base;
  pending.last = edits.back().id;
  // Those on an older revision came to nothing, or they would have been settled before it changed.
  std::erase_if(edits, [&](const db::MaskEditRecord& edit) { return edit.base != pending.base; });
  GADOLIN_TRY(const Stack image, readStack(paths.stack(stack)));
  const Geometry& grid = image.image.geometry;
  if (pending.base) {
    GADOLIN_TRY(const auto revision, db::maskById(database, *pending.base));
    GADOLIN_TRY(pending.mask, readMaskOn(paths.mask(revision.sha256), grid));
    pending.before = revision.sha256;
  } else {
    pending.mask = Mask(grid);
    pending.before = contentHash(pending.mask);
  }
  for (const db::MaskEditRecord& edit : edits) {
    GADOLIN_TRY(const auto delta, contour::deltaFromBytes(edit.delta, grid.voxels()));
    if (const auto applied = contour::apply(delta, pending.mask); !applied)
      return Error{ErrorCode::Corrupt,
                   "Step " + std::to_string(edit.id) + " of what " + reader + " drew on " + stack +
                       " does not fit the mask it was drawn on. Run: gadolinctl check PROJECT"};
  }
  // A score against a mask that began as a prediction flatters: the revision says so.
  pending.parent = pending.base;
  Drawing replayed;
  GADOLIN_CHECK(replayPending(edits, grid.voxels(), replayed));
  for (const DrawnStep& step : replayed.done)
    if (const auto prediction = startedFrom(step.tool); prediction) {
      GADOLIN_TRY(const auto revision, db::maskById(database, *prediction));
      if (revision.stack == stack) pending.parent = prediction;
    }
  return std::optional(std::move(pending));
}

Result<std::optional<std::int64_t>> settleDrawing(db::Database& database, const ProjectPaths& paths,
                                                  const std::string& stack,
                                                  const std::string& reader) {
  const std::optional<std::int64_t> nothing;
  GADOLIN_TRY(const auto pending, pendingDrawing(database, paths, stack, reader));
  if (!pending) return nothing;
  const std::string hash = contentHash(pending->mask);
  if (hash == pending->before) return nothing;
  const fs::path blob = paths.mask(hash);
  std::error_code ignored;
  if (!fs::exists(blob, ignored)) GADOLIN_CHECK(writeMask(blob, pending->mask));
  db::MaskRecord record;
  record.stack = stack;
  record.source = db::MaskSource::Reader;
  record.author = reader;
  record.parent = pending->parent;
  record.sha256 = hash;
  GADOLIN_TRY(const std::int64_t id, db::addMask(database, record));
  GADOLIN_CHECK(db::markDrawn(database, id, pending->last));
  return std::optional(id);
}

Result<int> settleDrawings(db::Database& database, const ProjectPaths& paths,
                           std::optional<Error>& fault) {
  GADOLIN_TRY(const auto open, db::openDrawings(database));
  int settled = 0;
  for (const db::OpenDrawing& drawing : open) {
    // Each whole or not at all.
    const auto done = database.transaction([&]() -> Result<void> {
      GADOLIN_TRY(const auto made, settleDrawing(database, paths, drawing.stack, drawing.reader));
      if (made) ++settled;
      return {};
    });
    if (!done && !fault) fault = done.error();
  }
  return settled;
}

Result<std::optional<db::MaskRecord>> maskToDrawOn(db::Database& database, const std::string& stack,
                                                   const std::string& reader, Beginning beginning) {
  if (beginning == Beginning::Standing) return db::latestPersonMask(database, stack);
  GADOLIN_TRY(const auto masks, db::masksOfStack(database, stack));
  std::set<std::int64_t> own;  // drawn by this reader alone, all the way back
  std::optional<db::MaskRecord> newest;
  for (const db::MaskRecord& mask : masks) {  // oldest first: a parent comes before
    if (mask.source != db::MaskSource::Reader || mask.author != reader) continue;
    if (mask.parent && !own.contains(*mask.parent)) continue;
    own.insert(mask.id);
    if (!mask.withdrawn) newest = mask;
  }
  return newest;
}

Result<Drawing> readDrawing(db::Database& database, const ProjectPaths& paths,
                            const std::string& stack, const std::string& reader,
                            const Geometry& grid, Beginning beginning) {
  Drawing drawing;
  GADOLIN_TRY(const auto standing, maskToDrawOn(database, stack, reader, beginning));
  if (standing) {
    drawing.base = standing->id;
    drawing.author = standing->author;
    drawing.imported = standing->source == db::MaskSource::Reference;
    GADOLIN_TRY(drawing.mask, readMaskOn(paths.mask(standing->sha256), grid));
  } else {
    drawing.mask = Mask(grid);
  }
  if (!reader.empty()) {
    GADOLIN_TRY(auto pending, pendingDrawing(database, paths, stack, reader));
    if (pending && pending->base == drawing.base)
      drawing.mask = std::move(pending->mask);
    else
      drawing.elsewhere = pending && contentHash(pending->mask) != pending->before;
    GADOLIN_TRY(const auto end, db::drawingEnd(database, stack, reader));
    drawing.last_step = end.step;
    drawing.last_revision = end.revision;
  }
  GADOLIN_TRY(const auto edits, db::maskEditsTo(database, stack, reader, drawing.base));
  GADOLIN_CHECK(replay(edits, grid.voxels(), drawing));
  GADOLIN_CHECK(readFacts(database, paths, stack, drawing));
  return drawing;
}

}  // namespace gadolin::session
