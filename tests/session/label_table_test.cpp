#include "ui/session/label_table.h"

#include <gmock/gmock.h>

#include "core/base/files.h"
#include "database/clinical.h"
#include "database/consensus.h"
#include "database/labels.h"
#include "database/stack_labels.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"
#include "tests/support/shared_data.h"
#include "ui/session/clinical_table.h"
#include "ui/session/table_import.h"
#include "ui/session/table_source.h"

namespace gadolin::session {
namespace {
using enum SliceLabel;
using ::testing::HasSubstr;

class Table : public test::SampleProject {
 protected:
  Result<TableImport> import(const std::string& table, TableOptions options = {}) {
    if (options.default_reader.empty()) options.default_reader = "somebody";
    return project->writeNow<TableImport>([&](db::Database& database) {
      return importTable(database, table, "labels.csv", options);
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

TEST_F(Table, YesOfAWholeStackLabelsTheStackAndNoSlice) {
  const auto done = import("stack,fibrosis,reader\nP1-s1,yes,ann\nP2-s1,no,ann\n");
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(done->stacks, 2);
  const auto said = db::saidStackLabels(project->reader());
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said->size(), 1u);
  EXPECT_EQ(said->at("P1-s1"), Fibrosis);
  EXPECT_TRUE(db::sliceLabels(project->reader(), "P1-s1")->empty());
  EXPECT_EQ(db::sliceLabels(project->reader(), "P2-s1")->size(), 5u) << "no slice of it has any";
  const auto again = import("stack,fibrosis,reader\nP1-s1,yes,ann\n");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->changed, 0);
}

TEST_F(Table, WhatWasSaidOfWholeStacksGoesOutWithItsHistoryAndComesBack) {
  EXPECT_EQ(*exportStackLabels(project->reader()), "patient,stack,fibrosis,reader,time\n");
  const auto say = [this](const char* stack, SliceLabel label, const char* at) {
    const auto done = project->writeNow<bool>([&](db::Database& database) {
      return db::setStackLabel(database, stack, label, "ann", "key", at);
    });
    ASSERT_TRUE(done.ok() && *done);
  };
  say("P1-s1", None, "2026-01-02T03:04:05.000Z");
  say("P1-s1", Fibrosis, "2026-01-03T03:04:05.000Z");
  say("P3-s1", Unsure, "2026-01-04T03:04:05.000Z");
  say("P3-s1", Unlabelled, "2026-01-05T03:04:05.000Z");
  const auto table = exportStackLabels(project->reader());
  EXPECT_EQ(*table,
            "patient,stack,fibrosis,reader,time\n"
            "P1,P1-s1,yes,ann,2026-01-03T03:04:05.000Z\n");
  EXPECT_EQ(*exportStackLabelHistory(project->reader()),
            "event,patient,stack,from,to,reader,time,origin\n"
            "1,P1,P1-s1,unlabelled,none,ann,2026-01-02T03:04:05.000Z,key\n"
            "2,P1,P1-s1,none,fibrosis,ann,2026-01-03T03:04:05.000Z,key\n"
            "3,P3,P3-s1,unlabelled,unsure,ann,2026-01-04T03:04:05.000Z,key\n"
            "4,P3,P3-s1,unsure,unlabelled,ann,2026-01-05T03:04:05.000Z,key\n");
  const auto back = import(*table);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->stacks, 1);
  EXPECT_EQ(back->changed, 0);
}

TEST_F(Table, TabsAndMissingColumnsAreTaken) {
  ASSERT_TRUE(import("stack\tslice\tlabel\nP2-s1\t4\tunsure\n").ok());
  EXPECT_EQ(db::sliceLabels(project->reader(), "P2-s1")->at(0).reader, "somebody");
}

TEST_F(Table, EveryFaultNamesItsLineAndNothingIsStored) {
  const std::string begin = "patient,stack,slice,label,reader\nP1,P1-s1,0,fibrosis,ann\n";
  const std::vector<std::pair<std::string, std::string>> faults{
      {"P1,P1-s1,1,perhaps,ann", "perhaps"},
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
  EXPECT_THAT(import("stack,slice,label\n").error().message, HasSubstr("no row"));
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

TEST_F(Table, DecisionsGoOutAndComeBackAsDecisions) {
  const auto decided = project->writeNow<int>([](db::Database& database) -> Result<int> {
    const db::SliceChange yes{1, Fibrosis};
    const db::SliceChange no{1, None};
    GADOLIN_CHECK(db::setSliceLabels(database, "P1-s1", std::span(&yes, 1), "AB", 0, "key"));
    GADOLIN_CHECK(db::setSliceLabels(database, "P1-s1", std::span(&no, 1), "CD", 0, "key"));
    GADOLIN_CHECK(db::decideConsensus(database, "P1-s1", 1, Fibrosis, "EF", 0, "key",
                                      "2026-01-02T03:04:05.000Z"));
    return 0;
  });
  ASSERT_TRUE(decided.ok());
  const auto table = exportLabels(project->reader());
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(*table,
              HasSubstr("P1,P1-s1,1,fibrosis,consensus by EF,2026-01-02T03:04:05.000Z\n"));
  EXPECT_THAT(*exportLabelHistory(project->reader()),
              HasSubstr("1,P1,P1-s1,1,unlabelled,fibrosis,consensus by EF,"));
  const auto back = project->writeNow<int>([](db::Database& database) -> Result<int> {
    GADOLIN_CHECK(db::decideConsensus(database, "P1-s1", 1, Unlabelled, "EF", 0, "key"));
    return 0;
  });
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(db::consensusLabels(project->reader(), "P1-s1")->at(1), None);
  const auto again = import(*table);
  ASSERT_TRUE(again.ok()) << again.error().message;
  ASSERT_EQ(db::consensusDecisions(project->reader())->size(), 1u);
  EXPECT_EQ(db::consensusDecisions(project->reader())->at(0).author, "EF");
  EXPECT_EQ(db::consensusLabels(project->reader(), "P1-s1")->at(1), Fibrosis);
  EXPECT_EQ(db::readers(project->reader())->size(), 2u);
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

TEST_F(Table, ContradictionsKeepEverythingOutUnlessTheirRowsAreLeftOut) {
  const std::string table = "id;slice;scar\nP1;1;ja\nP1;6;nein\nP1;6;ja\nP9;1;ja\n";
  const auto refused = import(table);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("(And 1 more.)"));
  EXPECT_EQ(events(), 0u);
  TableOptions options;
  options.skip_contradictions = true;
  const auto part = import(table, options);
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_EQ(part->rows_left, 3);
  EXPECT_EQ(part->changed, 1);
  EXPECT_EQ(db::sliceLabels(project->reader(), "P1-s1")->at(0).slice, 0)
      << "6 of 6: counted from 1";
}

TEST_F(Table, OpenQuestionIsNeverAnsweredByTheProgram) {
  TableOptions options;
  options.skip_contradictions = true;
  EXPECT_THAT(import("id;slice;scar\nP1;2;ja\n", options).error().message,
              HasSubstr("first slice 0 or 1"));
  EXPECT_EQ(events(), 0u);
}

TEST_F(Table, ClinicalColumnsAreStoredUpdatedAndComeBack) {
  const auto first = import("patient;weight [kg];sex\nP1;70,5;f\nP2;81;m\n");
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->facts, 4);
  EXPECT_EQ(first->facts_changed, 4);
  const auto second = import("patient;weight [kg]\nP1;71\nP2;NA\n");
  EXPECT_EQ(second->facts_changed, 1);
  const auto table = exportClinical(project->reader());
  EXPECT_EQ(*table, "patient,weight [kg],sex\nP1,71,f\nP2,81,m\n")
      << "a cell that says nothing changes nothing";
  EXPECT_EQ(import(*table)->facts_changed, 0);
  EXPECT_EQ(db::clinicalValues(project->reader())->at(0).number, 71);
  EXPECT_THAT(import("patient;weight [lb]\nP1;150\n").error().message,
              HasSubstr("in kg, this one is in lb"));
  const auto kind = import("patient;weight [kg]\nP3;heavy\n");
  ASSERT_TRUE(kind.ok());
  EXPECT_EQ(db::clinicalColumns(project->reader())->at(0).kind, "category");
  ASSERT_TRUE(project
                  ->writeNow<void>([](db::Database& database) {
                    return db::removeClinicalColumn(database, "weight");
                  })
                  .ok());
  EXPECT_EQ(*exportClinical(project->reader()), "patient,sex\nP1,f\nP2,m\n");
}

TEST_F(Table, OtherLabelsOfTheProjectAreMentioned) {
  ASSERT_TRUE(import("stack,slice,label,reader\nP1-s1,0,fibrosis,ann\n").ok());
  const auto table = readTextTable("id,scar\nP1,no\n");
  const auto plan = planTable(project->reader(), *table, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_THAT(plan->notes,
              ::testing::Contains(HasSubstr("1 slice has another label in the project")));
}

TEST_F(Table, CaseSheetsOfEmidecAndAcdcAreRead) {
  ASSERT_TRUE(writeFileAtomically(
                  folder.path() / "Case P1.txt",
                  "Case P1\r\n\r\nGap between slices\xA0 : 13 mm\r\nSex\xA0: M\r\nAge : 65 \r\n")
                  .ok());
  ASSERT_TRUE(writeFileAtomically(folder.path() / "notes.txt", "This is: no sheet\nat all\n").ok());
  const auto sheet = readTable(folder.path());
  ASSERT_TRUE(sheet.ok()) << sheet.error().message;
  EXPECT_THAT(sheet->header,
              ::testing::ElementsAre("Case", "Gap between slices [mm]", "Sex", "Age"));
  EXPECT_THAT(sheet->rows[0].fields, ::testing::ElementsAre("Case P1", "13", "M", "65"));
  const auto plan = planTable(project->reader(), *sheet, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->facts.size(), 3u);
  EXPECT_EQ(plan->facts[0].patient, "P1");
  EXPECT_EQ(plan->alike.size(), 1u);
  EXPECT_FALSE(readTable(project->paths().stacks()).ok());
}

class SharedTable : public Table {
 protected:
  void SetUp() override {
    tables = gadolin::test::sharedData("hard/derived/tables");
    if (tables.empty()) GTEST_SKIP() << "the collection of hard files is not there";
  }
  /// The sample speaks of P001, P002 and N003; the project calls them P1, P2 and P3.
  TablePlan read(const char* name, TableOptions options = {}) {
    options.keep_identity = true;
    const auto table = readTable(tables / name);
    EXPECT_TRUE(table.ok()) << name;
    KnownCohort cohort = *knownCohort(project->reader());
    for (auto& patient : cohort.patients) patient = patient == "P3" ? "N3" : patient;
    for (auto& stack : cohort.stacks) stack.patient = stack.patient == "P3" ? "N3" : stack.patient;
    auto plan = gadolin::planTable(*table, cohort, options);
    EXPECT_TRUE(plan.ok()) << name;
    encoding = table->encoding;
    return std::move(plan).value();
  }
  static std::string fact(const TablePlan& plan, const std::string& patient,
                          const std::string& column) {
    for (const auto& each : plan.facts)
      if (each.patient == patient && plan.columns[each.column].title == column) return each.value;
    return "none";
  }
  std::filesystem::path tables;
  TextEncoding encoding = TextEncoding::Utf8;
};

TEST_F(SharedTable, SameTableInEveryFormSaysTheSame) {
  const std::vector<std::pair<const char*, TextEncoding>> forms{
      {"utf8_bom_semicolon_decimal_comma.csv", TextEncoding::Utf8Mark},
      {"cp1252_semicolon.csv", TextEncoding::Windows1252},
      {"mac_cr_only.csv", TextEncoding::MacRoman},
      {"utf16le_tab_excel_unicode_text.txt", TextEncoding::Utf16Le},
      {"excel_sep_line.csv", TextEncoding::Utf8},
      {"utf8_comma_quoted_decimal_comma.csv", TextEncoding::Utf8},
  };
  for (const auto& [name, expected] : forms) {
    SCOPED_TRACE(name);
    const auto plan = read(name);
    EXPECT_EQ(encoding, expected);
    EXPECT_EQ(plan.rows, 4);
    EXPECT_EQ(plan.columns[2].name, "Âge");
    EXPECT_EQ(plan.columns[5].name, "Troponine (µg/L)");
    EXPECT_EQ(plan.columns[5].unit, "µg/L");
    EXPECT_EQ(fact(plan, "P1", "Taille"), "162.5");
    EXPECT_EQ(fact(plan, "P1", "Troponine"), "1234.5");
    EXPECT_EQ(fact(plan, "P1", "Infarctus"), "fibrosis");
    EXPECT_EQ(fact(plan, "P1", "Date IRM"), "2019-12-31");
    EXPECT_EQ(fact(plan, "N3", "NT-proBNP"), "<5");
    EXPECT_EQ(fact(plan, "N3", "Taille"), "none");
    EXPECT_EQ(fact(plan, "P2", "Âge"), "none") << "its rows contradict each other";
    ASSERT_EQ(plan.contradictions.size(), 1u);
    EXPECT_EQ(plan.contradictions[0].column, "Infarctus");
    EXPECT_EQ(plan.contradictions[0].value, "OUI");
    EXPECT_EQ(plan.labels.size(), 4u) << "N3 is free of fibrosis";
    EXPECT_EQ(plan.alike.size(), 3u);
  }
}

TEST_F(SharedTable, EveryOtherSampleIsWhatItIs) {
  EXPECT_THAT(readTable(tables / "empty.csv").error().message, HasSubstr("empty"));
  EXPECT_THAT(
      importTable(project->reader(), *readFile(tables / "header_only.csv"), "header_only.csv", {})
          .error()
          .message,
      HasSubstr("header_only.csv: The table has a header line and no row"));
  const auto zeros = readTable(tables / "id_with_leading_zeros.csv");
  EXPECT_EQ(zeros->rows[0].fields[0], "007");
  EXPECT_EQ(zeros->rows[2].fields[0], "1E5");
  EXPECT_EQ(read("id_with_leading_zeros.csv").contradictions.size(), 3u) << "nobody is called so";
  const auto trailing = read("no_final_newline_trailing_empty_columns.csv");
  EXPECT_EQ(trailing.columns.size(), 2u);
  EXPECT_EQ(trailing.rows, 2);
  EXPECT_EQ(trailing.labels.size(), 5u) << "P2 is free of fibrosis";
  EXPECT_EQ(fact(trailing, "P1", "label"), "fibrosis");
  const auto quoted = read("quoted_newline.csv");
  EXPECT_EQ(fact(quoted, "P1", "comment"), "patchy scar\nlateral, mid-wall");
  EXPECT_EQ(fact(quoted, "P2", "comment"), "said \"no\"");
  TableOptions from_one;
  from_one.first_slice = 1;
  const auto ragged = read("ragged_rows.csv", from_one);
  EXPECT_EQ(ragged.contradictions.size(), 3u) << "two ragged rows, and P3 is not there";
  EXPECT_TRUE(ragged.labels.empty());
  const auto weak = read("weak_label_slice_level.csv");
  EXPECT_EQ(weak.first_slice, 0);
  EXPECT_EQ(weak.contradictions.size(), 6u) << "no such stacks";
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
