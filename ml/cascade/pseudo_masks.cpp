#include "ml/cascade/pseudo_masks.h"

#include <algorithm>

#include "core/analysis/dense_crf.h"
#include "core/analysis/multi_otsu.h"
#include "ml/data/shape.h"

namespace gadolin::ml {

std::optional<double> pseudoThreshold(std::vector<float> values, const run::Settings& settings) {
  if (values.size() < 16) return std::nullopt;
  const std::string& rule = settings.choice("pseudo.threshold");
  if (rule == "half-max") {
    // Remote myocardium is the 10th percentile, full brightness the 99th.
    std::sort(values.begin(), values.end());
    const double remote = static_cast<double>(values[values.size() / 10]);
    const double bright = static_cast<double>(values[(values.size() - 1) * 99 / 100]);
    return 0.5 * (remote + bright);
  }
  const auto thresholds = analysis::multiOtsu(values, rule == "otsu2" ? 2 : 3);
  if (!thresholds) return std::nullopt;
  return rule == "otsu3-upper" ? thresholds->back() : thresholds->front();
}

std::vector<std::uint8_t> pseudoMask(std::span<const float> image,
                                     std::span<const std::uint8_t> heart,
                                     std::span<const float> activation, int side, double threshold,
                                     const MapScale& scale, const run::Settings& settings) {
  const std::size_t count = image.size();
  const Plane plane{side, side};
  std::vector<std::uint8_t> myocardium(count), bright(count), pointed(count);
  float top = 0;
  for (std::size_t i = 0; i < count; ++i) {
    myocardium[i] = heart[i] == 2 ? 1 : 0;
    bright[i] = heart[i] == 2 && static_cast<double>(image[i]) >= threshold ? 1 : 0;
    if (heart[i] == 2) top = std::max(top, activation[i]);
  }
  if (scale.top > 0) top = scale.top;
  const bool parts = settings.choice("pseudo.cam_unit") == "parts";
  // A map that is nowhere positive says nothing of where; then the grey values decide alone in a slice
  // that is labelled positive. In the paper nothing is left without it.
  const bool map_asked = settings.flag("pseudo.cam");
  bool use_map = map_asked && top > (parts ? 0.01F : 0.0F);
  if (map_asked && !use_map && !(parts && scale.slice_is_positive))
    return std::vector<std::uint8_t>(count);
  const auto cam = [&](std::size_t i) { return activation[i] / (top + 1e-5F); };
  const auto floor = static_cast<float>(settings.real("pseudo.cam_floor"));
  if (use_map)
    for (std::size_t i = 0; i < count; ++i)
      pointed[i] = bright[i] != 0 && cam(i) > floor && cam(i) > 0 ? 1 : 0;
  if (use_map && parts) {
    // The slice is labelled positive: a map that misses every bright part is the one that errs.
    if (scale.slice_is_positive && std::count(pointed.begin(), pointed.end(), std::uint8_t{1}) == 0)
      pointed = bright;
    keepTouchedParts(bright, pointed, plane);
    use_map = false;
  }
  std::vector<float> probability(count, 0.0F);
  for (std::size_t i = 0; i < count; ++i) {
    if (bright[i] == 0) continue;
    if (!use_map)
      probability[i] = 0.75F;
    else if (pointed[i] != 0)
      probability[i] = 0.5F + 0.5F * std::min(cam(i), 1.0F);
  }
  std::vector<std::uint8_t> mask(count);
  if (settings.flag("pseudo.crf"))
    mask = analysis::refine(probability, side, side,
                            {settings.real("pseudo.crf_sd_px"), settings.real("pseudo.crf_weight"),
                             static_cast<int>(settings.integer("pseudo.crf_iterations"))});
  else
    for (std::size_t i = 0; i < count; ++i) mask[i] = probability[i] > 0.5F ? 1 : 0;
  if (settings.flag("pseudo.fill_mvo")) {
    std::vector<std::uint8_t> cavity(count);
    for (std::size_t i = 0; i < count; ++i) cavity[i] = heart[i] == 1 ? 1 : 0;
    fillCores(mask, myocardium, cavity, plane);
  }
  return mask;
}

}  // namespace gadolin::ml
