#include "core/analysis/roc.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace gadolin::analysis {
namespace {

template <typename Real>
std::optional<double> area(std::span<const Real> scores, std::span<const std::uint8_t> positive) {
  if (scores.size() != positive.size()) return std::nullopt;
  for (const Real score : scores) {
    if (std::isnan(score)) return std::nullopt;
  }
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });

  // Walk through groups of equal scores: each positive beats all negatives below its group and half
  // of those within it.
  double wins = 0.0;
  double negatives_below = 0.0;
  double positives = 0.0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double group_positive = 0.0;
    double group_negative = 0.0;
    while (end < order.size() && scores[order[end]] == scores[order[begin]]) {
      (positive[order[end]] != 0 ? group_positive : group_negative) += 1.0;
      ++end;
    }
    wins += group_positive * (negatives_below + 0.5 * group_negative);
    negatives_below += group_negative;
    positives += group_positive;
    begin = end;
  }
  if (positives == 0.0 || negatives_below == 0.0) return std::nullopt;
  return wins / (positives * negatives_below);
}

}  // namespace

std::optional<double> auroc(std::span<const float> scores, std::span<const std::uint8_t> positive) {
  return area(scores, positive);
}

std::optional<double> auroc(std::span<const double> scores,
                            std::span<const std::uint8_t> positive) {
  return area(scores, positive);
}

}  // namespace gadolin::analysis
