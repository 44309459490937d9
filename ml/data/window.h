#pragma once
// Where a network's square lies in a slice, and how values get there and back: one affine
// resampling per sample, augmentation included.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/random.h"

namespace gadolin::ml {

/// A slice in its native grid: rows * columns values, column fastest.
struct Plane {
  int columns = 0;
  int rows = 0;
};

/// A square of side*side network pixels. Network pixel (i, j) lies at native index
/// centre + step * (M * (i - mid, j - mid) + shift), with mid = (side - 1) / 2.
struct Window {
  int side = 0;
  std::array<double, 2> centre_px{0, 0};  // native index, x and y
  std::array<double, 2> step_px{1, 1};    // native pixels per network pixel, x and y
};

/// What a training sample goes through. The default changes nothing.
struct Augmentation {
  std::array<double, 4> matrix{1, 0, 0, 1};  // row by row, in network pixels
  std::array<double, 2> shift{0, 0};         // network pixels
  double gamma = 1;
  double contrast = 1;
  double brightness = 0;                     // standard deviations
  std::array<double, 6> bias{};              // coefficients of 1, x, y, x2, xy, y2 over -1..1
  double noise_sd = 0;                       // standard deviations
  std::uint64_t noise_seed = 0;
  bool paint_scar = false;  // see paintScar; for stage A
  std::uint64_t scar_seed = 0;
};

struct AugmentOptions {
  double affine_chance = 0, rotation_deg = 0, scale_low = 1, scale_high = 1, shear_deg = 0;
  double shift_px = 0;  // network pixels
  bool flip = false;
  double gamma = 0, contrast = 0, noise = 0, bias = 0, scar_chance = 0;
};

Augmentation drawAugmentation(const AugmentOptions& options, Random& random);

/// Bilinear; outside the slice its nearest edge. Then gamma, contrast, shading and noise.
void sampleImage(std::span<const float> slice, Plane plane, const Window& window,
                 const Augmentation& augmentation, std::span<float> out);
/// Bilinear; 0 outside.
void sampleProbability(std::span<const float> slice, Plane plane, const Window& window,
                       const Augmentation& augmentation, std::span<float> out);
/// The label 0..3 whose bilinear share is largest; 0 outside.
void sampleLabels(std::span<const std::uint8_t> slice, Plane plane, const Window& window,
                  const Augmentation& augmentation, std::span<std::uint8_t> out);

/// sampleImage() without the change of intensities: `outside` beyond the slice, also for pixels that
/// lie between it and the slice when `outside` is not a number.
void sampleImageInside(std::span<const float> slice, Plane plane, const Window& window,
                       float outside, std::span<float> out);

/// The share of pixels with this label around each network pixel, 0..1: a soft target.
void sampleShare(std::span<const std::uint8_t> slice, Plane plane, const Window& window,
                 std::uint8_t label, std::span<float> out);

/// The geometric part of an augmentation on a square that has been sampled already; 0 beyond it.
void turnSquare(const Augmentation& augmentation, int side, std::span<float> square);

/// Brightness and contrast as of a colour jitter on values brought to 0..1 and kept there; the order
/// is drawn. What is not a number stays so.
void jitter(const Augmentation& augmentation, std::span<float> square);

/// A map of side*side cells back in the native grid, bilinear; `outside` beyond the window.
/// `cells` may be coarser than the window by a whole factor (activation maps).
void placeBack(std::span<const float> cells, int cells_side, const Window& window, Plane plane,
               float outside, std::span<float> out);
/// The nearest cell; 0 beyond the window.
void placeBackNearest(std::span<const std::uint8_t> cells, const Window& window, Plane plane,
                      std::span<std::uint8_t> out);

/// Independent random streams from a few numbers: what makes every draw repeatable after a resume.
std::uint64_t mixSeed(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c);

}  // namespace gadolin::ml
