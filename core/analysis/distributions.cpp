#include "core/analysis/distributions.h"

#include <cmath>
#include <limits>

namespace gadolin::analysis {
namespace {

/// Lentz's evaluation of the continued fraction; converges quickly for x < (a + 1) / (a + b + 2).
double betaFraction(double x, double a, double b) {
  constexpr double tiny = std::numeric_limits<double>::min() * 1e3;
  const auto away_from_zero = [](double value) { return std::abs(value) < tiny ? tiny : value; };
  double c = 1.0;
  double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
  double result = d;
  for (int m = 1; m <= 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1.0 / away_from_zero(1.0 + even * d);
    c = away_from_zero(1.0 + even / c);
    result *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1.0 / away_from_zero(1.0 + odd * d);
    c = away_from_zero(1.0 + odd / c);
    const double step = d * c;
    result *= step;
    if (std::abs(step - 1.0) < 1e-15) break;
  }
  return result;
}

}  // namespace

double incompleteBeta(double x, double a, double b) {
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1.0) / (a + b + 2.0)) return front * betaFraction(x, a, b) / a;
  return 1.0 - front * betaFraction(1.0 - x, b, a) / b;
}

double fQuantile(double probability, double numerator_df, double denominator_df) {
  // P(F < f) = I_x(d1/2, d2/2) with x = d1 f / (d1 f + d2). Halving is slow and cannot fail; there
  // are a handful of quantiles a table.
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (incompleteBeta(middle, 0.5 * numerator_df, 0.5 * denominator_df) < probability)
      low = middle;
    else
      high = middle;
  }
  const double x = 0.5 * (low + high);
  return denominator_df * x / (numerator_df * (1.0 - x));
}

double tQuantile(double probability, double df) {
  // t squared is F-distributed with 1 and df degrees of freedom.
  return std::sqrt(fQuantile(2.0 * probability - 1.0, 1.0, df));
}

}  // namespace gadolin::analysis
