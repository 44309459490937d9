#pragma once
// Proposes where the right ventricle meets the left, from the image and the contours of the left: for
// a person to look at and to correct.

#include <optional>

#include "core/analysis/short_axis_frame.h"

namespace gadolin::analysis {

struct FoundInsertion {
  RvInsertion place;  // both points, on the epicardium of the slice
  int slices = 0;     // in which the right ventricle was seen
  int of_slices = 0;  // that were looked at
};

/// Blood of the right ventricle is about as bright as that of the left (0.55 to 1.6 times, above the
/// muscle) and lies at the wall's outside over 50 to 200 degrees; its own wall parts it from the fat
/// in the grooves. In every slice of the basal two thirds the connected bright part that lies along
/// the longest arc is taken, and of the arcs' ends the medians. With `orientation_known` the arc's
/// middle lies within 60 degrees of the direction to the patient's right and front; else anywhere,
/// and the end that is higher on the screen is called the anterior one. Points are set in the middle
/// one of the slices used.
/// None where the ventricle is seen in fewer than a third of the slices. Pure; any thread.
std::optional<FoundInsertion> findRvInsertion(const Stack& stack, const Mask& mask,
                                              bool orientation_known);

}  // namespace gadolin::analysis
