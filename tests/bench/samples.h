#pragma once
// Percentiles of timings.

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gadolin::bench {

/// Nearest rank; `share` 0..1. 0 for no values.
inline double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

/// Timings of several rounds: each figure is the median of the rounds' figures.
class Rounds {
 public:
  void begin() { rounds_.emplace_back(); }
  void add(double time_ms) { rounds_.back().push_back(time_ms); }
  [[nodiscard]] double of(double share) const {
    std::vector<double> figures;
    for (const auto& round : rounds_) figures.push_back(percentile(round, share));
    return percentile(figures, 0.5);
  }

 private:
  std::vector<std::vector<double>> rounds_;
};

}  // namespace gadolin::bench
