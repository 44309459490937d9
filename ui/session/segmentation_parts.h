#pragma once
// Which segmentations a stack's reference mask is made of, over all imports. The answer depends on
// what came and when it was made, never on the order in which it came in.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/volume.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// One segmentation that came for a stack, once for equal content.
struct SegmentationPart {
  std::string mask;          // contentHash on the voxels of the stack
  std::string made;          // date and time; empty: unknown, which is older than any
  std::vector<int> tissues;  // that it holds, sorted
  bool taken = true;         // false: it was refused as older than what was there
};

struct SegmentationParts {
  std::string whole;  // the mask that those that count made
  std::vector<SegmentationPart> parts;
};

/// Indices of those that count: no part that was made later holds one of their tissues. Of two that
/// were made at once, the one with more structures is the later, then the one that came later.
std::vector<std::size_t> countingParts(const std::vector<SegmentationPart>& parts);

/// Adds a part or, where one has its content, keeps the later of both times. Its index.
std::size_t addPart(std::vector<SegmentationPart>& parts, SegmentationPart part);

/// Tissues that occur in a mask, sorted.
std::vector<int> tissuesIn(const Mask& mask);
/// Of several masks on one grid the inner structure at each voxel.
void addInner(Mask& whole, const Mask& part);

Result<SegmentationParts> partsOfStack(db::Database& database, std::string_view stack);
Result<void> setPartsOfStack(db::Database& database, std::string_view stack,
                             const SegmentationParts& parts);

/// The voxels of a part, which is a revision of its own or is kept by keepPart().
Result<Mask> readPart(const ProjectPaths& paths, const std::string& mask, const Geometry& grid);
/// Keeps the voxels of a part that is no revision of its own. Io, NoSpace, ReadOnly.
Result<void> keepPart(const ProjectPaths& paths, const std::string& hash, const Mask& mask);

}  // namespace gadolin::session
