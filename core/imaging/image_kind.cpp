#include "core/imaging/image_kind.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <variant>
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

/// @param each  calls use(value, how often) for every value above the smallest
/// @param count  of those voxels
/// @param low, high  their quantiles
template <typename Each>
ImageKind judge(const Each& each, std::size_t count, float low, float high) {
  const float range = high - low;
  if (!(range > 0)) return ImageKind::Unknown;
  std::array<std::size_t, bins> histogram{};
  std::size_t negative = 0, dark = 0;
  each([&](float value, std::size_t times) {
    const double place = static_cast<double>((value - low) / range);
    if (value < -0.02F * range) negative += times;
    if (place < dark_part) dark += times;
    const double bin =
        std::clamp(place * static_cast<double>(bins), 0.0, static_cast<double>(bins - 1));
    histogram[static_cast<std::size_t>(bin)] += times;
  });
  const auto all = static_cast<double>(count);
  if (static_cast<double>(negative) >= negative_share * all) return ImageKind::Psir;
  const auto commonest =
      static_cast<double>(std::ranges::max_element(histogram) - histogram.begin()) /
      static_cast<double>(bins);
  const double dark_share = static_cast<double>(dark) / all;
  if (dark_share < dark_share_psir && commonest > 0.2 && commonest < 0.85) return ImageKind::Psir;
  if (dark_share > dark_share_magnitude && commonest < dark_part) return ImageKind::Magnitude;
  return ImageKind::Unknown;
}

constexpr std::size_t enough = 100;  // voxels
constexpr double low_share = 0.001, high_share = 0.995;

}  // namespace

ImageKind kindFromPixels(std::span<const float> voxels) {
  if (voxels.empty()) return ImageKind::Unknown;
  const float smallest = *std::ranges::min_element(voxels);
  std::vector<float> values;
  values.reserve(voxels.size());
  for (const float value : voxels)
    if (value > smallest) values.push_back(value);
  if (values.size() < enough) return ImageKind::Unknown;
  const float low = quantile(values, low_share), high = quantile(values, high_share);
  const auto each = [&values](const auto& use) {
    for (const float value : values) use(value, 1);
  };
  return judge(each, values.size(), low, high);
}

ImageKind kindFromPixels(std::span<const std::int16_t> voxels) {
  if (voxels.empty()) return ImageKind::Unknown;
  constexpr int offset = 32768;
  std::vector<std::uint32_t> times(std::size_t{2} * offset);
  for (const auto value : voxels) ++times[static_cast<std::size_t>(value + offset)];
  const auto smallest = std::ranges::find_if(times, [](auto n) { return n > 0; });
  const std::size_t count = voxels.size() - *smallest;
  if (count < enough) return ImageKind::Unknown;
  const auto first = smallest - times.begin() + 1;
  const auto rank = [&](double share) {
    auto left = static_cast<std::size_t>(share * static_cast<double>(count - 1));
    auto at = times.begin() + first;
    while (left >= *at) left -= *at++;
    return static_cast<float>(at - times.begin() - offset);
  };
  const auto each = [&](const auto& use) {
    for (auto at = times.begin() + first; at != times.end(); ++at)
      if (*at > 0) use(static_cast<float>(at - times.begin() - offset), *at);
  };
  return judge(each, count, rank(low_share), rank(high_share));
}

std::vector<double> labelValues(const FiledVoxels& voxels) {
  constexpr std::size_t most = 5;  // Tissue has no more
  std::vector<double> values;
  const auto look = [&values](const auto& all) {
    for (const auto voxel : all) {
      const auto value = static_cast<double>(voxel);
      if (std::ranges::find(values, value) != values.end()) continue;
      if (values.size() == most) return false;
      values.push_back(value);
    }
    return values.size() > 1;
  };
  if (!std::visit(look, voxels)) return {};
  std::ranges::sort(values);
  return values;
}

}  // namespace gadolin
