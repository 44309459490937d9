#include "ui/session/mask_fitting.h"

#include <algorithm>

#include "core/imaging/regrid.h"
#include "core/imaging/stack_file.h"

namespace gadolin::session {
namespace {

/// Largest distance between the corners of two grids of one size.
double cornersApart(const Geometry& a, const Geometry& b) {
  double apart = 0;
  for (int corner = 0; corner < 8; ++corner) {
    const double x = (corner & 1) ? a.size[0] - 1 : 0;
    const double y = (corner & 2) ? a.size[1] - 1 : 0;
    const double z = (corner & 4) ? a.size[2] - 1 : 0;
    apart = std::max(apart, norm(a.toWorld(x, y, z) - b.toWorld(x, y, z)));
  }
  return apart;
}

/// To a tenth of a pixel.
bool liesOn(const Geometry& stack, const Geometry& mask) {
  return stack.size == mask.size &&
         cornersApart(stack, mask) < 0.1 * std::ranges::min(stack.spacing_mm);
}

}  // namespace

Result<std::optional<Error>> fitMask(const MaskAnswer& mask, DecodedStack& decoded) {
  using Reason = std::optional<Error>;
  MaskAnswer fitted = mask;
  if (!liesOn(decoded.stack.geometry, mask.geometry)) {
    GADOLIN_TRY(const Mask read, readMask(decoded.mask_file));
    const auto moved = onGrid(read, decoded.stack.geometry);
    if (!moved) return Reason(moved.error());
    GADOLIN_CHECK(writeMask(decoded.mask_file, *moved, Durability::Later));
    fitted.sha256 = contentHash(*moved);
    fitted.geometry = moved->geometry;
    decoded.notes.push_back(coversAll(read.geometry, moved->geometry)
                                ? "The mask has its axes in another order than its image; it was "
                                  "turned onto it."
                                : "The mask covers a part of its image; the rest is background.");
  }
  for (const auto& note : mask.notes) {
    if (std::ranges::find(decoded.stack.notes, note) == decoded.stack.notes.end())
      decoded.notes.push_back(note);
  }
  decoded.mask = std::move(fitted);
  return Reason();
}

}  // namespace gadolin::session
