#include "core/analysis/overlap.h"

#include <algorithm>

namespace gadolin::analysis {

OverlapCounts countOverlap(std::span<const std::uint8_t> reference,
                           std::span<const std::uint8_t> prediction) {
  return countOverlap(reference, prediction, [](std::uint8_t value) { return value != 0; });
}

OverlapCounts countOverlap(std::span<const std::uint8_t> reference,
                           std::span<const float> probability, float threshold) {
  OverlapCounts counts;
  const std::size_t size = std::min(reference.size(), probability.size());
  for (std::size_t i = 0; i < size; ++i) {
    const bool r = reference[i] != 0;
    const bool p = probability[i] > threshold;
    counts.reference += r;
    counts.prediction += p;
    counts.both += r && p;
  }
  return counts;
}

std::optional<double> dice(const OverlapCounts& counts) {
  const std::uint64_t sum = counts.reference + counts.prediction;
  if (sum == 0) return std::nullopt;
  return 2.0 * static_cast<double>(counts.both) / static_cast<double>(sum);
}

double diceEmptyIsOne(const OverlapCounts& counts) {
  return dice(counts).value_or(1.0);
}

double diceSmoothed(const OverlapCounts& counts, double smoothing) {
  const double sum = static_cast<double>(counts.reference + counts.prediction);
  if (sum + smoothing <= 0.0) return 1.0;
  return (2.0 * static_cast<double>(counts.both) + smoothing) / (sum + smoothing);
}

}  // namespace gadolin::analysis
