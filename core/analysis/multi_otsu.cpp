#include "core/analysis/multi_otsu.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace gadolin::analysis {

Result<std::vector<double>> multiOtsu(std::span<const float> values, int classes, int bins) {
  if (classes < 2 || bins < classes) {
    return Error{ErrorCode::InvalidInput,
                 "Otsu's method needs at least two classes and as many bins."};
  }
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, static_cast<double>(value));
    high = std::max(high, static_cast<double>(value));
  }
  const auto bin_count = static_cast<std::size_t>(bins);
  const auto class_count = static_cast<std::size_t>(classes);
  const double width = (high - low) / bins;
  std::vector<double> histogram(bin_count, 0.0);
  std::size_t occupied = 0;
  if (width > 0) {
    for (const float value : values) {
      if (!std::isfinite(value)) continue;
      const auto bin = static_cast<std::size_t>((static_cast<double>(value) - low) / width);
      double& count = histogram[std::min(bin, bin_count - 1)];
      if (count == 0) ++occupied;
      ++count;
    }
  }
  if (occupied < class_count) {
    return Error{ErrorCode::InvalidInput, "The grey values take only " + std::to_string(occupied) +
                                              " levels; " + std::to_string(classes) +
                                              " classes cannot be told apart."};
  }
  const auto centre = [low, width](std::size_t bin) {
    return low + (static_cast<double>(bin) + 0.5) * width;
  };
  // Cumulative count and first moment, so that the term of bins [from, to) is O(1).
  std::vector<double> count(bin_count + 1, 0.0);
  std::vector<double> moment(bin_count + 1, 0.0);
  for (std::size_t i = 0; i < bin_count; ++i) {
    count[i + 1] = count[i] + histogram[i];
    moment[i + 1] = moment[i] + histogram[i] * (centre(i) - low);
  }
  // Maximising the between-class variance is maximising the sum of moment^2 / count over classes.
  const auto term = [&](std::size_t from, std::size_t to) {
    const double n = count[to] - count[from];
    const double m = moment[to] - moment[from];
    return n > 0 ? m * m / n : 0.0;
  };
  constexpr double impossible = -1.0;
  std::vector<std::vector<double>> best(class_count,
                                        std::vector<double>(bin_count + 1, impossible));
  std::vector<std::vector<std::size_t>> cut(class_count,
                                            std::vector<std::size_t>(bin_count + 1, 0));
  for (std::size_t to = 1; to <= bin_count; ++to) best[0][to] = term(0, to);
  for (std::size_t k = 1; k < class_count; ++k) {
    for (std::size_t to = k + 1; to <= bin_count; ++to) {
      for (std::size_t from = k; from < to; ++from) {
        const double score = best[k - 1][from] + term(from, to);
        if (score > best[k][to]) {
          best[k][to] = score;
          cut[k][to] = from;
        }
      }
    }
  }
  std::vector<double> thresholds(class_count - 1);
  std::size_t to = bin_count;
  for (std::size_t k = class_count - 1; k > 0; --k) {
    to = cut[k][to];
    thresholds[k - 1] = centre(to - 1);
  }
  return thresholds;
}

}  // namespace gadolin::analysis
