#pragma once
// Segmentations whose images are not in the project yet, as files of it: the planes, and beside
// them what is known of them, without an identity.

#include <vector>

#include "ui/session/project_paths.h"
#include "ui/session/segmentation_masks.h"

namespace gadolin::session {

/// The same planes of the same images, wherever the file lay.
bool sameContent(const FoundSegmentation& a, const FoundSegmentation& b);

/// Those that wait. What cannot be read any more is passed over.
Result<std::vector<FoundSegmentation>> waitingSegmentations(const ProjectPaths& paths);
/// Copies the planes into the project. Once for equal content. Io, NoSpace, ReadOnly.
Result<void> keepWaiting(const ProjectPaths& paths, const FoundSegmentation& segmentation);
/// Removes it.
Result<void> forgetWaiting(const FoundSegmentation& segmentation);

}  // namespace gadolin::session
