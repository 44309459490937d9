#include "core/imaging/image_kind.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace gadolin {
namespace {

constexpr double negative_share = 0.02;       // of voxels: less is interpolation
constexpr double dark_part = 0.08;            // of the range
constexpr double dark_share_psir = 0.03;      // measured: at most 0.009
constexpr double dark_share_magnitude = 0.2;  // measured: at least 0.35
constexpr std::size_t bins = 40;

float quantile(std::vector<float>& values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(
                                       share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

}  // namespace

ImageKind kindFromPixels(std::span<const float> voxels) {
  if (voxels.empty()) return ImageKind::Unknown;
  const float smallest = *std::ranges::min_element(voxels);
  std::vector<float> values;
  values.reserve(voxels.size());
  for (const float value : voxels)
    if (value > smallest) values.push_back(value);
  if (values.size() < 100) return ImageKind::Unknown;
  const float low = quantile(values, 0.001), high = quantile(values, 0.995);
  const float range = high - low;
  if (!(range > 0)) return ImageKind::Unknown;

  std::array<std::size_t, bins> histogram{};
  std::size_t negative = 0, dark = 0;
  for (const float value : values) {
    const double place = static_cast<double>((value - low) / range);
    if (value < -0.02F * range) ++negative;
    if (place < dark_part) ++dark;
    const double bin = std::clamp(place * static_cast<double>(bins), 0.0, static_cast<double>(bins - 1));
    ++histogram[static_cast<std::size_t>(bin)];
  }
  const auto count = static_cast<double>(values.size());
  if (static_cast<double>(negative) >= negative_share * count) return ImageKind::Psir;
  const auto commonest =
      static_cast<double>(std::ranges::max_element(histogram) - histogram.begin()) /
      static_cast<double>(bins);
  const double dark_share = static_cast<double>(dark) / count;
  if (dark_share < dark_share_psir && commonest > 0.2 && commonest < 0.85) return ImageKind::Psir;
  if (dark_share > dark_share_magnitude && commonest < dark_part) return ImageKind::Magnitude;
  return ImageKind::Unknown;
}

}  // namespace gadolin
