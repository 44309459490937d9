// Every figure of agreement against an example that somebody published, named at the test. What the
// publication rounds away was computed once more with numpy 1.24 and scipy 1.10, from the formulas
// that the headers name, and stands as a constant with more digits.
#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <vector>

#include "core/analysis/concordance.h"
#include "core/analysis/distributions.h"
#include "core/analysis/fleiss_kappa.h"
#include "core/analysis/intraclass.h"
#include "core/analysis/kappa.h"
#include "core/analysis/statistics.h"

namespace gadolin::analysis {
namespace {

ConfusionTable table(std::size_t categories, std::initializer_list<std::uint64_t> counts) {
  ConfusionTable result(categories);
  std::size_t at = 0;
  for (const std::uint64_t count : counts) {
    result.add(at / categories, at % categories, count);
    ++at;
  }
  return result;
}

/// Two dermatologists, four degrees (SAS/STAT User's Guide, The FREQ Procedure, Agreement Study).
const ConfusionTable skin = table(4, {10, 4, 1, 0, 5, 10, 12, 2, 2, 4, 12, 5, 0, 2, 6, 13});

// Bland and Altman, Lancet 1986, table 1: first measurements of peak flow, l/min.
const std::vector<double> wright{494, 395, 516, 434, 476, 557, 413, 442, 650,
                                 433, 417, 656, 267, 478, 178, 423, 427};
const std::vector<double> mini{512, 430, 520, 428, 500, 600, 364, 380, 658,
                               445, 432, 626, 260, 477, 259, 350, 451};

TEST(Quantiles, AreThoseOfTheTables) {
  // python3 -c "from scipy import stats; print(stats.f.ppf(.975, 5, 3.3), ...)"
  EXPECT_NEAR(fQuantile(0.975, 5, 3.3), 12.553549787381694, 1e-8);
  EXPECT_NEAR(fQuantile(0.975, 1, 1), 647.7890114778446, 1e-6);
  EXPECT_NEAR(fQuantile(0.975, 2.5, 40), 3.710027297906721, 1e-9);
  EXPECT_NEAR(fQuantile(0.025, 16, 16), 0.3621405115933232, 1e-9);
  EXPECT_NEAR(tQuantile(0.975, 1), 12.706204736432095, 1e-8);
  EXPECT_NEAR(tQuantile(0.975, 2), 4.302652729911275, 1e-9);
  EXPECT_NEAR(tQuantile(0.975, 16), 2.1199052992210112, 1e-9);
  EXPECT_NEAR(tQuantile(0.975, 84), 1.9886096667986732, 1e-9);
  EXPECT_NEAR(tQuantile(0.975, 1e7), normal_975, 1e-6);
}

TEST(CohenKappa, IsThatOfSas) {
  // SAS: 0.3449, standard error 0.0724, 95 % 0.2030 to 0.4868.
  const auto k = cohenKappa(skin);
  ASSERT_TRUE(k && k->ci95);
  EXPECT_EQ(k->things, 88u);
  EXPECT_NEAR(k->observed, 45.0 / 88.0, 1e-12);
  EXPECT_NEAR(k->kappa, 0.3448753462603878, 1e-12);
  EXPECT_NEAR(k->ci95->low, 0.20298044637799575, 1e-9);
  EXPECT_NEAR(k->ci95->high, 0.48677024614277986, 1e-9);
}

TEST(CohenKappa, WeightedIsThatOfSas) {
  // SAS (Cicchetti-Allison weights are the linear ones): 0.5082, error 0.0655, 0.3798 to 0.6366.
  const auto linear = cohenKappa(skin, KappaWeights::Linear);
  ASSERT_TRUE(linear && linear->ci95);
  EXPECT_NEAR(linear->kappa, 0.5081600715403533, 1e-12);
  EXPECT_NEAR(linear->ci95->low, 0.3797660039965501, 1e-9);
  EXPECT_NEAR(linear->ci95->high, 0.6365541390841565, 1e-9);
  const auto quadratic = cohenKappa(skin, KappaWeights::Quadratic);
  EXPECT_NEAR(quadratic->kappa, 0.6607228915662648, 1e-12);
  EXPECT_NEAR(quadratic->ci95->low, 0.5399051600955542, 1e-9);
}

TEST(CohenKappa, IsThatOfFleissCohenAndEverittAndOfGwet) {
  // Psychol Bull 1969;72:323: n = 200, observed .70, chance .475, kappa .429, standard error .054.
  const auto first = cohenKappa(table(3, {106, 10, 4, 22, 28, 10, 2, 12, 6}));
  ASSERT_TRUE(first && first->ci95);
  EXPECT_NEAR(first->observed, 0.70, 1e-12);
  EXPECT_NEAR(first->expected, 0.475, 1e-12);
  EXPECT_NEAR(first->kappa, 0.429, 5e-4);
  EXPECT_NEAR((first->ci95->high - first->ci95->low) / 2 / normal_975, 0.054, 5e-4);
  // Gwet's irrCAC, cont3x3abstractors: 0.7964094, standard error 0.05891072.
  const auto second = cohenKappa(table(3, {13, 0, 0, 0, 20, 7, 0, 4, 56}));
  EXPECT_NEAR(second->kappa, 0.7964094, 5e-8);
  EXPECT_NEAR((second->ci95->high - second->ci95->low) / 2 / normal_975, 0.05891072, 5e-9);
}

TEST(CohenKappa, SaysNothingWhereChanceAgreesOnEverythingAndNoWidthWhereAllAgree) {
  EXPECT_FALSE(cohenKappa(ConfusionTable(3)).has_value());
  EXPECT_FALSE(cohenKappa(table(2, {7, 0, 0, 0})).has_value());
  const auto all = cohenKappa(table(2, {7, 0, 0, 5}));
  ASSERT_TRUE(all.has_value());
  EXPECT_DOUBLE_EQ(all->kappa, 1.0);
  EXPECT_FALSE(all->ci95.has_value());
  EXPECT_NEAR(cohenKappa(table(2, {0, 5, 5, 0}))->kappa, -1.0, 1e-12);
}

/// Ten things, 14 readers, five categories: the worked example of "Fleiss' kappa" in Wikipedia.
constexpr std::array<std::uint32_t, 50> ten_things{
    0, 0, 0, 0, 14, 0, 2, 6, 4, 2, 0, 0, 3, 5, 6, 0, 3, 9, 2, 0, 2, 2, 8, 1, 1,
    7, 7, 0, 0, 0,  3, 2, 6, 3, 0, 2, 5, 3, 2, 2, 6, 5, 2, 1, 0, 0, 2, 2, 3, 7};

TEST(FleissKappa, IsThatOfTheWorkedExample) {
  const auto k = fleissKappa(ten_things, 5);
  ASSERT_TRUE(k && k->ci95);
  EXPECT_EQ(k->things, 10u);
  EXPECT_NEAR(k->observed, 0.378, 5e-4);
  EXPECT_NEAR(k->expected, 0.213, 5e-4);
  EXPECT_NEAR(k->kappa, 0.210, 5e-4);
  EXPECT_NEAR(k->ci95->low, 0.0009727326720761487, 1e-9);
  EXPECT_NEAR(k->ci95->high, 0.4188886761718343, 1e-9);
}

TEST(FleissKappa, OfReadersWhoHaveNotAllSeenAllIsThatOfGwet) {
  // irrCAC, cac.raw4raters (the data are Krippendorff's): 0.76117, standard error 0.15302, 95 %
  // 0.424 to 1.
  constexpr std::array<std::uint32_t, 60> four_readers{
      3, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1, 1, 1, 1, 0,
      0, 0, 0, 4, 0, 3, 1, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0};
  const auto k = fleissKappa(four_readers, 5);
  ASSERT_TRUE(k && k->ci95);
  EXPECT_EQ(k->things, 11u);  // the twelfth has one reader
  EXPECT_NEAR(k->observed, 0.8181818, 5e-8);
  EXPECT_NEAR(k->kappa, 0.76117, 5e-6);
  EXPECT_NEAR(k->ci95->low, 0.76117 - tQuantile(0.975, 11) * 0.15302, 2e-5);
  EXPECT_DOUBLE_EQ(k->ci95->high, 1.0);
}

TEST(FleissKappa, SaysNothingWithoutAPair) {
  EXPECT_FALSE(fleissKappa({}, 3).has_value());
  constexpr std::array<std::uint32_t, 4> one_each{1, 0, 0, 1};
  EXPECT_FALSE(fleissKappa(one_each, 2).has_value());
  constexpr std::array<std::uint32_t, 4> one_category{3, 0, 3, 0};
  EXPECT_FALSE(fleissKappa(one_category, 2).has_value());
}

TEST(Intraclass, IsThatOfShroutAndFleiss) {
  // Psychol Bull 1979;86:420, tables 2 to 4: six targets, four judges, ICC(2,1) = .29. The interval
  // is 0.019 to 0.761 in psych::ICC of R.
  const std::vector<double> ratings{9, 2, 5, 8, 6,  1, 3, 2, 8, 4, 6, 8,
                                    7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7};
  const auto icc = intraclass(ratings, 4);
  ASSERT_TRUE(icc && icc->ci95);
  EXPECT_EQ(icc->things, 6u);
  EXPECT_NEAR(icc->icc, 0.2897637795275591, 1e-12);
  EXPECT_NEAR(icc->ci95->low, 0.018786513374712016, 1e-9);
  EXPECT_NEAR(icc->ci95->high, 0.761084369648953, 1e-9);
}

TEST(Intraclass, OfTwoMetersOfPeakFlow) {
  std::vector<double> pairs;
  for (std::size_t i = 0; i < wright.size(); ++i) pairs.insert(pairs.end(), {wright[i], mini[i]});
  const auto icc = intraclass(pairs, 2);
  ASSERT_TRUE(icc && icc->ci95);
  EXPECT_NEAR(icc->icc, 0.94592840557731, 1e-12);
  EXPECT_NEAR(icc->ci95->low, 0.857411171234992, 1e-9);
  EXPECT_NEAR(icc->ci95->high, 0.9800786591462587, 1e-9);
}

TEST(Intraclass, OfEqualValuesHasNoWidthAndOfConstantsNoValue) {
  const auto equal = intraclass(std::vector<double>{1, 1, 2, 2, 5, 5}, 2);
  ASSERT_TRUE(equal.has_value());
  EXPECT_DOUBLE_EQ(equal->icc, 1.0);
  EXPECT_FALSE(equal->ci95.has_value());
  EXPECT_FALSE(intraclass(std::vector<double>{3, 3, 3, 3}, 2).has_value());
  EXPECT_FALSE(intraclass(std::vector<double>{3, 4}, 2).has_value());
  // One reader is 10 above the other everywhere: no residual, and an interval all the same.
  const auto shifted = intraclass(std::vector<double>{0, 10, 10, 20, 20, 30}, 2);
  ASSERT_TRUE(shifted && shifted->ci95);
  EXPECT_NEAR(shifted->icc, 200.0 / (200.0 + 2 * 150.0 / 3), 1e-12);
  EXPECT_LT(shifted->ci95->low, shifted->icc);
  EXPECT_GT(shifted->ci95->high, shifted->icc);
}

TEST(Concordance, OfTwoMetersOfPeakFlowIsThatOfStata) {
  // concord of Steichen and Cox (Stata Technical Bulletin 43, sg84) on these data: 0.943, by
  // Pearson's r 0.943 and C_b 0.999.
  const auto c = concordance(wright, mini);
  ASSERT_TRUE(c && c->ci95);
  EXPECT_EQ(c->pairs, 17u);
  EXPECT_NEAR(c->ccc, 0.9427424314274846, 1e-12);
  EXPECT_NEAR(c->ci95->low, 0.8504918731358244, 1e-9);
  EXPECT_NEAR(c->ci95->high, 0.9787262791751035, 1e-9);
}

TEST(Concordance, FallsWithAShiftThatPearsonDoesNotSee) {
  const std::vector<double> x{1, 2, 3, 4, 5};
  const std::vector<double> shifted{3, 4, 5, 6, 7};
  const auto c = concordance(x, shifted);
  ASSERT_TRUE(c.has_value());
  EXPECT_NEAR(c->ccc, 2 * 2.0 / (2 + 2 + 4), 1e-12);
  EXPECT_NEAR(*pearson(x, shifted), 1.0, 1e-12);
  const auto equal = concordance(x, x);
  EXPECT_DOUBLE_EQ(equal->ccc, 1.0);
  EXPECT_FALSE(equal->ci95.has_value());
  EXPECT_FALSE(concordance(std::vector<double>{2, 2}, std::vector<double>{2, 2}).has_value());
  EXPECT_FALSE(concordance(x, std::vector<double>{1}).has_value());
}

TEST(BlandAltman, OfPeakFlowIsThatOfTheLancet) {
  // Lancet 1986;327:307: mean difference -2.1 l/min, sd 38.8, 95 % of the mean -22.1 to 17.8.
  const auto a = agreement(mini, wright);
  ASSERT_TRUE(a && a->sd && a->bias_ci95 && a->lower_limit_ci95);
  EXPECT_EQ(a->pairs, 17u);
  EXPECT_NEAR(a->bias, -2.1, 0.05);
  EXPECT_NEAR(*a->sd, 38.8, 0.05);
  EXPECT_NEAR(a->bias_ci95->low, -22.1, 0.06);
  EXPECT_NEAR(a->bias_ci95->high, 17.8, 0.05);
  EXPECT_NEAR(*a->lower_limit, -78.097301611094, 1e-9);
  EXPECT_NEAR(*a->upper_limit, 73.86200749344692, 1e-9);
  EXPECT_NEAR(a->lower_limit_ci95->low, -112.85337790919102, 1e-7);
  EXPECT_NEAR(a->upper_limit_ci95->high, 108.61808379154395, 1e-7);
}

TEST(BlandAltman, OfBloodPressureIsThatOf1999) {
  // Stat Methods Med Res 1999;8:135, section 2: 85 people, mean -16.29 mmHg, sd 19.61; limits -54.7
  // and 22.1, 95 % of the mean -20.5 to -12.1, of the limits -61.9 to -47.5 and 14.9 to 29.3.
  const Agreement a = agreementOf(85, -16.29, 19.61);
  EXPECT_NEAR(*a.lower_limit, -54.7, 0.05);
  EXPECT_NEAR(*a.upper_limit, 22.1, 0.05);
  EXPECT_NEAR(a.bias_ci95->low, -20.5, 0.05);
  EXPECT_NEAR(a.bias_ci95->high, -12.1, 0.05);
  EXPECT_NEAR(a.lower_limit_ci95->low, -61.9, 0.11);
  EXPECT_NEAR(a.lower_limit_ci95->high, -47.5, 0.11);
  EXPECT_NEAR(a.upper_limit_ci95->low, 14.9, 0.11);
  EXPECT_NEAR(a.upper_limit_ci95->high, 29.3, 0.11);
}

TEST(BlandAltman, OfDifferencesThatAreAllTheSameHasNoInterval) {
  const auto a = agreement(std::vector<double>{4, 5}, std::vector<double>{6, 7});
  ASSERT_TRUE(a && a->sd);
  EXPECT_DOUBLE_EQ(*a->upper_limit, 2.0);
  EXPECT_FALSE(a->bias_ci95 || a->upper_limit_ci95);
}

TEST(BlandAltman, OfOnePairHasABiasAlone) {
  const auto a = agreement(std::vector<double>{4}, std::vector<double>{6});
  ASSERT_TRUE(a.has_value());
  EXPECT_DOUBLE_EQ(a->bias, 2.0);
  EXPECT_FALSE(a->sd || a->lower_limit || a->bias_ci95 || a->upper_limit_ci95);
}

TEST(BootstrapGroups, OfAMeanIsTheClusteredOneAndRefusesWhatMostlyCannotBeComputed) {
  const std::vector<double> values{0.1, 0.4, 0.35, 0.8, 0.9, 0.2};
  const std::vector<std::size_t> group{0, 1, 2, 3, 4, 5};
  const auto by_mean = bootstrapGroups95(6, [&](std::span<const std::size_t> drawn) {
    double sum = 0;
    for (const std::size_t g : drawn) sum += values[g];
    return std::optional(sum / 6);
  });
  const auto expected = bootstrapClusteredMean95(values, group, 6);
  ASSERT_TRUE(by_mean && expected);
  EXPECT_NEAR(by_mean->low, expected->low, 1e-12);
  EXPECT_NEAR(by_mean->high, expected->high, 1e-12);
  const auto seldom = bootstrapGroups95(6, [](std::span<const std::size_t> drawn) {
    return drawn[0] == 0 ? std::optional(1.0) : std::nullopt;
  });
  EXPECT_FALSE(seldom.has_value());
}

}  // namespace
}  // namespace gadolin::analysis
