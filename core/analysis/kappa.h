#pragma once
// How far two readers agree on categories, beyond what chance would give.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/analysis/statistics.h"

namespace gadolin::analysis {

/// What two readers said of the same things: how often the first said category i and the second j.
class ConfusionTable {
 public:
  ConfusionTable() = default;
  explicit ConfusionTable(std::size_t categories)
      : categories_(categories), counts_(categories * categories, 0) {}

  [[nodiscard]] std::size_t categories() const { return categories_; }
  [[nodiscard]] std::uint64_t at(std::size_t first, std::size_t second) const {
    return counts_[first * categories_ + second];
  }
  void add(std::size_t first, std::size_t second, std::uint64_t times = 1) {
    counts_[first * categories_ + second] += times;
  }
  /// `other` has as many categories.
  ConfusionTable& operator+=(const ConfusionTable& other);
  [[nodiscard]] std::uint64_t total() const;
  /// Things of which both said the same.
  [[nodiscard]] std::uint64_t same() const;

 private:
  std::size_t categories_ = 0;
  std::vector<std::uint64_t> counts_;
};

/// What a disagreement counts: everything (nominal categories), or less the nearer the categories
/// lie to one another (ordered ones): weight of agreement 1 - d / (k - 1), or 1 - (d / (k - 1))^2.
enum class KappaWeights { None, Linear, Quadratic };

struct Kappa {
  std::uint64_t things = 0;
  double observed = 0;  // agreement 0..1, weighted where asked for
  double expected = 0;  // that of chance with the readers' own frequencies
  double kappa = 0;     // (observed - expected) / (1 - expected), -1..1
  /// Large-sample interval (Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323), cut at -1 and 1.
  /// It takes the things for independent. Absent where the readers agree on everything: the formula
  /// then gives no width, which is not certainty.
  std::optional<Interval> ci95;
};

/// Cohen's kappa (Educ Psychol Meas 1960;20:37), weighted: Psychol Bull 1968;70:213. No value for
/// an empty table and where chance alone would agree on everything (both readers said one and the
/// same category of all).
std::optional<Kappa> cohenKappa(const ConfusionTable& table,
                                KappaWeights weights = KappaWeights::None);

}  // namespace gadolin::analysis
