#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/analysis/statistics.h"
#include "core/base/random.h"

namespace gadolin::analysis {
namespace {

TEST(Statistics, MeanSdMedianPercentile) {
  const std::vector<double> values{4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(*mean(values), 2.5);
  EXPECT_DOUBLE_EQ(*standardDeviation(values), std::sqrt(5.0 / 3.0));
  EXPECT_DOUBLE_EQ(*median(values), 2.5);
  EXPECT_DOUBLE_EQ(*percentile(values, 95), 3.85);
  EXPECT_FALSE(mean({}).has_value());
  EXPECT_FALSE(standardDeviation(std::vector<double>{1}).has_value());
}

TEST(Statistics, PearsonKnowsLinesAndRefusesConstants) {
  const std::vector<double> x{1, 2, 3, 4};
  EXPECT_NEAR(*pearson(x, std::vector<double>{3, 5, 7, 9}), 1.0, 1e-12);
  EXPECT_NEAR(*pearson(x, std::vector<double>{9, 7, 5, 3}), -1.0, 1e-12);
  EXPECT_NEAR(*pearson(x, std::vector<double>{1, 3, 2, 4}), 0.8, 1e-12);
  EXPECT_FALSE(pearson(x, std::vector<double>{2, 2, 2, 2}).has_value());
  EXPECT_FALSE(pearson(std::vector<double>{1, 2}, std::vector<double>{1, 2}).has_value());
}

TEST(Statistics, BlandAltmanBiasIsMeasuredMinusReference) {
  const std::vector<double> reference{10, 20, 30};
  const std::vector<double> measured{12, 21, 33};
  const auto result = agreement(reference, measured);
  ASSERT_TRUE(result.has_value());
  EXPECT_DOUBLE_EQ(result->bias, 2.0);  // differences 2, 1, 3: sd 1
  EXPECT_NEAR(*result->lower_limit, 0.04, 1e-12);
  EXPECT_NEAR(*result->upper_limit, 3.96, 1e-12);
  EXPECT_FALSE(agreement({}, {}).has_value());
}

TEST(Bootstrap, SameSeedSameIntervalOtherSeedNearlySo) {
  const std::vector<double> values{0.113, 0.521, 0.737, 0.402, 0.619, 0.948, 0.351};
  const auto a = bootstrapMean95(values, 5);
  const auto b = bootstrapMean95(values, 5);
  const auto c = bootstrapMean95(values, 6);
  ASSERT_TRUE(a && b && c);
  EXPECT_EQ(a->low, b->low);
  EXPECT_EQ(a->high, b->high);
  EXPECT_NE(a->low, c->low);
  EXPECT_NEAR(a->low, c->low, 0.03);
}

TEST(Bootstrap, IntervalOfManyValuesIsThatOfTheNormalMean) {
  Random random(2);
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(random.normal(3.0, 2.0));
  const double half = 1.96 * *standardDeviation(values) / 20.0;
  const auto interval = bootstrapMean95(values);
  EXPECT_NEAR(interval->low, *mean(values) - half, 0.02);
  EXPECT_NEAR(interval->high, *mean(values) + half, 0.02);
}

TEST(Bootstrap, ConstantValuesHaveNoWidthAndOneValueNoInterval) {
  const auto interval = bootstrapMean95(std::vector<double>{0.5, 0.5, 0.5});
  EXPECT_DOUBLE_EQ(interval->low, 0.5);
  EXPECT_DOUBLE_EQ(interval->high, 0.5);
  EXPECT_FALSE(bootstrapMean95(std::vector<double>{0.5}).has_value());
}

TEST(Bootstrap, SlicesOfOnePatientAreNotIndependent) {
  // Ten patients whose slices are all alike: drawing slices would pretend to 100 observations.
  std::vector<double> values;
  std::vector<std::size_t> group;
  for (std::size_t patient = 0; patient < 10; ++patient) {
    for (int slice = 0; slice < 10; ++slice) {
      values.push_back(static_cast<double>(patient) / 10.0);
      group.push_back(patient);
    }
  }
  const auto naive = bootstrapMean95(values);
  const auto clustered = bootstrapClusteredMean95(values, group, 10);
  EXPECT_GT(clustered->high - clustered->low, 2.5 * (naive->high - naive->low));
  EXPECT_FALSE(bootstrapClusteredMean95(values, std::vector<std::size_t>(100, 3), 10).has_value());
}

}  // namespace
}  // namespace gadolin::analysis
