#include "core/analysis/concordance.h"

#include <cmath>

#include "core/analysis/distributions.h"

namespace gadolin::analysis {

std::optional<Concordance> concordance(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size() || x.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(x.size());
  const double mean_x = *mean(x);
  const double mean_y = *mean(y);
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x) / n;
    yy += (y[i] - mean_y) * (y[i] - mean_y) / n;
    xy += (x[i] - mean_x) * (y[i] - mean_y) / n;
  }
  const double shift = mean_x - mean_y;
  const double spread = xx + yy + shift * shift;
  if (spread <= 0.0) return std::nullopt;
  Concordance result;
  result.pairs = x.size();
  const double c = result.ccc = 2.0 * xy / spread;
  if (x.size() < 3 || xx <= 0.0 || yy <= 0.0 || xy == 0.0 || 1.0 - c * c < 1e-12) return result;
  const double r2 = xy * xy / (xx * yy);
  const double r = xy / std::sqrt(xx * yy);
  const double u2 = shift * shift / std::sqrt(xx * yy);
  const double room = 1.0 - c * c;
  const double variance =
      ((1.0 - r2) * c * c / (room * r2) + 2.0 * c * c * c * (1.0 - c) * u2 / (r * room * room) -
       c * c * c * c * u2 * u2 / (2.0 * r2 * room * room)) /
      (n - 2.0);
  if (!(variance > 0.0)) return result;
  const double z = std::atanh(c);
  const double half = normal_975 * std::sqrt(variance);
  result.ci95 = Interval{std::tanh(z - half), std::tanh(z + half)};
  return result;
}

}  // namespace gadolin::analysis
