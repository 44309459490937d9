#include "core/analysis/intraclass.h"

#include <algorithm>
#include <vector>

#include "core/analysis/distributions.h"

namespace gadolin::analysis {

std::optional<Intraclass> intraclass(std::span<const double> values, std::size_t readers) {
  if (readers < 2 || values.size() % readers != 0) return std::nullopt;
  const std::size_t things = values.size() / readers;
  if (things < 2) return std::nullopt;
  const auto n = static_cast<double>(things);
  const auto k = static_cast<double>(readers);
  const double grand = *mean(values);
  std::vector<double> of_thing(things, 0.0);
  std::vector<double> of_reader(readers, 0.0);
  for (std::size_t i = 0; i < things; ++i) {
    for (std::size_t j = 0; j < readers; ++j) {
      of_thing[i] += values[i * readers + j] / k;
      of_reader[j] += values[i * readers + j] / n;
    }
  }
  // Mean squares: between things (b), between readers (j), what is left (e).
  double b = 0.0;
  double j_mean = 0.0;
  double e = 0.0;
  for (const double m : of_thing) b += k * (m - grand) * (m - grand) / (n - 1);
  for (const double m : of_reader) j_mean += n * (m - grand) * (m - grand) / (k - 1);
  for (std::size_t i = 0; i < things; ++i) {
    for (std::size_t j = 0; j < readers; ++j) {
      const double rest = values[i * readers + j] - of_thing[i] - of_reader[j] + grand;
      e += rest * rest / ((n - 1) * (k - 1));
    }
  }
  // What rounding leaves of nothing is nothing.
  const double scale = 1e-20 * std::max(grand * grand, b);
  if (e <= scale) e = 0.0;
  if (j_mean <= scale) j_mean = 0.0;
  if (b <= scale) b = 0.0;
  const double spread = b + (k - 1) * e + k * (j_mean - e) / n;
  if (spread <= 0.0) return std::nullopt;
  Intraclass result;
  result.things = things;
  result.icc = (b - e) / spread;
  if (e == 0.0 && j_mean == 0.0) return result;
  // Satterthwaite's degrees of freedom, with both sides multiplied by e squared: readers who differ
  // by a constant leave e = 0.
  const double p = result.icc;
  const double rest = n * (1 + (k - 1) * p) - k * p;
  const double sum = k * p * j_mean + rest * e;
  const double df = (k - 1) * (n - 1) * sum * sum /
                    ((n - 1) * k * k * p * p * j_mean * j_mean + rest * rest * e * e);
  if (!(df > 0.0)) return result;
  const double upper = fQuantile(0.975, n - 1, df);
  const double lower = fQuantile(0.975, df, n - 1);
  const double readers_part = k * j_mean + (k * n - k - n) * e;
  result.ci95 = Interval{n * (b - upper * e) / (upper * readers_part + n * b),
                         n * (lower * b - e) / (readers_part + n * lower * b)};
  return result;
}

}  // namespace gadolin::analysis
