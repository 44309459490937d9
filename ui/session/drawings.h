#pragma once
// Drawings of readers as they are on disk: a revision of a mask and the steps after it.

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/contour/mask_delta.h"
#include "core/imaging/volume.h"
#include "core/labels/slice_label.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

struct DrawnStep {
  contour::MaskDelta delta;
  std::string tool;
  int slice = 0;  // where it is seen, as stored
};

/// A mask to draw on.
struct Drawing {
  std::optional<std::int64_t> base;  // the revision that a person stands for; none: nobody drew
  std::string author;                // of that revision
  bool imported = false;             // and it came with the images, or in a file
  Mask mask;                         // with the steps after it
  std::vector<DrawnStep> done;       // this reader's steps that can be undone, the newest last
  std::vector<DrawnStep> undone;     // and redone, the next one last
  std::vector<SliceLabel> labels;    // what readers said of the slices
  std::string prediction_sha256;     // the newest prediction's mask; empty: none
  std::string prediction_run;
};

/// Makes the revision of what this reader drew on this stack since the last one, and returns its
/// id; nothing where that leaves the mask as it was. Within a transaction of the writer thread.
/// Corrupt when the steps do not fit their revision.
Result<std::optional<std::int64_t>> settleDrawing(db::Database& database, const ProjectPaths& paths,
                                                  const std::string& stack,
                                                  const std::string& reader);

/// The same for everybody's, such as after a crash; one that cannot be settled does not hinder the
/// others and is the error that is returned in the end.
Result<int> settleDrawings(db::Database& database, const ProjectPaths& paths);

/// The mask that a person stands for on the stack's grid, or an empty one, with what this reader
/// may undo. Whoever may write settles first: what is pending is not in it.
Result<Drawing> readDrawing(db::Database& database, const ProjectPaths& paths,
                            const std::string& stack, const std::string& reader,
                            const Geometry& grid);

}  // namespace gadolin::session
