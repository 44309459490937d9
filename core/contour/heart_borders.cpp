#include "core/contour/heart_borders.h"

#include <algorithm>

#include "core/contour/regions.h"
#include "core/imaging/volume.h"

namespace gadolin::contour {

Region enclosedBy(Border border, std::span<const std::uint8_t> slice, const Plane& plane) {
  Region drawn(slice.size());
  std::ranges::transform(slice, drawn.begin(), [](std::uint8_t label) {
    return label != 0 ? std::uint8_t{1} : std::uint8_t{0};
  });
  Region region = withHolesFilled(drawn, plane);
  if (border == Border::Endocardium)
    for (std::size_t i = 0; i < region.size(); ++i)
      if (isMyocardium(slice[i])) region[i] = 0;
  return region;
}

void moveBorder(Border border, std::span<std::uint8_t> slice, const Region& from, const Region& to,
                const Plane& plane) {
  const bool has_wall = std::ranges::any_of(slice, isMyocardium);
  const bool names_cavity = std::ranges::find(slice, std::uint8_t{1}) != slice.end();
  const Region within = enclosedBy(Border::Epicardium, slice, plane);
  const bool has_hole =
      has_wall && !names_cavity && std::ranges::find(from, std::uint8_t{1}) != from.end();
  const std::uint8_t cavity = has_hole ? 0 : 1;
  const bool closed = has_wall && (names_cavity || has_hole);
  for (std::size_t i = 0; i < slice.size(); ++i) {
    const bool gained = to[i] != 0 && from[i] == 0, lost = to[i] == 0 && from[i] != 0;
    if (border == Border::Epicardium) {
      if (gained && slice[i] == 0) slice[i] = 2;
      if (lost) slice[i] = 0;
    } else {
      if (gained && (!closed || within[i] != 0)) slice[i] = cavity;
      if (lost && !isMyocardium(slice[i])) slice[i] = has_wall ? 2 : 0;
    }
  }
}

}  // namespace gadolin::contour
