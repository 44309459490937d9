#pragma once
// From the activation map of a positive slice to the mask that stage C learns.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/run/settings.h"

namespace gadolin::ml {

/// Grey value above which myocardium counts as fibrosis, from the values of the myocardium of a
/// slice or stack by pseudo.threshold; nothing when they do not allow one.
std::optional<double> pseudoThreshold(std::vector<float> values, const run::Settings& settings);

struct MapScale {
  /// The activation that counts as 1; 0: the slice's largest inside the myocardium.
  float top = 0;
  /// Whether the slice itself is labelled positive. Where it is not (the stack is), only the map says
  /// that there is fibrosis, and a map without any leaves the slice empty.
  bool slice_is_positive = true;
};

/// One slice on the network's grid of side*side pixels, row by row.
/// @param image       as the network sees it
/// @param heart       1 in the cavity, 2 in the myocardium, else 0
/// @param activation  of any scale; negative and outside the myocardium counts as none
/// @param threshold   of pseudoThreshold
/// @param scale       what the map is compared with
/// @return 1 where fibrosis is taken to be
std::vector<std::uint8_t> pseudoMask(std::span<const float> image,
                                     std::span<const std::uint8_t> heart,
                                     std::span<const float> activation, int side, double threshold,
                                     const MapScale& scale, const run::Settings& settings);

}  // namespace gadolin::ml
