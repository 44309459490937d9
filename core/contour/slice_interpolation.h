#pragma once
// A slice between two that are drawn.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/contour/plane.h"
#include "core/imaging/stack.h"

namespace gadolin::contour {

/// Labels of a slice that lies at `share` (0..1) of the way from slice `a` to slice `b`, by shape:
/// the signed distances to the border of a region are mixed, and its inside is where the mix is
/// inside (Raya and Udupa, IEEE Trans. Med. Imaging 9, 1990). For what each border of the heart
/// encloses the distances of the same pixel are mixed; for scar and no-reflow those of the same place
/// of the wall, by direction from the middle of the cavity and by depth, because the wall of the
/// next slice may lie beside that of the one before. Each region needs to be in both slices and
/// stays nested.
std::vector<std::uint8_t> between(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                                  double share, const Plane& plane);

/// The nearest drawn slices on both sides of z, and where z lies between them in millimetres along
/// the slice axis. Nothing where one side has none.
struct DrawnNeighbours {
  int before = 0, after = 0;  // before < z < after, as stored
  double share = 0;           // of the way from before to after
};
std::optional<DrawnNeighbours> drawnNeighbours(const Stack& stack, const Mask& mask, int z);

}  // namespace gadolin::contour
