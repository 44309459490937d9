#include "ml/cascade/domain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/ml/ring_cohort.h"

namespace gadolin::ml {
namespace {

/// Traits of ring patients, the reference taken for the prediction.
std::vector<StackTraits> traitsOfRings(const test::RingCohort& cohort, const run::Settings& settings) {
  std::vector<StackTraits> all;
  for (const auto& source : cohort.stacks) {
    const PreparedStack stack = prepareStack(source, settings);
    all.push_back(traitsOf(stack, {source.mask.begin(), source.mask.end()}));
  }
  return all;
}

class DomainTest : public ::testing::Test {
 protected:
  std::vector<std::string> reasons(const StackTraits& stack) const { return strangeness(profile_, stack); }

  const run::Settings settings_ = run::Settings::preset("quick").value();
  const test::RingCohort cohort_{9};
  const std::vector<StackTraits> traits_ = traitsOfRings(cohort_, settings_);
  // The last patient is the test patient and new to the profile.
  const CohortProfile profile_ = profileOf({traits_.begin(), traits_.end() - 1});
};

TEST_F(DomainTest, MeasuresTheRing) {
  const StackTraits& ring = traits_.front();
  EXPECT_DOUBLE_EQ(ring.pixel_mm, 1.5);
  EXPECT_DOUBLE_EQ(ring.slice_mm, 8);
  EXPECT_DOUBLE_EQ(ring.field_mm, 84);
  EXPECT_EQ(ring.slices, 3);
  EXPECT_TRUE(ring.heart_found);
  // Walls are drawn 5 to 6 pixels thick around 7 to 9, of 1.5 mm.
  EXPECT_GT(ring.wall_mm, 7.2);
  EXPECT_LT(ring.wall_mm, 9.3);
  EXPECT_LT(ring.off_centre_mm, 2);
  const auto label = [&](std::uint8_t from) {
    return static_cast<double>(std::ranges::count_if(cohort_.masks[0], [from](auto l) { return l >= from; }));
  };
  EXPECT_NEAR(ring.myocardium_ml, label(2) * 1.5 * 1.5 * 8 * 1e-3, 1e-9);
}

TEST_F(DomainTest, APatientLikeTheCohortIsNotFlagged) {
  EXPECT_TRUE(reasons(traits_.back()).empty());
  for (const StackTraits& one : traits_) EXPECT_TRUE(reasons(one).empty());
}

TEST_F(DomainTest, EachWayToBeStrangeIsSaidInWords) {
  const auto only = [&](auto&& change) {
    StackTraits stack = traits_.back();
    change(stack);
    const auto said = reasons(stack);
    EXPECT_EQ(said.size(), 1U);
    return said.empty() ? std::string() : said.front();
  };
  EXPECT_EQ(only([](StackTraits& s) { s.pixel_mm = 0.7; }),
            "its pixels measure 0.70 mm, in training 1.50 to 1.50 mm");
  EXPECT_NE(only([](StackTraits& s) { s.slice_mm = 16; }).find("apart by 16.0 mm"), std::string::npos);
  EXPECT_NE(only([](StackTraits& s) { s.field_mm = 400; }).find("field of view"), std::string::npos);
  EXPECT_NE(only([](StackTraits& s) { s.slices = 20; }).find("slices number 20"), std::string::npos);
  EXPECT_EQ(only([](StackTraits& s) { s.kind = "psir"; }),
            "it is a psir image, and the networks were trained on magnitude");
  EXPECT_NE(only([](StackTraits& s) { s.wall_mm = 20; }).find("wall is thick by 20.0"), std::string::npos);
  EXPECT_NE(only([](StackTraits& s) { s.myocardium_ml = 300; }).find("myocardium holds 300"), std::string::npos);
  EXPECT_NE(only([](StackTraits& s) { s.off_centre_mm = 60; }).find("off the middle"), std::string::npos);
  EXPECT_EQ(only([](StackTraits& s) { s.heart_found = false; }), "no heart was found in it");
  EXPECT_NE(only([](StackTraits& s) { s.deciles.fill(0); }).find("grey values"), std::string::npos);
}

TEST_F(DomainTest, InvertedGreyValuesAreStrangeAndAnotherGainIsNot) {
  std::vector<float> louder = cohort_.images.back(), inverted = louder;
  for (float& v : louder) v = 7 * v + 300;
  for (float& v : inverted) v = -v * v;
  const auto traitsWith = [&](const std::vector<float>& image) {
    dataset::FrozenStack stack = cohort_.stacks.back();
    stack.image = image;
    return traitsOf(prepareStack(stack, settings_), {stack.mask.begin(), stack.mask.end()});
  };
  EXPECT_TRUE(reasons(traitsWith(louder)).empty());
  EXPECT_EQ(reasons(traitsWith(inverted)).size(), 1U);
}

TEST_F(DomainTest, AnUnknownKindAndAHeartThatIsNotThereAskNoMore) {
  StackTraits stack = traits_.back();
  stack.kind = "unknown";
  EXPECT_TRUE(reasons(stack).empty());
  stack.heart_found = false;
  stack.wall_mm = stack.myocardium_ml = 0;
  EXPECT_EQ(reasons(stack).size(), 1U);
}

TEST_F(DomainTest, TheProfileComesBackFromItsFile) {
  const auto back = profileFromJson(toJson(profile_));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->stacks, 8);
  EXPECT_EQ(back->kinds, profile_.kinds);
  EXPECT_EQ(back->deciles, profile_.deciles);
  EXPECT_EQ(back->ranges.at("wall_mm").high, profile_.ranges.at("wall_mm").high);
  EXPECT_EQ(profileFromJson("{}").error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace gadolin::ml
