#pragma once
// What drawing makes of a voxel. The one place where the nesting of tissues is kept: scar within
// the myocardium, no-reflow (microvascular obstruction) within the scar.

#include <cstdint>

#include "core/imaging/volume.h"

namespace gadolin::contour {

/// The label after drawing `tissue` over a voxel. Cavity and myocardium take the place of each other
/// and of the background; myocardium leaves what is drawn within it. Scar is taken in healthy
/// myocardium alone, no-reflow in scar alone; elsewhere the voxel stays as it is.
constexpr std::uint8_t drawn(Tissue tissue, std::uint8_t present) {
  switch (tissue) {
    case Tissue::Cavity:
      return 1;
    case Tissue::Myocardium:
      return isMyocardium(present) ? present : std::uint8_t{2};
    case Tissue::Scar:
      return present == 2 ? std::uint8_t{3} : present;
    case Tissue::Mvo:
      return present == 3 ? std::uint8_t{4} : present;
    case Tissue::Background:
      break;
  }
  return present;
}

/// The label after erasing `tissue`, which takes what is nested in it along: erased scar is healthy
/// myocardium, erased no-reflow is scar, erased myocardium and cavity are background. Background
/// erases whatever there is.
constexpr std::uint8_t erased(Tissue tissue, std::uint8_t present) {
  switch (tissue) {
    case Tissue::Cavity:
      return present == 1 ? std::uint8_t{0} : present;
    case Tissue::Myocardium:
      return isMyocardium(present) ? std::uint8_t{0} : present;
    case Tissue::Scar:
      return isFibrosis(present) ? std::uint8_t{2} : present;
    case Tissue::Mvo:
      return present == 4 ? std::uint8_t{3} : present;
    case Tissue::Background:
      break;
  }
  return 0;
}

/// Whether a voxel belongs to `tissue` with all that is nested in it.
constexpr bool belongsTo(Tissue tissue, std::uint8_t present) {
  switch (tissue) {
    case Tissue::Cavity:
      return present == 1;
    case Tissue::Myocardium:
      return isMyocardium(present);
    case Tissue::Scar:
      return isFibrosis(present);
    case Tissue::Mvo:
      return present == 4;
    case Tissue::Background:
      break;
  }
  return present == 0;
}

}  // namespace gadolin::contour
