#include "ml/cascade/compose.h"

#include <algorithm>
#include <cstddef>

#include "ml/data/shape.h"

namespace gadolin::ml {
namespace {

/// Cavity (1) and myocardium (2) from stage A.
std::vector<std::uint8_t> heartOf(const PreparedStack& stack, const run::Settings& settings) {
  const auto threshold = static_cast<float>(settings.real("predict.myocardium_threshold"));
  const bool three = settings.choice("myocardium.target") == "cavity+myocardium";
  std::vector<std::uint8_t> heart(stack.p_myocardium.size(), 0);
  std::vector<std::uint8_t> labels(heart.size(), 0);
  for (std::size_t i = 0; i < heart.size(); ++i) {
    heart[i] = (three ? stack.p_cavity[i] : 0.0F) + stack.p_myocardium[i] > threshold ? 1 : 0;
    if (heart[i] != 0) labels[i] = three && stack.p_cavity[i] > stack.p_myocardium[i] ? 1 : 2;
  }
  if (!three)
    for (int z = 0; z < stack.slices(); ++z) {
      const auto hole = enclosed(stack.slice(heart, z), stack.plane());
      const std::size_t first = static_cast<std::size_t>(z) * stack.area();
      for (std::size_t i = 0; i < hole.size(); ++i)
        if (hole[i] != 0) {
          heart[first + i] = 1;
          labels[first + i] = 1;
        }
    }
  if (settings.flag("predict.largest_part")) {
    keepLargestPart(heart, stack.plane(), stack.slices());
    for (std::size_t i = 0; i < heart.size(); ++i)
      if (heart[i] == 0) labels[i] = 0;
  }
  return labels;
}

/// Scar of an infarct reaches over neighbouring slices, while a single slice is believed of many
/// healthy hearts.
bool isDoubted(std::span<const float> slice_probability) {
  const auto believed = [&](std::size_t z) { return slice_probability[z] >= 0.5F; };
  if (slice_probability.size() == 1) return !believed(0);
  for (std::size_t z = 1; z < slice_probability.size(); ++z)
    if (believed(z - 1) && believed(z)) return false;
  return !slice_probability.empty();
}

}  // namespace

std::vector<std::uint8_t> composeMask(const PreparedStack& stack, std::span<const float> p_fibrosis,
                                      double threshold, std::span<const float> slice_probability,
                                      const run::Settings& settings) {
  std::vector<std::uint8_t> labels = heartOf(stack, settings);
  if (p_fibrosis.empty()) return labels;
  const double gate = settings.real("predict.slice_gate");
  const double margin_mm = settings.real("predict.margin_mm");
  const auto& spacing = stack.source->spacing_mm;
  double scar_ml = 0;
  std::vector<std::uint8_t> scar(labels.size(), 0);
  for (int z = 0; z < stack.slices(); ++z) {
    const auto slice = static_cast<std::size_t>(z);
    if (!slice_probability.empty() && static_cast<double>(slice_probability[slice]) < gate)
      continue;
    const std::size_t first = slice * stack.area();
    std::vector<std::uint8_t> myocardium(stack.area()), cavity(stack.area());
    for (std::size_t i = 0; i < stack.area(); ++i) {
      myocardium[i] = labels[first + i] == 2 ? 1 : 0;
      cavity[i] = labels[first + i] == 1 ? 1 : 0;
    }
    std::vector<std::uint8_t> allowed(stack.area(), 1);
    if (settings.flag("predict.inside_myocardium"))
      allowed = margin_mm > 0
                    ? dilated(myocardium, stack.plane(), spacing[0], spacing[1], margin_mm)
                    : myocardium;
    const std::span<std::uint8_t> found(scar.data() + first, stack.area());
    for (std::size_t i = 0; i < stack.area(); ++i)
      found[i] = allowed[i] != 0 && static_cast<double>(p_fibrosis[first + i]) > threshold ? 1 : 0;
    if (settings.flag("predict.fill_mvo")) fillCores(found, myocardium, cavity, stack.plane());
    scar_ml += static_cast<double>(std::count(found.begin(), found.end(), std::uint8_t{1})) *
               spacing[0] * spacing[1] * stack.source->slice_extent_mm[slice] * 1e-3;
  }
  if (scar_ml < settings.real("predict.minimum_ml")) return labels;
  if (scar_ml < settings.real("predict.doubted_ml") && isDoubted(slice_probability)) return labels;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (scar[i] != 0) labels[i] = 3;
  return labels;
}

}  // namespace gadolin::ml
