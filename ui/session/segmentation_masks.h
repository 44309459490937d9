#pragma once
// DICOM segmentations that were read become reference masks of the stacks that they were made on,
// whichever came first: one whose images are not in the project waits in it.

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/decode_protocol.h"
#include "ui/session/image_marks.h"
#include "ui/session/import_store.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// One segmentation as it was read, without an identity.
struct FoundSegmentation {
  std::string shown;    // path for a person, without identities
  std::string place;    // by what a project knows the file (db::RefusalRecord)
  std::string patient;  // as the project calls them
  ImageMarks marks;     // of the frame of reference, and of the series and images that it names
  SegmentationAnswer answer;
  std::filesystem::path file;  // its planes
  bool waited = false;         // since an earlier import
};

struct SegmentationOutcome {
  std::set<std::string> masked;  // stacks that have such a mask now, new or known
  int new_masks = 0;
  std::vector<PlacedFile> taken;
  std::vector<Refusal> refused;
  std::vector<std::pair<std::string, std::string>> warnings;  // of which stack or file, sentence
};

/// Puts `found`, and those that have waited, onto stacks of the project. The stack is the one that
/// holds the images that the segmentation names; where it names none, the patient's only stack of
/// its frame of reference on whose voxels it lies. Refused: "mask-waits" (images not in the
/// project; kept until they are), "mask-grid" (not on the stack's voxels, with both grids),
/// "mask-ambiguous", "mask-older" (a mask that was made later holds the same structure). Several of
/// one stack that hold different tissues are one mask, in whatever imports they come; else each is
/// a revision, the latest made last. Blocks.
Result<SegmentationOutcome> placeSegmentations(Project& project,
                                               std::vector<FoundSegmentation> found,
                                               const std::string& who);

}  // namespace gadolin::session
