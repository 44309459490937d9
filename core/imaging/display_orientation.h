#pragma once
// Which way up a slice is shown, and what letters stand at its edges.

#include <array>
#include <string>

#include "core/imaging/geometry.h"

namespace gadolin {

/// One of the eight ways to lay a slice on the screen. Screen columns run right, screen rows down.
struct DisplayOrientation {
  bool transpose = false;   // screen right follows the image's y axis instead of its x axis
  bool flip_right = false;  // screen right runs against that axis
  bool flip_down = false;   // screen down runs against the other axis
  /// False where the file holds no orientation at all; then no letters are shown, because a wrong
  /// side is worse than none.
  bool known = true;

  friend bool operator==(const DisplayOrientation&, const DisplayOrientation&) = default;
};

/// The radiological way to show this grid: seen from the feet (axial), from the front (coronal),
/// from the left (sagittal) or from the apex (short axis), never mirrored, the patient's right on
/// the left of the screen and anterior or head at the top. A grid that is already shown so by its
/// rows and columns, as scanners store it, stays as it is.
/// NIfTI files of challenge data often carry unit columns at origin 0 instead of an orientation: in
/// that format's own axes (ACDC), where rows run upward and are flipped, or with both signs turned
/// (EMIDEC), shown as stored. Then `known` is false.
DisplayOrientation displayOrientation(const Geometry& geometry);

/// Unit LPS vectors of screen right and screen down.
std::array<Vec3, 2> screenAxes(const Geometry& geometry, const DisplayOrientation& orientation);

/// The side of the patient a unit LPS vector points to: "L", "R", "A", "P", "H" or "F"; for
/// obliques up to three letters, largest part first ("AL"), parts under 0.26 (15 degrees) left out.
std::string directionLetters(const Vec3& direction);

struct EdgeLetters {
  std::string left, right, top, bottom;
};
/// Empty where the orientation is not known.
EdgeLetters edgeLetters(const Geometry& geometry, const DisplayOrientation& orientation);

}  // namespace gadolin
