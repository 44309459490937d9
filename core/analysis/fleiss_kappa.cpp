#include "core/analysis/fleiss_kappa.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/analysis/distributions.h"

namespace gadolin::analysis {

std::optional<FleissKappa> fleissKappa(std::span<const std::uint32_t> counts,
                                       std::size_t categories) {
  if (categories == 0 || counts.size() % categories != 0) return std::nullopt;
  struct Thing {
    std::span<const std::uint32_t> said;
    double readers = 0;
    double agreement = 0;  // share of pairs that agree; 0 where there is no pair
  };
  std::vector<Thing> things;
  FleissKappa result;
  for (std::size_t at = 0; at < counts.size(); at += categories) {
    Thing thing{counts.subspan(at, categories)};
    thing.readers = std::accumulate(thing.said.begin(), thing.said.end(), 0.0);
    if (thing.readers < 1) continue;
    if (thing.readers >= 2) {
      double pairs = 0.0;
      for (const double said : thing.said) pairs += said * (said - 1.0);
      thing.agreement = pairs / (thing.readers * (thing.readers - 1.0));
      result.observed += thing.agreement;
      ++result.things;
    }
    things.push_back(thing);
  }
  if (result.things == 0) return std::nullopt;
  const auto n = static_cast<double>(things.size());
  const auto paired = static_cast<double>(result.things);
  result.observed /= paired;
  std::vector<double> frequency(categories, 0.0);
  for (const Thing& thing : things)
    for (std::size_t c = 0; c < categories; ++c) frequency[c] += thing.said[c] / thing.readers / n;
  for (const double f : frequency) result.expected += f * f;
  const double room = 1.0 - result.expected;
  if (room < 1e-12) return std::nullopt;
  result.kappa = (result.observed - result.expected) / room;
  if (things.size() < 2 || 1.0 - result.observed < 1e-12) return result;
  double squares = 0.0;
  for (const Thing& thing : things) {
    const bool pair = thing.readers >= 2;
    const double own = n / paired * (thing.agreement - (pair ? result.expected : 0.0)) / room;
    double chance = 0.0;
    for (std::size_t c = 0; c < categories; ++c)
      chance += thing.said[c] * frequency[c] / thing.readers;
    const double term =
        own - 2.0 * (1.0 - result.kappa) * (chance - result.expected) / room - result.kappa;
    squares += term * term;
  }
  const double half = tQuantile(0.975, n - 1.0) * std::sqrt(squares / (n * (n - 1.0)));
  result.ci95 = Interval{std::max(-1.0, result.kappa - half), std::min(1.0, result.kappa + half)};
  return result;
}

}  // namespace gadolin::analysis
