#include "core/analysis/thresholds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/analysis/multi_otsu.h"
#include "core/analysis/statistics.h"

namespace gadolin::analysis {
namespace {

constexpr int sector_count = 36;  // of 10 degrees
constexpr int window = 6;         // sectors: 60 degrees
constexpr int enough_pixels = 10;

struct Pixel {
  int sector = 0;
  bool interior = false;
  double value = 0;
};

/// All myocardium pixels of a slice with the direction in which they lie from their centroid, in
/// millimetres, so that pixels that are not square do not bend the angles.
std::vector<Pixel> pixelsOf(const Stack& stack, const Mask& mask, int z) {
  const Geometry& grid = mask.geometry;
  const auto in = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < grid.size[0] && y < grid.size[1] &&
           isMyocardium(mask.at(x, y, z));
  };
  double sum_x = 0, sum_y = 0, count = 0;
  for (int y = 0; y < grid.size[1]; ++y) {
    for (int x = 0; x < grid.size[0]; ++x) {
      if (!in(x, y)) continue;
      sum_x += x;
      sum_y += y;
      count += 1;
    }
  }
  std::vector<Pixel> pixels;
  if (count == 0) return pixels;
  const double centre_x = sum_x / count;
  const double centre_y = sum_y / count;
  for (int y = 0; y < grid.size[1]; ++y) {
    for (int x = 0; x < grid.size[0]; ++x) {
      if (!in(x, y)) continue;
      const double angle =
          std::atan2((y - centre_y) * grid.spacing_mm[1], (x - centre_x) * grid.spacing_mm[0]);
      const double turn = angle / (2 * std::numbers::pi) + 0.5;
      Pixel pixel;
      pixel.sector = std::min(sector_count - 1, static_cast<int>(turn * sector_count));
      pixel.interior = in(x - 1, y) && in(x + 1, y) && in(x, y - 1) && in(x, y + 1);
      pixel.value = static_cast<double>(stack.image.at(x, y, z));
      pixels.push_back(pixel);
    }
  }
  return pixels;
}

/// Values of one window of sectors, interior pixels if there are enough of them.
std::vector<double> valuesOf(const std::vector<Pixel>& pixels, int first) {
  std::vector<double> interior;
  std::vector<double> all;
  for (const Pixel& pixel : pixels) {
    if ((pixel.sector - first + sector_count) % sector_count >= window) continue;
    all.push_back(pixel.value);
    if (pixel.interior) interior.push_back(pixel.value);
  }
  return interior.size() >= enough_pixels ? interior : all;
}

/// The brightest place of the myocardium: the highest mean of a pixel and its eight neighbours
/// within it (five pixels at least), so that one noisy pixel does not set the threshold.
std::optional<double> peakOf(const Stack& stack, const Mask& mask, int z) {
  const Geometry& grid = mask.geometry;
  std::optional<double> peak;
  for (int y = 1; y + 1 < grid.size[1]; ++y) {
    for (int x = 1; x + 1 < grid.size[0]; ++x) {
      if (!isMyocardium(mask.at(x, y, z))) continue;
      double sum = 0;
      int count = 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          if (!isMyocardium(mask.at(x + dx, y + dy, z))) continue;
          sum += static_cast<double>(stack.image.at(x + dx, y + dy, z));
          ++count;
        }
      }
      if (count >= 5) peak = std::max(peak.value_or(sum / count), sum / count);
    }
  }
  return peak;
}

}  // namespace

std::string ThresholdRule::description() const {
  switch (kind) {
    case ThresholdKind::StandardDeviations:
      return std::to_string(deviations) + " SD above remote myocardium, per slice";
    case ThresholdKind::Otsu:
      return "upper of two Otsu thresholds of the myocardium, per stack";
    case ThresholdKind::HalfMaximum:
      return "half way from remote myocardium to the brightest, per stack";
  }
  return {};
}

std::optional<ThresholdRule> thresholdRuleFromText(std::string_view text) {
  if (text == "otsu") return ThresholdRule{ThresholdKind::Otsu, 0};
  if (text == "fwhm") return ThresholdRule{ThresholdKind::HalfMaximum, 0};
  if (text.size() == 3 && text.substr(1) == "sd" && text[0] >= '2' && text[0] <= '6') {
    return ThresholdRule{ThresholdKind::StandardDeviations, text[0] - '0'};
  }
  return std::nullopt;
}

std::optional<RemoteRegion> remoteRegion(const Stack& stack, const Mask& myocardium, int z) {
  const auto pixels = pixelsOf(stack, myocardium, z);
  std::optional<RemoteRegion> darkest;
  for (int first = 0; first < sector_count; ++first) {
    const auto values = valuesOf(pixels, first);
    if (values.size() < enough_pixels) continue;
    const double level = *mean(values);
    if (darkest && darkest->mean <= level) continue;
    darkest = RemoteRegion{level, *standardDeviation(values), static_cast<int>(values.size())};
  }
  return darkest;
}

std::optional<RemoteRegion> remoteRegionAt(const Stack& stack, const Mask& myocardium, int z,
                                           std::array<double, 2> centre, double radius_mm) {
  constexpr std::size_t enough = 5;
  const Geometry& grid = myocardium.geometry;
  std::vector<double> values;
  for (int y = 0; y < grid.size[1]; ++y) {
    for (int x = 0; x < grid.size[0]; ++x) {
      if (std::hypot((x - centre[0]) * grid.spacing_mm[0], (y - centre[1]) * grid.spacing_mm[1]) <=
              radius_mm &&
          isMyocardium(myocardium.at(x, y, z)))
        values.push_back(static_cast<double>(stack.image.at(x, y, z)));
    }
  }
  if (values.size() < enough) return std::nullopt;
  return RemoteRegion{*mean(values), *standardDeviation(values), static_cast<int>(values.size())};
}

Result<ThresholdedScar> thresholdScar(const Stack& stack, const Mask& myocardium,
                                      const ThresholdRule& rule,
                                      std::span<const std::uint8_t> wanted,
                                      std::span<const std::optional<RemoteRegion>> pointed_at) {
  const Geometry& grid = stack.image.geometry;
  const auto slices = static_cast<std::size_t>(grid.size[2]);
  if (grid.size != myocardium.geometry.size || wanted.size() != slices ||
      (!pointed_at.empty() && pointed_at.size() != slices)) {
    return Error{ErrorCode::InvalidInput,
                 "The contours have another size than the stack, so no threshold can be applied."};
  }
  ThresholdedScar result;
  result.mask = Mask(grid);
  std::vector<std::optional<RemoteRegion>> remote(slices);
  std::optional<double> darkest;
  std::optional<double> brightest;
  bool any_myocardium = false;
  std::vector<float> wanted_values;
  for (std::size_t at = 0; at < slices; ++at) {
    const int z = static_cast<int>(at);
    const auto labels = myocardium.slice(z);
    const bool has = std::any_of(labels.begin(), labels.end(), isMyocardium);
    any_myocardium = any_myocardium || has;
    if (!has || wanted[at] == 0) continue;
    const auto values = stack.image.slice(z);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (isMyocardium(labels[i])) wanted_values.push_back(values[i]);
    }
    remote[at] = !pointed_at.empty() && pointed_at[at] ? pointed_at[at]
                                                       : remoteRegion(stack, myocardium, z);
    if (!remote[at]) {
      result.skipped_slices.push_back(z);
      continue;
    }
    darkest = std::min(darkest.value_or(remote[at]->mean), remote[at]->mean);
    if (const auto peak = peakOf(stack, myocardium, z)) {
      brightest = std::max(brightest.value_or(*peak), *peak);
    }
  }
  if (!any_myocardium) {
    return Error{ErrorCode::InvalidInput,
                 "The contours hold no myocardium, so there is nothing to apply a threshold to."};
  }
  std::optional<double> otsu;
  if (rule.kind == ThresholdKind::Otsu) {
    // Too few grey values to split: no threshold, so no scar.
    if (const auto split = multiOtsu(wanted_values, 3)) otsu = split->back();
  }
  for (std::size_t at = 0; at < slices; ++at) {
    const int z = static_cast<int>(at);
    std::optional<double> threshold;
    if (remote[at]) {
      if (rule.kind == ThresholdKind::StandardDeviations) {
        threshold = remote[at]->mean + rule.deviations * remote[at]->sd;
      } else if (rule.kind == ThresholdKind::Otsu) {
        threshold = otsu;
      } else if (brightest && *brightest > *darkest) {
        threshold = (*darkest + *brightest) / 2;
      }
    }
    const auto labels = myocardium.slice(z);
    const auto values = stack.image.slice(z);
    const auto out = result.mask.slice(z);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == 1) out[i] = 1;
      if (!isMyocardium(labels[i])) continue;
      out[i] = threshold && static_cast<double>(values[i]) > *threshold ? 3 : 2;
    }
  }
  return result;
}

}  // namespace gadolin::analysis
