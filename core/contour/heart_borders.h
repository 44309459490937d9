#pragma once
// The endocardial and the epicardial border as regions that they enclose, and moving them.

#include <span>

#include "core/contour/plane.h"

namespace gadolin::contour {

enum class Border { Endocardium, Epicardium };

/// What the border encloses in a slice of labels. Epicardium: all that is drawn, with its holes.
/// Endocardium: that without the wall, so also a cavity that the mask does not name.
Region enclosedBy(Border border, std::span<const std::uint8_t> slice, const Plane& plane);

/// Moves a border from around `from` to around `to`; no other pixel changes. What the endocardium
/// gains is cavity (background where the mask names no cavity), what it loses is myocardium where
/// there is a wall; it does not leave a wall that is closed. What the epicardium gains is
/// myocardium, what it loses is background.
void moveBorder(Border border, std::span<std::uint8_t> slice, const Region& from, const Region& to,
                const Plane& plane);

}  // namespace gadolin::contour
