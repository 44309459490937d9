#include "core/analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "core/analysis/distributions.h"
#include "core/base/random.h"

namespace gadolin::analysis {
namespace {

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

Interval middle95(std::vector<double>& means) {
  std::sort(means.begin(), means.end());
  return {percentileOfSorted(means, 2.5), percentileOfSorted(means, 97.5)};
}

}  // namespace

double percentileOfSorted(std::span<const double> sorted, double percent) {
  const double position =
      std::clamp(percent, 0.0, 100.0) / 100.0 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = position - static_cast<double>(below);
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

std::optional<double> mean(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  return sum(values) / static_cast<double>(values.size());
}

std::optional<double> standardDeviation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const double centre = *mean(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::optional<double> median(std::span<const double> values) {
  return percentile(values, 50.0);
}

std::optional<double> percentile(std::span<const double> values, double percent) {
  if (values.empty()) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return percentileOfSorted(sorted, percent);
}

std::optional<double> pearson(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size() || x.size() < 3) return std::nullopt;
  const double mean_x = *mean(x);
  const double mean_y = *mean(y);
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - mean_x;
    const double dy = y[i] - mean_y;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (xx <= 0.0 || yy <= 0.0) return std::nullopt;
  return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

std::optional<Agreement> agreement(std::span<const double> reference,
                                   std::span<const double> measured) {
  if (reference.size() != measured.size() || reference.empty()) return std::nullopt;
  std::vector<double> difference(reference.size());
  for (std::size_t i = 0; i < reference.size(); ++i) difference[i] = measured[i] - reference[i];
  const double bias = *mean(difference);
  if (const auto sd = standardDeviation(difference))
    return agreementOf(difference.size(), bias, *sd);
  Agreement result;
  result.pairs = difference.size();
  result.bias = bias;
  return result;
}

Agreement agreementOf(std::size_t pairs, double bias, double sd) {
  const auto n = static_cast<double>(pairs);
  const double t = tQuantile(0.975, n - 1.0);
  const auto around = [](double centre, double half) {
    return Interval{centre - half, centre + half};
  };
  Agreement result;
  result.pairs = pairs;
  result.bias = bias;
  result.sd = sd;
  result.lower_limit = bias - 1.96 * sd;
  result.upper_limit = bias + 1.96 * sd;
  if (sd <= 0.0) return result;
  const double of_limit = t * sd * std::sqrt(1.0 / n + 1.96 * 1.96 / (2.0 * (n - 1.0)));
  result.bias_ci95 = around(bias, t * sd / std::sqrt(n));
  result.lower_limit_ci95 = around(*result.lower_limit, of_limit);
  result.upper_limit_ci95 = around(*result.upper_limit, of_limit);
  return result;
}

std::optional<Interval> bootstrapMean95(std::span<const double> values, std::uint64_t seed,
                                        int repeats) {
  if (values.size() < 2 || repeats < 1) return std::nullopt;
  Random random(seed);
  std::vector<double> means(static_cast<std::size_t>(repeats));
  for (double& one : means) {
    double total = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) total += values[random.below(values.size())];
    one = total / static_cast<double>(values.size());
  }
  return middle95(means);
}

std::optional<Interval> bootstrapClusteredMean95(std::span<const double> values,
                                                 std::span<const std::size_t> group,
                                                 std::size_t group_count, std::uint64_t seed,
                                                 int repeats) {
  if (values.size() != group.size() || repeats < 1) return std::nullopt;
  std::vector<double> totals(group_count, 0.0);
  std::vector<double> counts(group_count, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    totals[group[i]] += values[i];
    counts[group[i]] += 1.0;
  }
  std::vector<std::size_t> filled;
  for (std::size_t g = 0; g < group_count; ++g) {
    if (counts[g] > 0.0) filled.push_back(g);
  }
  if (filled.size() < 2) return std::nullopt;
  Random random(seed);
  std::vector<double> means(static_cast<std::size_t>(repeats));
  for (double& one : means) {
    double total = 0.0;
    double count = 0.0;
    for (std::size_t i = 0; i < filled.size(); ++i) {
      const std::size_t g = filled[random.below(filled.size())];
      total += totals[g];
      count += counts[g];
    }
    one = total / count;
  }
  return middle95(means);
}

std::optional<Interval> bootstrapGroups95(
    std::size_t group_count,
    const std::function<std::optional<double>(std::span<const std::size_t> drawn)>& figure,
    std::uint64_t seed, int repeats) {
  if (group_count < 2 || repeats < 1) return std::nullopt;
  Random random(seed);
  std::vector<std::size_t> drawn(group_count);
  std::vector<double> figures;
  for (int r = 0; r < repeats; ++r) {
    for (std::size_t& one : drawn) one = random.below(group_count);
    if (const auto value = figure(drawn)) figures.push_back(*value);
  }
  if (figures.size() * 10 < static_cast<std::size_t>(repeats) * 9) return std::nullopt;
  return middle95(figures);
}

}  // namespace gadolin::analysis
