#include "ml/data/stacks.h"

#include <algorithm>
#include <cmath>

#include "ml/data/shape.h"

namespace gadolin::ml {
namespace {

/// Percentile clip and z-score over the real pixels of the part of the stack that stage A sees, so
/// that neither zero padding nor the field of view changes how the heart looks.
void normaliseStack(PreparedStack& stack, const run::Settings& settings) {
  const Window window = myocardiumWindow(stack, settings, Look::Wide, imageCentre(stack));
  const double half_x = 0.5 * window.side * window.step_px[0];
  const double half_y = 0.5 * window.side * window.step_px[1];
  const auto low_x = std::max(0, static_cast<int>(window.centre_px[0] - half_x));
  const auto high_x =
      std::min(stack.plane().columns - 1, static_cast<int>(window.centre_px[0] + half_x));
  const auto low_y = std::max(0, static_cast<int>(window.centre_px[1] - half_y));
  const auto high_y =
      std::min(stack.plane().rows - 1, static_cast<int>(window.centre_px[1] + half_y));
  const auto image = stack.source->image;
  const float padding = *std::min_element(image.begin(), image.end());
  std::vector<float> values;
  std::size_t at_minimum = 0;
  for (int z = 0; z < stack.slices(); ++z)
    for (int y = low_y; y <= high_y; ++y)
      for (int x = low_x; x <= high_x; ++x) {
        const float v =
            image[static_cast<std::size_t>(z) * stack.area() +
                  static_cast<std::size_t>(y) * static_cast<std::size_t>(stack.plane().columns) +
                  static_cast<std::size_t>(x)];
        if (!std::isfinite(v)) continue;
        at_minimum += v == padding ? 1 : 0;
        values.push_back(v);
      }
  // A value that fills a twentieth of the field is padding; a few darkest pixels are not.
  if (at_minimum * 20 > values.size() && at_minimum < values.size()) std::erase(values, padding);
  if (values.empty()) values.push_back(0.0F);
  const auto percentile = [&](double percent) {
    const auto rank =
        static_cast<std::ptrdiff_t>(percent / 100 * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
  };
  const float low = percentile(settings.real("normalise.low_percent"));
  const float high = percentile(settings.real("normalise.high_percent"));
  double sum = 0, squares = 0;
  for (const float value : values) {
    const double v = static_cast<double>(std::clamp(value, low, high));
    sum += v;
    squares += v * v;
  }
  const double n = static_cast<double>(values.size());
  const double mean = sum / n;
  const double sd = std::sqrt(std::max(squares / n - mean * mean, 0.0));
  const double scale = sd > 1e-12 ? 1 / sd : 0;
  stack.raw_zero = static_cast<float>((0 - mean) * scale);
  stack.image.resize(image.size());
  for (std::size_t i = 0; i < image.size(); ++i) {
    const float v = std::isfinite(image[i]) ? std::clamp(image[i], low, high) : low;
    stack.image[i] = static_cast<float>((static_cast<double>(v) - mean) * scale);
  }
}

Window windowAt(const PreparedStack& stack, std::array<double, 2> centre_px, double pixel_mm,
                double side_px, int net_px) {
  Window window;
  window.side = net_px;
  window.centre_px = centre_px;
  for (std::size_t axis = 0; axis < 2; ++axis)
    window.step_px[axis] =
        (pixel_mm > 0 ? pixel_mm / stack.source->spacing_mm[axis] : 1.0) * side_px / net_px;
  return window;
}

}  // namespace

std::array<double, 2> imageCentre(const PreparedStack& stack) {
  return {0.5 * (stack.plane().columns - 1), 0.5 * (stack.plane().rows - 1)};
}

Window myocardiumWindow(const PreparedStack& stack, const run::Settings& settings, Look look,
                        std::array<double, 2> centre_px) {
  const auto close = settings.integer("myocardium.close_side_px");
  const auto side =
      look == Look::Close && close > 0 ? close : settings.integer("myocardium.side_px");
  return windowAt(stack, centre_px, settings.real("myocardium.pixel_mm"), static_cast<double>(side),
                  static_cast<int>(side));
}

Window roiWindow(const PreparedStack& stack, const run::Settings& settings) {
  return windowAt(stack, stack.heart_centre_px, settings.real("roi.pixel_mm"),
                  static_cast<double>(settings.integer("roi.side_px")),
                  static_cast<int>(settings.integer("roi.net_px")));
}

double pixelOf(const PreparedStack& stack, const Window& window) {
  return window.step_px[0] * stack.source->spacing_mm[0];
}

PreparedStack prepareStack(const dataset::FrozenStack& source, const run::Settings& settings) {
  PreparedStack stack;
  stack.source = &source;
  stack.heart_centre_px = imageCentre(stack);
  normaliseStack(stack, settings);
  // Where scar alone was drawn, its outline is not the heart's.
  if (std::ranges::find(source.mask, std::uint8_t{2}) == source.mask.end()) return stack;
  stack.heart.resize(source.mask.size());
  bool cavity = false;
  for (std::size_t i = 0; i < source.mask.size(); ++i) {
    stack.heart[i] = std::min<std::uint8_t>(source.mask[i], 2);
    cavity = cavity || stack.heart[i] == 1;
  }
  if (!cavity)  // masks of the wall alone: the cavity is what it encloses
    for (int z = 0; z < stack.slices(); ++z) {
      const auto hole = enclosed(stack.slice(stack.heart, z), stack.plane());
      for (std::size_t i = 0; i < hole.size(); ++i)
        if (hole[i] != 0) stack.heart[static_cast<std::size_t>(z) * stack.area() + i] = 1;
    }
  return stack;
}

void measureHeart(PreparedStack& stack, const run::Settings& settings) {
  stack.heart_level = {0.0F, 1.0F};
  if (!settings.flag("normalise.heart") || stack.p_myocardium.empty()) return;
  std::vector<float> myocardium, blood;
  for (int z = 0; z < stack.slices(); ++z) {
    const std::size_t first = static_cast<std::size_t>(z) * stack.area();
    std::vector<std::uint8_t> heart(stack.area());
    for (std::size_t i = 0; i < stack.area(); ++i)
      heart[i] = stack.p_myocardium[first + i] > 0.5F ? 2
                 : stack.p_cavity[first + i] > 0.5F   ? 1
                                                      : 0;
    const auto hole =
        enclosed(heart, stack.plane());  // the cavity of a network that only knows the wall
    for (std::size_t i = 0; i < stack.area(); ++i) {
      if (heart[i] == 2)
        myocardium.push_back(stack.image[first + i]);
      else if (heart[i] == 1 || hole[i] != 0)
        blood.push_back(stack.image[first + i]);
    }
  }
  constexpr std::size_t enough = 50;  // pixels
  if (myocardium.size() < enough || blood.size() < enough) return;
  const auto rank = [](std::vector<float>& values, std::size_t k) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(k), values.end());
    return values[k];
  };
  const float low = rank(myocardium, myocardium.size() / 5), high = rank(blood, blood.size() / 2);
  if (high - low > 0.2F) stack.heart_level = {low, high};  // in standard deviations of the stack
}

AugmentOptions augmentOptions(const run::Settings& settings, double pixel_mm) {
  AugmentOptions options;
  options.affine_chance = settings.real("augment.affine_chance");
  options.rotation_deg = settings.real("augment.rotation_deg");
  options.scale_low = settings.real("augment.scale_low");
  options.scale_high = settings.real("augment.scale_high");
  options.shear_deg = settings.real("augment.shear_deg");
  options.shift_px = settings.real("augment.shift_mm") / pixel_mm;
  options.flip = settings.flag("augment.flip");
  options.gamma = settings.real("augment.gamma");
  options.contrast = settings.real("augment.contrast");
  options.noise = settings.real("augment.noise");
  options.bias = settings.real("augment.bias");
  options.scar_chance = settings.real("augment.scar_chance");
  return options;
}

void finishSample(const run::Settings& settings, std::span<float> sample) {
  if (settings.choice("normalise.rule") == "slice-zscore") zScore(sample);
}

void zScore(std::span<float> values) {
  double sum = 0, squares = 0, n = 0;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
    ++n;
  }
  const double mean = sum / std::max(n, 1.0);
  const double sd = std::sqrt(std::max(squares - n * mean * mean, 0.0) / std::max(n - 1, 1.0));
  for (float& value : values)
    value = std::isfinite(value)
                ? static_cast<float>((static_cast<double>(value) - mean) / std::max(sd, 1e-6))
                : 0.0F;
}

}  // namespace gadolin::ml
