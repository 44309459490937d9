// What tables of labs are understood to say: columns, numbers, slices, labels, contradictions.

#include "core/labels/table_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/labels/table_words.h"

namespace gadolin {
namespace {
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum SliceLabel;

KnownCohort cohort() {
  KnownCohort known;
  known.patients = {"007", "0010", "Case_P001", "N003", "P1", "P2", "P3"};
  known.stacks = {{"007-s1", "007", 5, false},   {"Case_P001-s1", "Case_P001", 8, true},
                  {"P1-s1", "P1", 6, false},     {"P2-s1", "P2", 5, true},
                  {"P3-s1", "P3", 4, false},     {"P3-s2", "P3", 4, false},
                  {"0010-s1", "0010", 7, false}, {"N003-s1", "N003", 7, false}};
  known.safe_name = [](const std::string& name) { return name; };
  known.pseudonym = [](const std::string& name) {
    return name == "0042" ? std::string("P2") : "none of them";
  };
  return known;
}

struct Planned : ::testing::Test {
  KnownCohort known = cohort();
  TableOptions options;
  Planned() { options.default_reader = "ann"; }

  TablePlan plan(const std::string& text) {
    const auto table = readTextTable(text);
    EXPECT_TRUE(table.ok()) << table.error().message;
    auto planned = planTable(*table, known, options);
    EXPECT_TRUE(planned.ok()) << planned.error().message;
    return std::move(planned).value();
  }
  static std::vector<std::string> sentences(const TablePlan& plan) {
    std::vector<std::string> all;
    for (const auto& each : plan.contradictions) all.push_back(toSentence(each));
    return all;
  }
  /// "P1-s1/2 fibrosis"
  static std::vector<std::string> labels(const TablePlan& plan) {
    std::vector<std::string> all;
    for (const auto& each : plan.labels)
      all.push_back(each.stack + "/" + std::to_string(each.slice) + " " +
                    std::string(toText(each.label)));
    return all;
  }
  static std::vector<std::string> roles(const TablePlan& plan) {
    std::vector<std::string> all;
    for (const auto& each : plan.columns) all.emplace_back(toText(each.role));
    return all;
  }
  static std::string fact(const TablePlan& plan, const std::string& patient,
                          const std::string& column) {
    for (const auto& each : plan.facts) {
      if (each.patient == patient && plan.columns[each.column].name == column) return each.value;
    }
    return "none";
  }
};

TEST(TableWords, LabelsAreReadInFourLanguages) {
  for (const char* word :
       {"yes", "Ja ", "J", "oui", "OUI", "1", "true", "vorhanden", "positief", "+", "fibrosis"})
    EXPECT_EQ(labelFromWord(word), Fibrosis) << word;
  for (const char* word :
       {"no", "Nein", "nee", "non", "Non ", "0", "keine", "geen", "aucune", "none"})
    EXPECT_EQ(labelFromWord(word), None) << word;
  for (const char* word : {"?", "unsure", "fraglich", "möglich", "onzeker", "douteux"})
    EXPECT_EQ(labelFromWord(word), Unsure) << word;
  for (const char* word :
       {"not-diagnostic", "nicht beurteilbar", "niet beoordeelbaar", "non interprétable"})
    EXPECT_EQ(labelFromWord(word), NotDiagnostic) << word;
  for (const char* word : {"2", "yesterday", "janein", "10", "", "scar maybe"})
    EXPECT_FALSE(labelFromWord(word)) << word;
  for (const char* word : {"", "NA", "n/a", "—", "-", "k.A.", "inconnu", " "})
    EXPECT_TRUE(saysNothing(word)) << word;
  for (const char* word : {"0", "no", "?"}) EXPECT_FALSE(saysNothing(word)) << word;
}

TEST(TableWords, NamesOfColumnsAreUnderstoodWholeWordByWholeWord) {
  EXPECT_EQ(hintOfName("N° Patient"), NameHint::Patient);
  EXPECT_EQ(hintOfName("patient_id"), NameHint::Patient);
  EXPECT_EQ(hintOfName("Patient name"), NameHint::Identity);
  EXPECT_EQ(hintOfName("Prénom"), NameHint::Identity);
  EXPECT_EQ(hintOfName("Geb.-Datum"), NameHint::Identity);
  EXPECT_EQ(hintOfName("Familial history of coronary artery disease"), NameHint::Nothing);
  EXPECT_EQ(hintOfName("FEVG (%)"), NameHint::Nothing);
  EXPECT_EQ(hintOfName("Schichtnummer"), NameHint::Slice);
  EXPECT_EQ(hintOfName("fibrosis_slices"), NameHint::SliceList);
  EXPECT_EQ(splitUnit("weight [kg]").unit, "kg");
  EXPECT_EQ(splitUnit("Troponine (µg/L)").title, "Troponine");
  EXPECT_EQ(splitUnit("ECG (ST +)").unit, "") << "no unit has a blank";
  EXPECT_EQ(splitUnit("Narbe (ja/nein)").unit, "");
  EXPECT_EQ(sliceOfName("Schicht 04"), 4);
  EXPECT_EQ(sliceOfName("S7"), 7);
  EXPECT_FALSE(sliceOfName("T1"));
  EXPECT_FALSE(sliceOfName("NT-proBNP"));
}

TEST(TableNumbers, DecimalSignsAreProvedNotGuessed) {
  EXPECT_EQ(decimalEvidence("162,5"), DecimalEvidence::Comma);
  EXPECT_EQ(decimalEvidence("1.234,5"), DecimalEvidence::Comma);
  EXPECT_EQ(decimalEvidence("1,234.5"), DecimalEvidence::Point);
  EXPECT_EQ(decimalEvidence("0.125"), DecimalEvidence::Point)
      << "no group of thousands begins with 0";
  EXPECT_EQ(decimalEvidence("1.234"), DecimalEvidence::Either);
  EXPECT_EQ(decimalEvidence("1.234.567"), DecimalEvidence::Comma);
  EXPECT_EQ(decimalEvidence("047"), DecimalEvidence::Whole);
  for (const char* text : {"1.2.2020", "<5", "1E5", "nan", "12 34", "1,2,3", "", "5 kg", "0x10"})
    EXPECT_EQ(decimalEvidence(text), DecimalEvidence::NoNumber) << text;
  EXPECT_EQ(numberFromText("1.234,5", DecimalSign::Comma), 1234.5);
  EXPECT_EQ(numberFromText("1.234", DecimalSign::Comma), 1234);
  EXPECT_EQ(numberFromText("1.234", DecimalSign::Point), 1.234);
  EXPECT_EQ(numberFromText("1\xE2\x80\xAF"
                           "234,5",
                           DecimalSign::Comma),
            1234.5)
      << "French groups";
  EXPECT_EQ(numberFromText("1'234.5", DecimalSign::Point), 1234.5) << "Swiss groups";
  EXPECT_EQ(numberFromText("-3,5 %", DecimalSign::Comma), -3.5);
  EXPECT_FALSE(numberFromText("35.0", DecimalSign::Comma));
  EXPECT_TRUE(isCensoredNumber("<5"));
  EXPECT_FALSE(isCensoredNumber("5"));
}

TEST(TableNumbers, DatesNeedAnOrderOnlyWhereTheyDo) {
  EXPECT_EQ(dateEvidence("2020-03-04"), DateEvidence::Certain);
  EXPECT_EQ(dateEvidence("01.02.2020"), DateEvidence::Certain);
  EXPECT_EQ(dateEvidence("01/02/2020"), DateEvidence::Either);
  EXPECT_EQ(dateEvidence("31/12/2019"), DateEvidence::DayFirst);
  EXPECT_EQ(dateEvidence("12/31/2019"), DateEvidence::MonthFirst);
  EXPECT_EQ(dateEvidence("31.02.2019"), DateEvidence::NoDate);
  EXPECT_EQ(dateEvidence("29.02.2020 08:15"), DateEvidence::Certain);
  EXPECT_EQ(dateFromText("31/12/2019", DateOrder::DayFirst), "2019-12-31");
  EXPECT_EQ(dateFromText("12/31/2019", DateOrder::MonthFirst), "2019-12-31");
}

TEST_F(Planned, OwnTableCountsFromZeroAndNeedsNoQuestion) {
  const auto read = plan(
      "patient,stack,slice,label,reader,time\nP1,P1-s1,3,fibrosis,bob,2026-01-02T03:04:05.000Z\n");
  EXPECT_THAT(roles(read),
              ElementsAre("patient", "stack", "slice", "slice-label", "reader", "time"));
  EXPECT_THAT(read.questions, IsEmpty());
  EXPECT_THAT(labels(read), ElementsAre("P1-s1/3 fibrosis"));
  EXPECT_EQ(read.labels[0].reader, "bob");
  EXPECT_EQ(read.labels[0].time_utc, "2026-01-02T03:04:05.000Z");
}

TEST_F(Planned, FirstSliceIsProvedByAZeroOrByTheLastSliceElseAsked) {
  const auto zero = plan("patient;slice;scar\nP1;0;ja\nP1;4;nein\n");
  EXPECT_EQ(zero.first_slice, 0);
  EXPECT_THAT(zero.first_slice_reason, HasSubstr("line 2 names slice 0"));
  const auto last = plan("patient;slice;scar\nP1;6;ja\nP1;4;nein\n");
  EXPECT_EQ(last.first_slice, 1);
  EXPECT_THAT(labels(last), ElementsAre("P1-s1/3 none", "P1-s1/5 fibrosis"));
  const auto open = plan("patient;slice;scar\nP1;2;ja\nP1;4;nein\n");
  ASSERT_EQ(open.questions.size(), 1U);
  EXPECT_EQ(open.questions[0].question, TableQuestion::FirstSlice);
  const auto both = plan("patient;slice;scar\nP1;0;ja\nP2;5;nein\n");
  ASSERT_EQ(both.questions.size(), 1U);
  EXPECT_THAT(both.questions[0].sentence, HasSubstr("both from 0 and from 1"));
  options.first_slice = 1;
  EXPECT_THAT(labels(plan("patient;slice;scar\nP1;2;ja\n")), ElementsAre("P1-s1/1 fibrosis"));
}

TEST_F(Planned, ListedSlicesArePositiveAndOthersOnlyWhenSaid) {
  const std::string table = "id;fibrosis_slices\nP1;3;4\n";
  EXPECT_EQ(sentences(plan("id;fibrosis_slices\nP1;3;4\n")).size(), 1U)
      << "a list with the separator needs quotes";
  const std::string quoted = "id;fibrosis_slices\nP1;\"3;4;6\"\n007;keine\nP2;\n";
  const auto read = plan(quoted);
  EXPECT_EQ(read.first_slice, 1) << "P1 has 6 slices";
  EXPECT_THAT(labels(read), ElementsAre("007-s1/0 none", "007-s1/1 none", "007-s1/2 none",
                                        "007-s1/3 none", "007-s1/4 none", "P1-s1/2 fibrosis",
                                        "P1-s1/3 fibrosis", "P1-s1/5 fibrosis"));
  EXPECT_THAT(read.notes, Contains(HasSubstr("get no label")));
  options.negative_others = true;
  EXPECT_THAT(labels(plan("id;fibrosis_slices\nP1;3-4,6\n")),
              ElementsAre("P1-s1/0 none", "P1-s1/1 none", "P1-s1/2 fibrosis", "P1-s1/3 fibrosis",
                          "P1-s1/4 none", "P1-s1/5 fibrosis"));
}

TEST_F(Planned, ASingleColumnOfASliceHoldsItsLabels) {
  const auto read = plan("Fall;Schicht 3\nP1;ja\n007;nein\n");
  EXPECT_THAT(roles(read), ElementsAre("patient", "one-slice"));
  EXPECT_EQ(read.columns[1].slice, 3);
  const auto value = plan("Fall;Schicht 3\nP1;12.5\n007;13\n");
  EXPECT_THAT(roles(value), ElementsAre("patient", "number")) << "no label";
}

TEST_F(Planned, OneColumnASliceIsRead) {
  const auto read =
      plan("Fall;Schicht 1;Schicht 2;Schicht 3;Schicht 6\nP1;nein;ja;?;nein\n007;nein;nein;;\n");
  EXPECT_THAT(roles(read),
              ElementsAre("patient", "one-slice", "one-slice", "one-slice", "one-slice"));
  EXPECT_EQ(read.first_slice, 1);
  EXPECT_THAT(labels(read), ElementsAre("007-s1/0 none", "007-s1/1 none", "P1-s1/0 none",
                                        "P1-s1/1 fibrosis", "P1-s1/2 unsure", "P1-s1/5 none"));
}

TEST_F(Planned, SlicesCountedFromTheBaseAreTurnedWhereTheApexComesFirst) {
  options.first_slice = 1;
  options.base_first = true;
  const auto read = plan("id,slice,scar\nP1,1,1\nP2,1,1\n");
  EXPECT_THAT(labels(read), ElementsAre("P1-s1/0 fibrosis", "P2-s1/4 fibrosis"));
}

TEST_F(Planned, IdsKeepTheirZerosAndAlikeOnesAreListed) {
  const auto exact = plan("patient_id,scar\n007,0\n0010,1\n");
  EXPECT_THAT(exact.alike, IsEmpty());
  EXPECT_EQ(fact(exact, "0010", "scar"), "fibrosis");
  const auto alike = plan("patient_id,weight [kg]\n7,70\n10,80\nP001,90\n42,60\n");
  ASSERT_EQ(alike.alike.size(), 3U) << "P001 is P1 or Case_P001";
  EXPECT_EQ(alike.alike[0].found, "007");
  EXPECT_EQ(alike.alike[2].found, "P2");
  EXPECT_THAT(alike.alike[2].how, HasSubstr("pseudonym"));
  EXPECT_THAT(sentences(alike),
              ElementsAre(AllOf(HasSubstr("Line 4"), HasSubstr("Case_P001, P1"))));
  EXPECT_EQ(fact(alike, "0010", "weight [kg]"), "80");
  const auto two = plan("patient_id,weight\n7,70\n007,80\nP1,60\n");
  EXPECT_THAT(sentences(two), ElementsAre(HasSubstr("2 ways"), HasSubstr("2 ways")));
  EXPECT_EQ(two.facts.size(), 1U);
}

TEST_F(Planned, EveryContradictionNamesRowColumnAndValue) {
  options.first_slice = 0;
  const auto read = plan(
      "stack;slice;fibrosis\n"
      "P1-s1;0;0\n"
      "P1-s1;1;1\n"
      "P1-s1;1;0\n"
      "P2-s1;-1;1\n"
      "P3-s1;3;2\n"
      "P3-s2;2,0;ja\n"
      "P9-s1;1;ja\n"
      "P3;1;ja\n");
  EXPECT_THAT(
      sentences(read),
      ElementsAre(AllOf(HasSubstr("Line 4, column 'fibrosis'"), HasSubstr("named twice"),
                        HasSubstr("line 3")),
                  AllOf(HasSubstr("Line 5, column 'slice'"), HasSubstr("slices 0 to 4, not -1")),
                  AllOf(HasSubstr("Line 6, column 'fibrosis'"), HasSubstr("'2' is no label")),
                  AllOf(HasSubstr("Line 8, column 'stack'"), HasSubstr("'P9-s1'")),
                  AllOf(HasSubstr("Line 9, column 'stack'"), HasSubstr("2 stacks"))));
  EXPECT_THAT(labels(read), ElementsAre("P1-s1/0 none", "P3-s2/2 fibrosis"))
      << "rows without a contradiction";
  EXPECT_EQ(read.rows_left, 6) << "both rows of the slice that is named twice";
}

TEST_F(Planned, StackSaidToBeFreeWithAPositiveSliceIsAContradiction) {
  options.first_slice = 1;
  const auto read = plan("id;Narbe;Narbe Schichten\nP1;nein;\"2;3\"\nP2;nein;\n007;ja;2\n");
  EXPECT_THAT(roles(read), ElementsAre("patient", "stack-label", "slice-list"));
  EXPECT_THAT(sentences(read), ElementsAre(AllOf(HasSubstr("Line 2"), HasSubstr("no fibrosis"),
                                                 HasSubstr("'2;3'"))));
  EXPECT_THAT(labels(read), ElementsAre("007-s1/1 fibrosis", "P2-s1/0 none", "P2-s1/1 none",
                                        "P2-s1/2 none", "P2-s1/3 none", "P2-s1/4 none"));
  EXPECT_EQ(fact(read, "007", "Narbe"), "fibrosis");
}

TEST_F(Planned, PatientWithSeveralStacksIsAskedAbout) {
  options.first_slice = 0;
  const std::string table = "id,slice,scar\nP3,1,yes\n";
  ASSERT_EQ(plan(table).questions.size(), 1U);
  EXPECT_EQ(plan(table).questions[0].question, TableQuestion::AllStacks);
  options.all_stacks = true;
  EXPECT_THAT(labels(plan(table)), ElementsAre("P3-s1/1 fibrosis", "P3-s2/1 fibrosis"));
  EXPECT_EQ(labels(plan("id,scar\nP3,no\n")).size(), 8U)
      << "no holds for all of them without a question";
}

TEST_F(Planned, ClinicalColumnsGetKindUnitAndDecimalSign) {
  options.keep_identity = true;
  const auto read = plan(
      "Case;Sexe;Âge;Taille (cm);FEVG (%);Troponine (µg/L);NT-proBNP;Infarctus;Date IRM\r\n"
      "P1;F;61;162,5;35,0;1.234,5;447;oui;31/12/2019\r\n"
      "P2;M;047;178;55,25;;36;non;01/02/2020\r\n"
      "N003;M;70;—;60;NA;<5;Non ;2020-03-04\r\n"
      "P2;M;47;178;55,25;110;36;OUI;01/02/2020\r\n");
  EXPECT_THAT(roles(read), ElementsAre("patient", "category", "number", "number", "number",
                                       "number", "number", "stack-label", "date"));
  EXPECT_EQ(read.columns[3].unit, "cm");
  EXPECT_EQ(read.columns[3].decimal, DecimalSign::Comma);
  EXPECT_EQ(fact(read, "P1", "Taille (cm)"), "162.5");
  EXPECT_EQ(fact(read, "P1", "Troponine (µg/L)"), "1234.5");
  EXPECT_EQ(fact(read, "P1", "Date IRM"), "2019-12-31");
  EXPECT_EQ(fact(read, "N003", "NT-proBNP"), "<5");
  EXPECT_EQ(fact(read, "N003", "Taille (cm)"), "none") << "a dash says nothing";
  // 047 and 47 are one age; the infarct is what the two rows of P2 disagree on.
  ASSERT_EQ(read.contradictions.size(), 1U);
  EXPECT_EQ(read.contradictions[0].column, "Infarctus");
  EXPECT_THAT(read.contradictions[0].lines, ElementsAre(3, 5));
  EXPECT_EQ(read.contradictions[0].value, "OUI");
  EXPECT_EQ(labels(read).size(), 7U) << "N003 is free of fibrosis";
}

TEST_F(Planned, NamesDatesAndFreeTextStayOutOfAPseudonymousProject) {
  const std::string table =
      "id,Name,geboren,Bemerkung,sex,MR-Datum\nP1,Müller,01.02.1950,\"kam spät, ging "
      "früh\",f,03.04.2020\n";
  const auto left = plan(table);
  EXPECT_THAT(roles(left),
              ElementsAre("patient", "ignored", "ignored", "ignored", "category", "ignored"));
  for (const std::size_t i : {1, 2, 3, 5})
    EXPECT_THAT(left.columns[i].reason, HasSubstr("may say who a patient is")) << i;
  EXPECT_EQ(left.facts.size(), 1U);
  options.roles["Name"] = ColumnRole::Text;
  const auto refused = planTable(*readTextTable(table), known, options);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("--identity keep"));
  options.keep_identity = true;
  EXPECT_EQ(fact(plan(table), "P1", "Name"), "Müller");
  EXPECT_EQ(fact(plan(table), "P1", "geboren"), "1950-02-01");
}

TEST_F(Planned, ThousandsOrDecimalsIsAskedWhereNothingTells) {
  const std::string table = "id;dose\nP1;1.234\nP2;2.500\n";
  ASSERT_EQ(plan(table).questions.size(), 1U);
  EXPECT_EQ(plan(table).questions[0].question, TableQuestion::Decimal);
  options.decimal = DecimalSign::Comma;
  EXPECT_EQ(fact(plan(table), "P1", "dose"), "1234");
  options.decimal.reset();
  EXPECT_EQ(fact(plan("id;dose;w\nP1;1.234;70,5\n"), "P1", "dose"), "1234")
      << "the other column tells";
  EXPECT_EQ(roles(plan("id;dose\nP1;1,5\nP2;1.5\n"))[1], "category") << "both signs: as written";
}

TEST_F(Planned, FactsOfSlicesAreNoFactsOfThePatient) {
  options.first_slice = 0;
  const auto read = plan("id,slice,scar,scar mass [g],age\nP1,1,1,3.5,60\nP1,2,0,0.0,60\n");
  EXPECT_THAT(roles(read), ElementsAre("patient", "slice", "slice-label", "ignored", "number"));
  EXPECT_EQ(fact(read, "P1", "age"), "60");
}

TEST_F(Planned, APersonOverrulesEveryColumn) {
  options.roles = {
      {"K", ColumnRole::Patient}, {"LGE+", ColumnRole::StackLabel}, {"x", ColumnRole::Ignored}};
  const auto read = plan("K,LGE+,x\nP1,no,1\n");
  EXPECT_THAT(roles(read), ElementsAre("patient", "stack-label", "ignored"));
  EXPECT_EQ(read.labels.size(), 6U);
  options.roles = {{"nowhere", ColumnRole::Patient}};
  EXPECT_THAT(planTable(*readTextTable("id,x\nP1,1\n"), known, options).error().message,
              HasSubstr("it has 'id', 'x'"));
  options.roles = {{"id", ColumnRole::Patient}, {"x", ColumnRole::Patient}};
  EXPECT_FALSE(planTable(*readTextTable("id,x\nP1,1\n"), known, options).ok());
}

TEST_F(Planned, YesOfWholeStacksAloneIsSaidWhoseItBecomes) {
  options.roles = {{"K", ColumnRole::Patient}, {"LGE+", ColumnRole::StackLabel}};
  const auto read = plan("K,LGE+\nP1,yes\n");
  EXPECT_TRUE(read.labels.empty());
  ASSERT_EQ(read.stack_labels.size(), 1U);
  EXPECT_EQ(read.stack_labels[0].reader, "ann");
  EXPECT_THAT(read.notes, Contains(HasSubstr("the labels belong to 'ann'")));
}

TEST_F(Planned, TableWithoutRowsOrSubjectIsRefusedInWords) {
  EXPECT_THAT(planTable(*readTextTable("id;label\r\n"), known, options).error().message,
              HasSubstr("no row"));
  const auto read = plan("weight,height\n70,180\n");
  ASSERT_EQ(read.questions.size(), 1U);
  EXPECT_EQ(read.questions[0].question, TableQuestion::Subject);
  EXPECT_EQ(roles(plan("Kuerzel,weight\nP1,70\nP2,80\n"))[0], "patient") << "by its values";
}

TEST_F(Planned, OneOddCellDoesNotTakeTheLabelsOfItsSliceColumnAlong) {
  const auto read = plan("patient,slice 0,slice 1,slice 2\nP1,0,0,1\nP2,0,x,-\n");
  EXPECT_THAT(roles(read), ElementsAre("patient", "one-slice", "one-slice", "one-slice"));
  ASSERT_EQ(read.contradictions.size(), 1U);
  EXPECT_EQ(read.contradictions[0].column, "slice 1");
  EXPECT_EQ(read.contradictions[0].value, "x");
  EXPECT_THAT(read.contradictions[0].lines, ElementsAre(3));
  EXPECT_THAT(labels(read), ElementsAre("P1-s1/0 none", "P1-s1/1 none", "P1-s1/2 fibrosis"));
  const auto list = plan("id;fibrosis_slices\n007;0;\nP1;2-3;\nP2;apical;\n");
  EXPECT_EQ(roles(list)[1], "slice-list");
  ASSERT_EQ(list.contradictions.size(), 1U);
  EXPECT_EQ(list.contradictions[0].value, "apical");
  EXPECT_EQ(roles(plan("id,slice 1,slice 2\nP1,3.5,2.1\nP2,1,4.0\n"))[1], "number")
      << "grams of scar are no labels";
}

TEST_F(Planned, TwoColumnsOfOneNameAreAskedAboutAndWriteNothing) {
  const std::string table = "patient,scar,scar\nP1,0,1\nP2,0,0\n";
  const auto asked = plan(table);
  ASSERT_EQ(asked.questions.size(), 1U);
  EXPECT_EQ(asked.questions[0].question, TableQuestion::Column);
  EXPECT_THAT(asked.questions[0].sentence, HasSubstr("2 columns are called 'scar'"));
  EXPECT_THAT(labels(asked), IsEmpty());
  EXPECT_THAT(asked.facts, IsEmpty());
  options.roles["scar (2)"] = ColumnRole::Ignored;
  EXPECT_THAT(plan(table).questions, IsEmpty());
  EXPECT_EQ(labels(plan(table)).size(), 11U);
  options.roles = {{"scar", ColumnRole::Ignored}, {"scar (2)", ColumnRole::StackLabel}};
  EXPECT_THAT(plan(table).questions, IsEmpty());
  EXPECT_EQ(labels(plan(table)).size(), 5U) << "P2 alone is free";
  options.roles.clear();
  const auto copy = plan("patient,age,age\nP1,60,60\nP2,70,70\n");
  EXPECT_THAT(copy.questions, IsEmpty());
  EXPECT_THAT(roles(copy), ElementsAre("patient", "number", "ignored"));
}

TEST_F(Planned, NamesAddressesAndRecordNumbersStayOutUnderHarmlessHeaders) {
  const std::string table =
      "patient,field1,field2,field3,sex\nP1,Hans Meier,88776655,a@b.de,f\n"
      "P2,Erna Schulz,88776656,c@d.de,m\nN003,\"ÖZGÜR, Ülkü\",88776657,e@d.de,m\n";
  const auto left = plan(table);
  EXPECT_THAT(roles(left), ElementsAre("patient", "ignored", "ignored", "ignored", "category"));
  EXPECT_THAT(left.columns[1].reason, HasSubstr("3 of its 3 values look like names of people"));
  EXPECT_THAT(left.columns[2].reason, HasSubstr("record numbers"));
  EXPECT_THAT(left.columns[3].reason, HasSubstr("e-mail addresses"));
  EXPECT_EQ(left.facts.size(), 3U) << "of the sex alone";
  options.roles = {{"field2", ColumnRole::Number}, {"field1", ColumnRole::Category}};
  EXPECT_THAT(roles(plan(table)),
              ElementsAre("patient", "category", "number", "ignored", "category"));
  options.roles.clear();
  options.keep_identity = true;
  EXPECT_EQ(fact(plan(table), "P1", "field1"), "Hans Meier");
}

TEST_F(Planned, DiagnosesAndBigValuesAreNoIdentities) {
  const auto read = plan(
      "patient,group,probnp,segment\nP1,Dilated Cardiomyopathy,1234,LAD RCA\n"
      "P2,Dilated Cardiomyopathy,123456,LCX\nN003,Myocardial Infarction,800,LAD\n"
      "007,Dilated Cardiomyopathy,36,RCA\n");
  EXPECT_THAT(roles(read), ElementsAre("patient", "category", "number", "category"));
}

TEST_F(Planned, DatesOfASpreadsheetStayOutByTheirHeader) {
  const std::string table = "patient,MRI date,lvef,last update\nP1,43831,44,3\nP2,43832,55,4\n";
  const auto left = plan(table);
  EXPECT_THAT(roles(left), ElementsAre("patient", "ignored", "number", "number"));
  EXPECT_THAT(left.columns[1].reason, HasSubstr("its name is a word for a date"));
  options.roles["MRI date"] = ColumnRole::Number;
  EXPECT_EQ(fact(plan(table), "P2", "MRI date"), "43832");
  options.roles.clear();
  EXPECT_EQ(roles(plan("patient,seen\nP1,2020-01-31\nP2,later\n"))[1], "ignored")
      << "one word among dates makes no category of them";
  EXPECT_EQ(roles(plan("patient,date known\nP1,yes\nP2,no\n"))[1], "category");
}

TEST_F(Planned, RaggedRowsAreContradictions) {
  const auto read = plan("id,scar,slice\nP1,1\nP2,0,3,4\n007,1,0\n");
  EXPECT_THAT(sentences(read), ElementsAre(HasSubstr("Line 2: 2 fields where the header has 3"),
                                           HasSubstr("Line 3: 4 fields")));
  EXPECT_THAT(labels(read), ElementsAre("007-s1/0 fibrosis"));
}

}  // namespace
}  // namespace gadolin
