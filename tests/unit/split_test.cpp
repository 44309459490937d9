#include "core/dataset/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/csv.h"

namespace gadolin::dataset {
namespace {

std::vector<SplitPatient> cohort(int fibrotic, int healthy) {
  std::vector<SplitPatient> patients;
  for (int i = 0; i < fibrotic; ++i) patients.push_back({"F" + std::to_string(i), "fibrosis"});
  for (int i = 0; i < healthy; ++i) patients.push_back({"N" + std::to_string(i), "none"});
  return patients;
}

TEST(Split, EveryPartHasItsShareOfEveryStratum) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SplitPlan plan;
    plan.seed = seed;
    const auto entries = planSplit(cohort(60, 30), plan);
    ASSERT_TRUE(entries.ok());
    std::map<Part, int> all;
    std::map<Part, int> fibrotic;
    for (const auto& entry : *entries) {
      ++all[entry.part];
      if (entry.patient[0] == 'F') ++fibrotic[entry.part];
    }
    EXPECT_EQ(all[Part::Test], 18);
    EXPECT_EQ(all[Part::Validation], 9);
    EXPECT_EQ(all[Part::Train], 63);
    EXPECT_NEAR(fibrotic[Part::Test], 12, 1);
    EXPECT_NEAR(fibrotic[Part::Validation], 6, 1);
  }
}

TEST(Split, SeedDecidesAndTheOrderOfTheInputDoesNot) {
  auto patients = cohort(20, 10);
  const auto first = planSplit(patients, {});
  std::ranges::reverse(patients);
  const auto second = planSplit(patients, {});
  SplitPlan other;
  other.seed = 7;
  const auto third = planSplit(patients, other);
  const auto parts = [](const std::vector<SplitEntry>& entries) {
    std::vector<Part> list;
    for (const auto& entry : entries) list.push_back(entry.part);
    return list;
  };
  EXPECT_EQ(parts(*first), parts(*second));
  EXPECT_NE(parts(*first), parts(*third));
}

TEST(Split, FoldsHoldEverybodyOutsideTheTestPartOnce) {
  SplitPlan plan;
  plan.folds = 5;
  plan.fold = 3;
  const auto entries = planSplit(cohort(30, 20), plan);
  ASSERT_TRUE(entries.ok());
  std::map<int, int> sizes;
  for (const auto& entry : *entries) {
    ++sizes[entry.fold];
    EXPECT_EQ(entry.fold == 0, entry.part == Part::Test);
    EXPECT_EQ(entry.fold == 3, entry.part == Part::Validation);
  }
  EXPECT_EQ(sizes, (std::map<int, int>{{0, 10}, {1, 8}, {2, 8}, {3, 8}, {4, 8}, {5, 8}}));
}

TEST(Split, EmptyPartsAreRefusedInWords) {
  EXPECT_FALSE(planSplit({}, {}).ok());
  const auto two = planSplit(cohort(2, 0), {});
  ASSERT_FALSE(two.ok());
  EXPECT_NE(two.error().message.find("training part would be empty"), std::string::npos);
  EXPECT_TRUE(planSplit(cohort(3, 0), {}).ok());
  SplitPlan plan;
  plan.test = 1.5;
  EXPECT_FALSE(planSplit(cohort(9, 0), plan).ok());
  plan = {};
  plan.folds = 9;
  EXPECT_FALSE(planSplit(cohort(9, 0), plan).ok());
}

TEST(SplitTable, FaultsAreNamedByLine) {
  EXPECT_EQ(parseSplitTable("patient,split\nA,train\nB,val\nC,test\n")->size(), 3u);
  EXPECT_NE(parseSplitTable("patient,split\nA,train\nA,test\n").error().message.find("Line 3"),
            std::string::npos);
  EXPECT_NE(parseSplitTable("patient,split\nA,trian\n").error().message.find("'trian'"),
            std::string::npos);
  EXPECT_NE(parseSplitTable("patient,split\nA,train\n").error().message.find("test part"),
            std::string::npos);
  EXPECT_FALSE(parseSplitTable("name,split\nA,train\n").ok());
}

TEST(Csv, QuotesBreaksAndFormulasSurvive) {
  EXPECT_EQ(csvLine({"a,b", "say \"x\"", "=1+1", "-3.5", " y"}),
            "\"a,b\",\"say \"\"x\"\"\",'=1+1,-3.5,\" y\"\n");
  const auto table = parseCsv("a,b\n\"two\nlines\",\" x \"\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->rows[0].fields, (std::vector<std::string>{"two\nlines", " x "}));
  EXPECT_FALSE(parseCsv("a,b\n\"open,1\n").ok());
}

}  // namespace
}  // namespace gadolin::dataset
