#include "core/analysis/kappa.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analysis/distributions.h"

namespace gadolin::analysis {
namespace {

double weightOf(std::size_t first, std::size_t second, std::size_t categories,
                KappaWeights weights) {
  if (first == second) return 1.0;
  if (weights == KappaWeights::None || categories < 2) return 0.0;
  const double apart = static_cast<double>(first > second ? first - second : second - first) /
                       static_cast<double>(categories - 1);
  return weights == KappaWeights::Linear ? 1.0 - apart : 1.0 - apart * apart;
}

}  // namespace

ConfusionTable& ConfusionTable::operator+=(const ConfusionTable& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  return *this;
}

std::uint64_t ConfusionTable::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t ConfusionTable::same() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < categories_; ++i) sum += at(i, i);
  return sum;
}

std::optional<Kappa> cohenKappa(const ConfusionTable& table, KappaWeights weights) {
  const std::size_t k = table.categories();
  const std::uint64_t total = table.total();
  if (total == 0) return std::nullopt;
  const auto n = static_cast<double>(total);
  const auto share = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(table.at(i, j)) / n;
  };
  std::vector<double> first(k, 0.0);
  std::vector<double> second(k, 0.0);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      first[i] += share(i, j);
      second[j] += share(i, j);
    }
  }
  Kappa result;
  result.things = total;
  // Mean weight of a row under the second reader's frequencies, and of a column under the first's.
  std::vector<double> row_weight(k, 0.0);
  std::vector<double> column_weight(k, 0.0);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double w = weightOf(i, j, k, weights);
      result.observed += w * share(i, j);
      result.expected += w * first[i] * second[j];
      row_weight[i] += w * second[j];
      column_weight[j] += w * first[i];
    }
  }
  const double room = 1.0 - result.expected;
  if (room < 1e-12) return std::nullopt;
  result.kappa = (result.observed - result.expected) / room;
  if (table.same() == total) return result;
  double squares = 0.0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double term = weightOf(i, j, k, weights) * room -
                          (row_weight[i] + column_weight[j]) * (1.0 - result.observed);
      squares += share(i, j) * term * term;
    }
  }
  const double centre = result.observed * result.expected - 2.0 * result.expected + result.observed;
  const double variance =
      std::max(0.0, squares - centre * centre) / (n * room * room * room * room);
  const double half = normal_975 * std::sqrt(variance);
  result.ci95 = Interval{std::max(-1.0, result.kappa - half), std::min(1.0, result.kappa + half)};
  return result;
}

}  // namespace gadolin::analysis
