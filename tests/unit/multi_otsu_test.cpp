#include "core/analysis/multi_otsu.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace gadolin::analysis {
namespace {

/// Between-class variance of the classes that the two cuts make, by its definition.
double betweenClassVariance(const std::vector<double>& histogram, std::vector<std::size_t> cuts) {
  cuts.push_back(histogram.size());
  double total = 0, mean = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    total += histogram[i];
    mean += histogram[i] * static_cast<double>(i);
  }
  mean /= total;
  double variance = 0;
  std::size_t from = 0;
  for (const std::size_t to : cuts) {
    double n = 0, m = 0;
    for (std::size_t i = from; i < to; ++i) {
      n += histogram[i];
      m += histogram[i] * static_cast<double>(i);
    }
    if (n > 0) variance += n / total * (m / n - mean) * (m / n - mean);
    from = to;
  }
  return variance;
}

TEST(MultiOtsuTest, FindsWhatExhaustiveSearchFinds) {
  Random random(5);
  for (int trial = 0; trial < 20; ++trial) {
    constexpr int bins = 32;
    std::vector<float> values;
    for (int i = 0; i < 400; ++i) {
      const double centre = i % 3 == 0 ? 10.0 : (i % 3 == 1 ? 40.0 + trial : 90.0);
      values.push_back(static_cast<float>(random.normal(centre, 6.0)));
    }
    double low = 1e9, high = -1e9;
    for (const float v : values) {
      low = std::min(low, static_cast<double>(v));
      high = std::max(high, static_cast<double>(v));
    }
    const double width = (high - low) / bins;
    std::vector<double> histogram(bins, 0.0);
    for (const float v : values) {
      histogram[std::min<std::size_t>(
          bins - 1, static_cast<std::size_t>((static_cast<double>(v) - low) / width))] += 1;
    }
    double best = -1;
    for (std::size_t a = 1; a < bins; ++a) {
      for (std::size_t b = a + 1; b < bins; ++b)
        best = std::max(best, betweenClassVariance(histogram, {a, b}));
    }
    const auto thresholds = multiOtsu(values, 3, bins);
    ASSERT_TRUE(thresholds.ok());
    const auto bin = [&](double t) {
      return static_cast<std::size_t>(std::lround((t - low) / width + 0.5));
    };
    EXPECT_NEAR(betweenClassVariance(histogram, {bin((*thresholds)[0]), bin((*thresholds)[1])}),
                best, 1e-9);
  }
}

TEST(MultiOtsuTest, SeparatesThreeGreyLevels) {
  std::vector<float> values(100, 0.0F);
  values.insert(values.end(), 100, 50.0F);
  values.insert(values.end(), 100, 100.0F);
  const auto thresholds = multiOtsu(values, 3);
  ASSERT_TRUE(thresholds.ok());
  EXPECT_GE((*thresholds)[0], 0.0);
  EXPECT_LT((*thresholds)[0], 50.0);
  EXPECT_GE((*thresholds)[1], 50.0);
  EXPECT_LT((*thresholds)[1], 100.0);
}

TEST(MultiOtsuTest, TooFewGreyLevelsIsAnError) {
  const std::vector<float> two{1, 1, 2, 2};
  EXPECT_FALSE(multiOtsu(two, 3).ok());
  EXPECT_TRUE(multiOtsu(two, 2).ok());
  EXPECT_FALSE(multiOtsu(std::vector<float>{}, 2).ok());
  EXPECT_FALSE(multiOtsu(std::vector<float>{3, 3, 3}, 2).ok());
  EXPECT_FALSE(multiOtsu(std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 1}, 2).ok());
}

}  // namespace
}  // namespace gadolin::analysis
