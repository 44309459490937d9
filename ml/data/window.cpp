#include "ml/data/window.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace gadolin::ml {
namespace {

/// Calls use(k, x, y) with the native position of each network pixel k.
template <typename Use>
void forEachPixel(const Window& window, const Augmentation& augmentation, Use&& use) {
  const double mid = 0.5 * (window.side - 1);
  const auto& m = augmentation.matrix;
  std::size_t k = 0;
  for (int j = 0; j < window.side; ++j)
    for (int i = 0; i < window.side; ++i, ++k) {
      const double u = i - mid, v = j - mid;
      use(k,
          window.centre_px[0] +
              window.step_px[0] * (m[0] * u + m[1] * v + augmentation.shift[0]),
          window.centre_px[1] +
              window.step_px[1] * (m[2] * u + m[3] * v + augmentation.shift[1]));
    }
}

struct Corners {
  int x0, y0;
  double fx, fy;
};

Corners cornersOf(double x, double y) {
  const double fx = std::floor(x), fy = std::floor(y);
  return {static_cast<int>(fx), static_cast<int>(fy), x - fx, y - fy};
}

/// Value of `get(x, y)` between four pixels.
template <typename Get>
double bilinear(double x, double y, Get&& get) {
  const Corners c = cornersOf(x, y);
  return (1 - c.fy) * ((1 - c.fx) * get(c.x0, c.y0) + c.fx * get(c.x0 + 1, c.y0)) +
         c.fy * ((1 - c.fx) * get(c.x0, c.y0 + 1) + c.fx * get(c.x0 + 1, c.y0 + 1));
}

std::size_t at(Plane plane, int x, int y) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(plane.columns) +
         static_cast<std::size_t>(x);
}

bool inside(Plane plane, int x, int y) {
  return x >= 0 && y >= 0 && x < plane.columns && y < plane.rows;
}

void changeIntensities(const Augmentation& augmentation, int side, std::span<float> values) {
  double low = 1e30, high = -1e30, sum = 0, squares = 0;
  for (const float value : values) {
    const double v = static_cast<double>(value);
    low = std::min(low, v);
    high = std::max(high, v);
    sum += v;
    squares += v * v;
  }
  const double n = static_cast<double>(values.size());
  const double mean = sum / n;
  const double sd = std::sqrt(std::max(squares / n - mean * mean, 1e-12));
  const double span = std::max(high - low, 1e-6);
  Random random(augmentation.noise_seed);
  const auto& b = augmentation.bias;
  std::size_t k = 0;
  for (int j = 0; j < side; ++j)
    for (int i = 0; i < side; ++i, ++k) {
      double v = (static_cast<double>(values[k]) - low) / span;
      if (augmentation.gamma != 1) v = std::pow(v, augmentation.gamma);
      const double x = 2.0 * i / side - 1, y = 2.0 * j / side - 1;
      v *= 1 + b[0] + b[1] * x + b[2] * y + b[3] * x * x + b[4] * x * y + b[5] * y * y;
      v = low + span * v;
      v = mean + augmentation.contrast * (v - mean) + sd * augmentation.brightness;
      if (augmentation.noise_sd > 0) v += sd * augmentation.noise_sd * random.normal();
      values[k] = static_cast<float>(v);
    }
}

}  // namespace

std::uint64_t mixSeed(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  std::uint64_t mixed = seed;
  for (const std::uint64_t part : {a, b, c}) mixed = Random(mixed ^ (part * 0x9e3779b97f4a7c15ULL)).next();
  return mixed;
}

Augmentation drawAugmentation(const AugmentOptions& options, Random& random) {
  Augmentation a;
  if (random.chance(options.affine_chance)) {
    const double radians = std::numbers::pi / 180;
    const double angle = random.uniform(-options.rotation_deg, options.rotation_deg) * radians;
    const double scale = 1.0 / random.uniform(options.scale_low, options.scale_high);
    const double shear_x = std::tan(random.uniform(-options.shear_deg, options.shear_deg) * radians);
    const double shear_y = std::tan(random.uniform(-options.shear_deg, options.shear_deg) * radians);
    const double c = std::cos(angle) * scale, s = std::sin(angle) * scale;
    a.matrix = {c - s * shear_y, c * shear_x - s, s + c * shear_y, s * shear_x + c};
  }
  if (options.flip) {
    if (random.chance(0.5)) a.matrix = {-a.matrix[0], a.matrix[1], -a.matrix[2], a.matrix[3]};
    if (random.chance(0.5)) a.matrix = {a.matrix[0], -a.matrix[1], a.matrix[2], -a.matrix[3]};
  }
  for (double& shift : a.shift) shift = random.uniform(-options.shift_px, options.shift_px);
  a.gamma = std::exp(random.uniform(-options.gamma, options.gamma));
  a.contrast = 1 + random.uniform(-options.contrast, options.contrast);
  a.brightness = random.uniform(-options.contrast, options.contrast);
  for (std::size_t k = 1; k < a.bias.size(); ++k) a.bias[k] = random.uniform(-options.bias, options.bias);
  a.noise_sd = random.uniform(0, options.noise);
  a.noise_seed = random.next();
  a.paint_scar = random.chance(options.scar_chance);
  a.scar_seed = random.next();
  return a;
}

void sampleImage(std::span<const float> slice, Plane plane, const Window& window,
                 const Augmentation& augmentation, std::span<float> out) {
  forEachPixel(window, augmentation, [&](std::size_t k, double x, double y) {
    out[k] = static_cast<float>(bilinear(x, y, [&](int cx, int cy) {
      return static_cast<double>(
          slice[at(plane, std::clamp(cx, 0, plane.columns - 1), std::clamp(cy, 0, plane.rows - 1))]);
    }));
  });
  const Augmentation none;
  if (augmentation.gamma != none.gamma || augmentation.contrast != none.contrast ||
      augmentation.brightness != none.brightness || augmentation.bias != none.bias ||
      augmentation.noise_sd != none.noise_sd)
    changeIntensities(augmentation, window.side, out);
}

void sampleProbability(std::span<const float> slice, Plane plane, const Window& window,
                       const Augmentation& augmentation, std::span<float> out) {
  forEachPixel(window, augmentation, [&](std::size_t k, double x, double y) {
    out[k] = static_cast<float>(bilinear(x, y, [&](int cx, int cy) {
      return inside(plane, cx, cy) ? static_cast<double>(slice[at(plane, cx, cy)]) : 0.0;
    }));
  });
}

void sampleLabels(std::span<const std::uint8_t> slice, Plane plane, const Window& window,
                  const Augmentation& augmentation, std::span<std::uint8_t> out) {
  forEachPixel(window, augmentation, [&](std::size_t k, double x, double y) {
    const Corners c = cornersOf(x, y);
    std::array<double, 4> share{};
    for (int dy = 0; dy < 2; ++dy)
      for (int dx = 0; dx < 2; ++dx) {
        const int cx = c.x0 + dx, cy = c.y0 + dy;
        const std::uint8_t label = inside(plane, cx, cy) ? slice[at(plane, cx, cy)] : std::uint8_t{0};
        share[std::min<std::size_t>(label, 3)] += (dx != 0 ? c.fx : 1 - c.fx) * (dy != 0 ? c.fy : 1 - c.fy);
      }
    out[k] = static_cast<std::uint8_t>(std::max_element(share.begin(), share.end()) - share.begin());
  });
}

void sampleImageInside(std::span<const float> slice, Plane plane, const Window& window,
                       float outside, std::span<float> out) {
  forEachPixel(window, {}, [&](std::size_t k, double x, double y) {
    out[k] = static_cast<float>(bilinear(x, y, [&](int cx, int cy) {
      return static_cast<double>(inside(plane, cx, cy) ? slice[at(plane, cx, cy)] : outside);
    }));
  });
}

void sampleShare(std::span<const std::uint8_t> slice, Plane plane, const Window& window,
                 std::uint8_t label, std::span<float> out) {
  forEachPixel(window, {}, [&](std::size_t k, double x, double y) {
    out[k] = static_cast<float>(bilinear(x, y, [&](int cx, int cy) {
      return inside(plane, cx, cy) && slice[at(plane, cx, cy)] == label ? 1.0 : 0.0;
    }));
  });
}

void turnSquare(const Augmentation& augmentation, int side, std::span<float> square) {
  const Augmentation none;
  if (augmentation.matrix == none.matrix && augmentation.shift == none.shift) return;
  const std::vector<float> before(square.begin(), square.end());
  Window whole;
  whole.side = side;
  whole.centre_px = {0.5 * (side - 1), 0.5 * (side - 1)};
  whole.step_px = {1, 1};
  sampleProbability(before, {side, side}, whole, augmentation, square);
}

void jitter(const Augmentation& augmentation, std::span<float> square) {
  if (augmentation.contrast == 1 && augmentation.brightness == 0) return;
  float low = std::numeric_limits<float>::max(), high = std::numeric_limits<float>::lowest();
  for (const float value : square) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (!(high > low)) return;
  for (float& value : square) value = (value - low) / (high - low);
  const auto brighten = [&] {
    const auto factor = static_cast<float>(1 + augmentation.brightness);
    for (float& value : square) value = std::clamp(value * factor, 0.0F, 1.0F);
  };
  const auto stretch = [&] {
    double sum = 0, n = 0;
    for (const float value : square)
      if (std::isfinite(value)) {
        sum += static_cast<double>(value);
        ++n;
      }
    const auto mean = static_cast<float>(sum / n);
    const auto factor = static_cast<float>(augmentation.contrast);
    for (float& value : square)
      value = std::clamp(factor * value + (1 - factor) * mean, 0.0F, 1.0F);
  };
  const bool brightness_first = augmentation.noise_seed % 2 == 0;
  if (brightness_first) brighten();
  stretch();
  if (!brightness_first) brighten();
}

void placeBack(std::span<const float> cells, int cells_side, const Window& window, Plane plane,
               float outside, std::span<float> out) {
  const double coarse = static_cast<double>(cells_side) / window.side;
  const Plane grid{cells_side, cells_side};
  std::size_t k = 0;
  for (int y = 0; y < plane.rows; ++y)
    for (int x = 0; x < plane.columns; ++x, ++k) {
      // Continuous network index, then the index among cells whose centres lie half a cell in.
      const double u = (x - window.centre_px[0]) / window.step_px[0] + 0.5 * window.side;
      const double v = (y - window.centre_px[1]) / window.step_px[1] + 0.5 * window.side;
      if (u < 0 || v < 0 || u > window.side || v > window.side) {
        out[k] = outside;
        continue;
      }
      out[k] = static_cast<float>(bilinear(u * coarse - 0.5, v * coarse - 0.5, [&](int cx, int cy) {
        return static_cast<double>(
            cells[at(grid, std::clamp(cx, 0, cells_side - 1), std::clamp(cy, 0, cells_side - 1))]);
      }));
    }
}

void placeBackNearest(std::span<const std::uint8_t> cells, const Window& window, Plane plane,
                      std::span<std::uint8_t> out) {
  const Plane grid{window.side, window.side};
  std::size_t k = 0;
  for (int y = 0; y < plane.rows; ++y)
    for (int x = 0; x < plane.columns; ++x, ++k) {
      const double u = (x - window.centre_px[0]) / window.step_px[0] + 0.5 * window.side;
      const double v = (y - window.centre_px[1]) / window.step_px[1] + 0.5 * window.side;
      const int cx = static_cast<int>(std::floor(u)), cy = static_cast<int>(std::floor(v));
      out[k] = inside(grid, cx, cy) ? cells[at(grid, cx, cy)] : std::uint8_t{0};
    }
}

}  // namespace gadolin::ml
