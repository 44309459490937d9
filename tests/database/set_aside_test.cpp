#include "database/set_aside.h"

#include "database/journal.h"
#include "database/labels.h"
#include "database/stack_labels.h"
#include "tests/database/sample.h"

namespace gadolin::db {
namespace {

class SetAside : public test::Sample {
 protected:
  void SetUp() override {
    for (const auto& [patient, number] : {std::pair("P1", 1), {"P1", 2}, {"P2", 1}})
      ASSERT_TRUE(addStack(database, test::sampleStack(patient, number)).ok());
  }
  std::vector<std::string> ids(Which which = Which::InUse) {
    std::vector<std::string> names;
    const auto stacks = allStacks(database, which).value();
    for (const auto& stack : stacks) names.push_back(stack.id);
    return names;
  }
};

TEST_F(SetAside, AStackThatIsSaidToHaveFibrosisShowsInTheCohortAndItsHistoryOnlyGrows) {
  const auto say = [&](SliceLabel label) {
    const auto said = setStackLabel(database, "P1-s1", label, "ute", "key", "2026-01-01T00:00:00Z");
    return said.ok() && *said;
  };
  const auto shown = [&] { return cohortRows(database)->front().stack_label; };
  EXPECT_TRUE(say(SliceLabel::Fibrosis));
  EXPECT_FALSE(say(SliceLabel::Fibrosis)) << "it was said already";
  EXPECT_EQ(shown(), SliceLabel::Fibrosis);
  EXPECT_TRUE(say(SliceLabel::Unlabelled)) << "taken back";
  EXPECT_EQ(shown(), SliceLabel::Unlabelled);
  EXPECT_TRUE(saidStackLabels(database)->empty());
  EXPECT_TRUE(say(SliceLabel::Unsure));
  ASSERT_TRUE(setAside(database, {"P1-s1"}, "poor quality", "ute").ok());
  EXPECT_TRUE(saidStackLabels(database)->empty());
  EXPECT_FALSE(setStackLabel(database, "P1-s1", SliceLabel::NotDiagnostic, "ute", "key", "").ok());
  EXPECT_FALSE(setStackLabel(database, "P9-s1", SliceLabel::None, "ute", "key", "").ok());
}

TEST_F(SetAside, AStackLeavesEveryListAndComesBackWithItsLabels) {
  const SliceChange change{0, SliceLabel::Fibrosis};
  ASSERT_TRUE(setSliceLabels(database, "P1-s2", std::span(&change, 1), "ute", 1, "key").ok());
  ASSERT_TRUE(setAside(database, {"P1-s2", "P2-s1"}, "poor quality", "ute").ok());
  EXPECT_EQ(ids(), std::vector<std::string>{"P1-s1"});
  EXPECT_EQ(ids(Which::All), (std::vector<std::string>{"P1-s1", "P1-s2", "P2-s1"}));
  EXPECT_EQ(patients(database).value(), std::vector<std::string>{"P1"}) << "P2 has nothing left to work on";
  EXPECT_EQ(cohortRows(database)->size(), 1U);
  EXPECT_EQ(stacksOfPatient(database, "P1")->size(), 1U);
  EXPECT_EQ(stacksOfPatient(database, "P1", Which::All)->size(), 2U);
  EXPECT_TRUE(allConsensusLabels(database)->empty());
  EXPECT_EQ(stacksByContent(database, "hash-of-P2-s1")->size(), 1U) << "an import knows it still";
  const auto aside = asideStacks(database).value();
  ASSERT_EQ(aside.size(), 2U);
  EXPECT_EQ(aside[0].stack.id, "P1-s2");
  EXPECT_EQ(aside[0].reason, "poor quality");
  EXPECT_EQ(aside[0].who, "ute");
  EXPECT_EQ(audit(database)->at(0).detail, "P1-s2, P2-s1: set aside, poor quality.");

  ASSERT_TRUE(takeBack(database, {"P1-s2"}, "ute").ok());
  EXPECT_EQ(ids(), (std::vector<std::string>{"P1-s1", "P1-s2"}));
  EXPECT_EQ(allConsensusLabels(database)->at("P1-s2").at(0), SliceLabel::Fibrosis);
}

TEST_F(SetAside, AnUnknownStackChangesNothing) {
  const auto refused = setAside(database, {"P1-s1", "P9-s1"}, "x", "ute");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::NotFound);
  EXPECT_EQ(ids().size(), 3U);
}

TEST_F(SetAside, WhatAPersonSaysOfAnImageHolds) {
  ASSERT_TRUE(setKind(database, {"P1-s1", "P2-s1"}, ImageKind::Magnitude, "ute").ok());
  EXPECT_EQ(stackById(database, "P2-s1")->kind, ImageKind::Magnitude);
  EXPECT_EQ(stackById(database, "P1-s2")->kind, ImageKind::Psir);
  EXPECT_EQ(audit(database)->at(0).detail, "P1-s1, P2-s1: the image is magnitude.");
}

}  // namespace
}  // namespace gadolin::db
