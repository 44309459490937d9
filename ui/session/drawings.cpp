#include "ui/session/drawings.h"

#include <algorithm>

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

Result<void> findPrediction(db::Database& database, const ProjectPaths& paths,
                            const std::string& stack, Drawing& drawing) {
  GADOLIN_TRY(const auto latest, db::latestPrediction(database, stack));
  if (!latest) return {};
  GADOLIN_TRY(const auto current, currentPredictions(database, paths, latest->run));
  if (std::ranges::find(current, latest->id, &db::PredictionRecord::id) == current.end()) return {};
  GADOLIN_TRY(const auto mask, db::maskById(database, latest->mask));
  drawing.prediction_sha256 = mask.sha256;
  drawing.prediction_run = latest->run;
  return {};
}

}  // namespace

Result<std::optional<std::int64_t>> settleDrawing(db::Database& database, const ProjectPaths& paths,
                                                  const std::string& stack,
                                                  const std::string& reader) {
  const std::optional<std::int64_t> nothing;
  GADOLIN_TRY(auto pending, db::pendingMaskEdits(database, stack, reader));
  if (pending.empty()) return nothing;
  // Those on an older revision came to nothing, or they would have been settled before it changed.
  const auto base = pending.back().base;
  std::erase_if(pending, [&](const db::MaskEditRecord& edit) { return edit.base != base; });
  Mask mask;
  std::string before;
  GADOLIN_TRY(const Stack image, readStack(paths.stack(stack)));
  const Geometry& grid = image.image.geometry;
  if (base) {
    GADOLIN_TRY(const auto revision, db::maskById(database, *base));
    GADOLIN_TRY(mask, readMaskOn(paths.mask(revision.sha256), grid));
    before = revision.sha256;
  } else {
    mask = Mask(grid);
    before = contentHash(mask);
  }
  for (const db::MaskEditRecord& edit : pending) {
    GADOLIN_TRY(const auto delta, contour::deltaFromBytes(edit.delta, grid.voxels()));
    if (const auto applied = contour::apply(delta, mask); !applied)
      return Error{ErrorCode::Corrupt,
                   "Step " + std::to_string(edit.id) + " of what " + reader + " drew on " + stack +
                       " does not fit the mask it was drawn on. Run: gadolinctl check PROJECT"};
  }
  const std::string hash = contentHash(mask);
  if (hash == before) return nothing;
  const fs::path blob = paths.mask(hash);
  std::error_code ignored;
  if (!fs::exists(blob, ignored)) GADOLIN_CHECK(writeMask(blob, mask));
  db::MaskRecord record;
  record.stack = stack;
  record.source = db::MaskSource::Reader;
  record.author = reader;
  record.parent = base;
  record.sha256 = hash;
  GADOLIN_TRY(const std::int64_t id, db::addMask(database, record));
  GADOLIN_CHECK(db::markDrawn(database, id, pending.back().id));
  return std::optional(id);
}

Result<int> settleDrawings(db::Database& database, const ProjectPaths& paths) {
  GADOLIN_TRY(const auto open, db::openDrawings(database));
  std::optional<Error> fault;
  int settled = 0;
  for (const db::OpenDrawing& drawing : open) {
    const auto made = settleDrawing(database, paths, drawing.stack, drawing.reader);
    if (!made)
      fault = made.error();
    else if (*made)
      ++settled;
  }
  if (fault && settled == 0) return *fault;
  return settled;
}

Result<Drawing> readDrawing(db::Database& database, const ProjectPaths& paths,
                            const std::string& stack, const std::string& reader,
                            const Geometry& grid) {
  Drawing drawing;
  GADOLIN_TRY(const auto standing, db::latestPersonMask(database, stack));
  if (standing) {
    drawing.base = standing->id;
    drawing.author = standing->author;
    drawing.imported = standing->source == db::MaskSource::Reference;
    GADOLIN_TRY(drawing.mask, readMaskOn(paths.mask(standing->sha256), grid));
  } else {
    drawing.mask = Mask(grid);
  }
  GADOLIN_TRY(const auto edits, db::maskEditsTo(database, stack, reader, drawing.base));
  GADOLIN_CHECK(replay(edits, grid.voxels(), drawing));
  GADOLIN_TRY(drawing.labels, db::consensusLabels(database, stack));
  GADOLIN_CHECK(findPrediction(database, paths, stack, drawing));
  return drawing;
}

}  // namespace gadolin::session
