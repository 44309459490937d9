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
#include "database/records.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

struct DrawnStep {
  contour::MaskDelta delta;
  std::string tool;
  int slice = 0;  // where it is seen, as stored
};

/// What a reader begins to draw with.
enum class Beginning {
  Standing,     // the mask that a person stands for, whoever drew it
  Independent,  // the reader's own newest that began as nobody else's and no prediction; else
                // nothing
};
Result<std::optional<db::MaskRecord>> maskToDrawOn(db::Database& database, const std::string& stack,
                                                   const std::string& reader, Beginning beginning);

/// A mask to draw on.
struct Drawing {
  std::optional<std::int64_t> base;  // the revision that a person stands for; none: nobody drew
  std::string author;                // of that revision
  bool imported = false;             // and it came with the images, or in a file
  Mask mask;                         // with the steps after it
  std::int64_t last_step = 0;        // of this reader on this stack, whatever revision it is on
  std::optional<std::int64_t> last_revision;  // that holds one of them
  bool elsewhere = false;            // steps are pending on another revision
  std::vector<DrawnStep> done;       // this reader's steps that can be undone, the newest last
  std::vector<DrawnStep> undone;     // and redone, the next one last
  std::vector<SliceLabel> labels;    // what readers said of the slices
  std::string prediction_sha256;     // the newest prediction's mask; empty: none
  std::int64_t prediction_mask = 0;  // its revision
  std::string prediction_run;
};

/// Makes the revision of what this reader drew on this stack since the last one, and returns its
/// id; nothing where that leaves the mask as it was. Within a transaction of the writer thread.
/// Corrupt when the steps do not fit their revision.
Result<std::optional<std::int64_t>> settleDrawing(db::Database& database, const ProjectPaths& paths,
                                                  const std::string& stack,
                                                  const std::string& reader);

/// The same for everybody's, such as after a crash; how many revisions were made. One that cannot be
/// settled does not hinder the others: the first is told in `fault`.
Result<int> settleDrawings(db::Database& database, const ProjectPaths& paths,
                           std::optional<Error>& fault);

/// What this reader drew on this stack and no revision holds, as settleDrawing() would store it.
/// Writes nothing.
struct PendingDrawing {
  std::optional<std::int64_t> base;
  std::optional<std::int64_t> parent;  // the base, or the prediction that was started from
  std::string before;       // content hash of the base
  Mask mask;
  std::int64_t last = 0;    // the newest step in it
};
Result<std::optional<PendingDrawing>> pendingDrawing(db::Database& database,
                                                     const ProjectPaths& paths,
                                                     const std::string& stack,
                                                     const std::string& reader);

/// The labels and the prediction of `drawing`.
Result<void> readFacts(db::Database& database, const ProjectPaths& paths, const std::string& stack,
                       Drawing& drawing);

/// The name of the step that takes a prediction over, and the revision that it names; nothing for
/// any other step.
std::string startFromPrediction(std::int64_t mask);
std::optional<std::int64_t> startedFrom(const std::string& tool);

/// Slices of a revision that say nothing: without a label, in a mask that was drawn slice by slice
/// and may not be finished. Ascending.
Result<std::vector<int>> undrawnSlices(db::Database& database, const db::MaskRecord& record,
                                       const Mask& mask);

/// The mask that the reader begins with on the stack's grid, or an empty one, with what this reader
/// drew on it since and may undo. Steps on another revision than the one that stands are not in it
/// (`elsewhere`): whoever may write settles them first. Writes nothing.
Result<Drawing> readDrawing(db::Database& database, const ProjectPaths& paths,
                            const std::string& stack, const std::string& reader,
                            const Geometry& grid, Beginning beginning = Beginning::Standing);

}  // namespace gadolin::session
