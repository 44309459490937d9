#pragma once
// Volumes of an export as NIfTI, read back and compared.

#include <optional>
#include <string>

#include "app/files/export_folder.h"
#include "core/imaging/stack.h"

namespace gadolin::ctl {

/// Voxels must come back as they are, the geometry to what 32-bit numbers hold (0.01 mm). Io when
/// they do not, and what writing gives.
Result<void> exportImage(ExportFolder& folder, const std::string& name, const Volume<float>& image);
/// Labels 0..4, or other small numbers that the format exported to has a meaning for.
Result<void> exportMask(ExportFolder& folder, const std::string& name, const Mask& mask);

/// The sentence for a stack whose slices lie at uneven distances, which NIfTI cannot say.
std::optional<std::string> unevenlySpaced(const std::string& id, const Stack& stack);

}  // namespace gadolin::ctl
