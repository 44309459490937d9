#pragma once
// The stacks of a frozen dataset, ready for the networks: intensities made comparable, targets cut
// from masks, windows placed.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/dataset/frozen_dataset.h"
#include "core/run/settings.h"
#include "ml/data/evidence.h"
#include "ml/data/window.h"

namespace gadolin::ml {

/// All volumes [slices, rows, columns] in the stack's native grid.
struct PreparedStack {
  const dataset::FrozenStack* source = nullptr;
  Evidence evidence = Evidence::Nothing;      // what B, C and D may learn from it
  std::vector<float> image;                   // normalised
  std::vector<std::uint8_t> heart;            // 0, 1 cavity, 2 myocardium; empty without an outline
  std::vector<std::uint8_t> fibrosis;         // target of C or D: 0 or 1; empty where there is none
  std::vector<float> p_cavity, p_myocardium;  // of stage A; empty before it
  float raw_zero = 0;                         // the imported value 0 among the normalised ones
  std::array<float, 2> heart_level{0, 1};     // grey values that B, C and D see as 0 and 1
  std::array<double, 2> heart_centre_px{0, 0};  // of the predicted heart, else of the image

  [[nodiscard]] Plane plane() const { return {source->size[0], source->size[1]}; }
  [[nodiscard]] int slices() const { return source->size[2]; }
  [[nodiscard]] std::size_t area() const {
    return static_cast<std::size_t>(source->size[0]) * static_cast<std::size_t>(source->size[1]);
  }
  template <typename T>
  [[nodiscard]] std::span<const T> slice(const std::vector<T>& volume, int z) const {
    return std::span<const T>(volume).subspan(static_cast<std::size_t>(z) * area(), area());
  }
  /// Fibrosis of the reference mask (labels 3 and 4), for scores only.
  [[nodiscard]] bool isReferenceFibrosis(std::size_t voxel) const {
    return source->mask[voxel] == 3 || source->mask[voxel] == 4;
  }
};

/// Normalises and cuts the heart from the mask. Labels 3 and 4 count as myocardium here and reach
/// nothing else.
PreparedStack prepareStack(const dataset::FrozenStack& source, const run::Settings& settings);

/// Where stage A looks: for the heart in a large square, then at it in a smaller one of the same
/// pixels (the large one again when myocardium.close_side_px is 0).
enum class Look { Wide, Close };

/// The window of stage A around a native index, and the one of B, C and D around the heart.
Window myocardiumWindow(const PreparedStack& stack, const run::Settings& settings, Look look,
                        std::array<double, 2> centre_px);
Window roiWindow(const PreparedStack& stack, const run::Settings& settings);
std::array<double, 2> imageCentre(const PreparedStack& stack);

AugmentOptions augmentOptions(const run::Settings& settings, double pixel_mm);
/// The z-score of one sample when the rule is slice-zscore; nothing otherwise.
void finishSample(const run::Settings& settings, std::span<float> sample);
/// Zero mean and unit variance (unbiased) of the numbers among the values; what is not a number is
/// padding and becomes 0, the mean.
void zScore(std::span<float> values);

/// Sets heart_level from the predicted heart when normalise.heart is on: healthy myocardium and
/// blood. Where there is too little of either, or blood is not the brighter, it stays 0 and 1.
void measureHeart(PreparedStack& stack, const run::Settings& settings);

/// Millimetres per network pixel of a window, along x.
double pixelOf(const PreparedStack& stack, const Window& window);

}  // namespace gadolin::ml
