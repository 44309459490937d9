#pragma once
// A mask that was read beside its image comes onto the image's voxels.

#include <optional>

#include "core/base/result.h"
#include "ui/session/import_store.h"

namespace gadolin::session {

/// Gives `decoded`, whose mask_file holds the mask, that mask: as it is where it lies on the
/// stack's voxels (a tenth of a pixel is what rounding in headers explains), else moved without
/// interpolation, with a note. The reason why it does not fit is the value. Io, NoSpace.
Result<std::optional<Error>> fitMask(const MaskAnswer& mask, DecodedStack& decoded);

}  // namespace gadolin::session
