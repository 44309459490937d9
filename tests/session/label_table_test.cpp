#include "ui/session/label_table.h"

#include <gmock/gmock.h>

#include "database/labels.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"

namespace gadolin::session {
namespace {
using enum SliceLabel;
using ::testing::HasSubstr;

class Table : public test::SampleProject {
 protected:
  Result<LabelImport> import(const std::string& table) {
    return project->writeNow<LabelImport>([&](db::Database& database) {
      return importLabels(database, table, "labels.csv", "somebody");
    });
  }
  std::size_t events() { return db::labelHistory(project->reader(), {})->size(); }
};

TEST_F(Table, SpreadsheetTableWithMarkSemicolonsAndCrlfIsRead) {
  const auto done = import(
      "\xEF\xBB\xBFPatient;Stack;Slice;Label;Reader;Time\r\n"
      "P1;P1-s1;0;fibrosis;ann;2026-01-02T03:04:05.000Z\r\n"
      "P1;P1-s1;1;\"none\";ann;\r\n\r\n");
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(done->rows, 2);
  EXPECT_EQ(done->changed, 2);
  const auto labels = db::sliceLabels(project->reader(), "P1-s1", "ann");
  ASSERT_EQ(labels->size(), 2u);
  EXPECT_EQ(labels->at(0).label, Fibrosis);
  EXPECT_EQ(labels->at(0).at_utc, "2026-01-02T03:04:05.000Z");
}

TEST_F(Table, TabsAndMissingColumnsAreTaken) {
  ASSERT_TRUE(import("stack\tslice\tlabel\nP2-s1\t4\tunsure\n").ok());
  EXPECT_EQ(db::sliceLabels(project->reader(), "P2-s1")->at(0).reader, "somebody");
}

TEST_F(Table, EveryFaultNamesItsLineAndNothingIsStored) {
  const std::string begin = "patient,stack,slice,label,reader\nP1,P1-s1,0,fibrosis,ann\n";
  const std::vector<std::pair<std::string, std::string>> faults{
      {"P1,P1-s1,1,maybe,ann", "maybe"},
      {"P1,P7-s1,1,none,ann", "P7-s1"},
      {"P1,P1-s1,6,none,ann", "slices 0 to 5"},
      {"P1,P1-s1,one,none,ann", "'one'"},
      {"P2,P1-s1,1,none,ann", "of patient P1"},
      {"P1,P1-s1,0,none,ann", "named twice"},
      {"P1,P1-s1,1", "3 fields"},
  };
  for (const auto& [row, word] : faults) {
    const auto refused = import(begin + row + "\n");
    ASSERT_FALSE(refused.ok()) << row;
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
    EXPECT_THAT(refused.error().message, HasSubstr("Line 3"));
    EXPECT_THAT(refused.error().message, HasSubstr("labels.csv"));
    EXPECT_THAT(refused.error().message, HasSubstr(word));
  }
  EXPECT_EQ(events(), 0u);
  EXPECT_THAT(import("stack,label\nP1-s1,none\n").error().message, HasSubstr("'slice'"));
  EXPECT_THAT(import("").error().message, HasSubstr("empty"));
}

TEST_F(Table, ExportComesBackUnchanged) {
  ASSERT_TRUE(import("stack,slice,label,reader,time\n"
                     "P2-s1,1,none,\"Ann, \"\"A\"\"\",2026-01-02T03:04:05.000Z\n"
                     "P1-s1,5,not-diagnostic,bob,2026-01-02T03:04:06.000Z\n")
                  .ok());
  const auto table = exportLabels(project->reader());
  EXPECT_EQ(*table,
            "patient,stack,slice,label,reader,time\n"
            "P1,P1-s1,5,not-diagnostic,bob,2026-01-02T03:04:06.000Z\n"
            "P2,P2-s1,1,none,\"Ann, \"\"A\"\"\",2026-01-02T03:04:05.000Z\n");
  const auto again = import(*table);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->changed, 0);
  EXPECT_EQ(events(), 2u);
  EXPECT_THAT(*exportLabelHistory(project->reader()),
              HasSubstr("1,P2,P2-s1,1,unlabelled,none,\"Ann, \"\"A\"\"\""));
}

TEST_F(Table, MasksGiveLabelsWhereScarOrMvoIs) {
  const auto derive = [&] {
    return project->writeNow<DerivedLabels>(
        [&](db::Database& database) { return deriveLabels(database, project->paths()); });
  };
  const auto done = derive();
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(done->stacks, 2);
  EXPECT_EQ(done->positive_stacks, 1);
  EXPECT_EQ(done->slices, 11);
  EXPECT_EQ(done->positive_slices, 2);
  EXPECT_EQ(done->without_mask, 1);
  EXPECT_EQ(*db::consensusLabels(project->reader(), "P1-s1"),
            (std::vector{Fibrosis, Fibrosis, None, None, None, None}));
  EXPECT_EQ(db::labelHistory(project->reader(), "P1-s1")->at(0).origin, "derived");
  EXPECT_EQ(db::sliceLabels(project->reader(), "P1-s1", "reference")->size(), 6u);
  EXPECT_TRUE(db::sliceLabels(project->reader(), "P3-s1")->empty());
  EXPECT_EQ(derive()->changed, 0) << "a second time changes nothing";
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
