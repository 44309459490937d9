#include "ml/cascade/pseudo_masks.h"

#include <algorithm>

#include "core/analysis/dense_crf.h"
#include "core/analysis/multi_otsu.h"

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

std::vector<std::uint8_t> pseudoMask(std::span<const float> image, std::span<const std::uint8_t> region,
                                     std::span<const float> activation, int side, double threshold,
                                     const run::Settings& settings) {
  const std::size_t count = image.size();
  std::vector<float> probability(count, 0.0F);
  const bool with_map = settings.flag("pseudo.cam");
  float top = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (region[i] != 0) top = std::max(top, activation[i]);
  // A map that is nowhere positive says nothing of where; then the grey values decide alone.
  const bool use_map = with_map && top > 0.01F;
  const float floor = static_cast<float>(settings.real("pseudo.cam_floor"));
  for (std::size_t i = 0; i < count; ++i) {
    if (region[i] == 0 || static_cast<double>(image[i]) < threshold) continue;
    if (!use_map) {
      probability[i] = 0.75F;
      continue;
    }
    const float cam = activation[i] / (top + 1e-5F);
    if (cam > floor && cam > 0) probability[i] = 0.5F + 0.5F * std::min(cam, 1.0F);
  }
  if (settings.flag("pseudo.crf"))
    return analysis::refine(probability, side, side,
                            {settings.real("pseudo.crf_sd_px"), settings.real("pseudo.crf_weight"),
                             static_cast<int>(settings.integer("pseudo.crf_iterations"))});
  std::vector<std::uint8_t> mask(count);
  for (std::size_t i = 0; i < count; ++i) mask[i] = probability[i] > 0.5F ? 1 : 0;
  return mask;
}

}  // namespace gadolin::ml
