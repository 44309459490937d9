#include "core/imaging/series_judgement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace gadolin {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

enum class Plane { ShortAxis, LongAxis, Axial };

SeriesFacts factsOf(const std::string& description, Plane plane = Plane::ShortAxis, int slices = 10,
                    double distance_mm = 10) {
  SeriesFacts facts;
  facts.description = description;
  facts.image_type = "ORIGINAL\\PRIMARY\\M\\ND";
  facts.geometry.size = {256, 208, slices};
  facts.geometry.spacing_mm = {1.4, 1.4, distance_mm};
  // A usual short-axis normal points left, to the front and down; the plane of four chambers holds it.
  facts.geometry.axes[2] = plane == Plane::ShortAxis  ? Vec3{0.67, -0.55, -0.5}
                           : plane == Plane::LongAxis ? Vec3{-0.3, 0.48, -0.82}
                                                      : Vec3{0, 0, -1};
  return facts;
}

SeriesVerdict verdictOn(const SeriesFacts& facts) {
  return judgeSeries(facts).verdict;
}

class LateEnhancement : public testing::TestWithParam<const char*> {};
TEST_P(LateEnhancement, IsTaken) {
  const auto judgement = judgeSeries(factsOf(GetParam()));
  EXPECT_EQ(judgement.verdict, SeriesVerdict::Take) << toSentence(judgement);
}
INSTANTIATE_TEST_SUITE_P(Descriptions, LateEnhancement,
                         testing::Values("LGE SAX", "DE_SAX_MAG", "de_tfi_psir_sa_p2", "PSIR_TFE_BH sBTFE",
                                         "2D MDE SA", "PSMDE", "Delayed enhancement SA",
                                         "LE sax 10 min", "Viability SAX", "Narbe kurze Achse",
                                         "Sp\xc3\xa4tanreicherung KA", "Sp\xe4tanreicherung SAX",
                                         "korte as late aankleuring", "Rehaussement tardif petit axe",
                                         "dark blood LGE", "LGE T2prep SAX", ""));

class AnotherSeries : public testing::TestWithParam<const char*> {};
TEST_P(AnotherSeries, IsLeft) {
  const auto judgement = judgeSeries(factsOf(GetParam(), Plane::Axial, 5, 8));
  EXPECT_EQ(judgement.verdict, SeriesVerdict::Leave) << toSentence(judgement);
}
INSTANTIATE_TEST_SUITE_P(Descriptions, AnotherSeries,
                         testing::Values("TI scout", "TI_scout_LGE", "localizer", "HASTE axial",
                                         "T1 map MOLLI", "ShMOLLI_192i", "T2 map", "STIR SA", "cine SA",
                                         "Cin\xc3\xa9 petit axe", "perfusion rest", "Flow aorta",
                                         "survey", "angio"));

TEST(SeriesJudgementTest, LongAxesOfLateEnhancementAreLeft) {
  EXPECT_EQ(verdictOn(factsOf("LGE 4CH", Plane::LongAxis, 3)), SeriesVerdict::Leave);
  EXPECT_EQ(verdictOn(factsOf("PSIR 2ch", Plane::LongAxis, 3)), SeriesVerdict::Leave);
}

TEST(SeriesJudgementTest, WithoutADescriptionTheProtocolSpeaks) {
  auto facts = factsOf("", Plane::Axial, 5, 8);
  facts.protocol = "t1 map";
  EXPECT_EQ(verdictOn(facts), SeriesVerdict::Leave);
}

TEST(SeriesJudgementTest, AMapIsLeftWhateverItIsCalled) {
  auto facts = factsOf("SAX");
  facts.image_type = "DERIVED\\PRIMARY\\T1 MAP\\T1";
  EXPECT_EQ(verdictOn(facts), SeriesVerdict::Leave);
}

TEST(SeriesJudgementTest, ABrainIsLeft) {
  auto facts = factsOf("T1 mprage", Plane::Axial, 176, 1);
  EXPECT_EQ(verdictOn(facts), SeriesVerdict::Leave);
}

TEST(SeriesJudgementTest, TheInversionTimeCountsWithItsReason) {
  auto facts = factsOf("SAX");
  facts.inversion_time_ms = 305;
  const auto with = judgeSeries(facts);
  EXPECT_THAT(with.reasons, Contains("+2 inversion time 305 ms"));
  facts.inversion_time_ms.reset();
  EXPECT_EQ(with.points, judgeSeries(facts).points + 2);
}

TEST(SeriesJudgementTest, ArticlesOfDutchAndFrenchAreNotLateEnhancement) {
  EXPECT_THAT(judgeSeries(factsOf("coupe de coeur")).reasons, Not(Contains(HasSubstr("'de'"))));
  EXPECT_THAT(judgeSeries(factsOf("DE sax")).reasons, Contains(HasSubstr("'de'")));
}

TEST(SeriesJudgementTest, ADescriptionAloneIsJudgedByItsWords) {
  EXPECT_EQ(judgeDescription("LGE SAX PSIR").verdict, SeriesVerdict::Take);
  EXPECT_EQ(judgeDescription("T1 map SAX").verdict, SeriesVerdict::Leave);
  const auto silent = judgeDescription("");
  EXPECT_EQ(silent.verdict, SeriesVerdict::Check);
  EXPECT_TRUE(silent.reasons.empty());
}

TEST(SeriesJudgementTest, ADecisionHoldsForTheNextPatient) {
  EXPECT_EQ(decisionKey("T1 map_SAX  #3"), decisionKey("t1-MAP sax 12"));
  EXPECT_NE(decisionKey("T1 map"), decisionKey("cine"));
  EXPECT_EQ(decisionKey("12"), "none");
}

}  // namespace
}  // namespace gadolin
