#include "core/base/text_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gadolin {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string utf16(std::u16string_view text, bool little, bool mark) {
  std::string bytes;
  const auto put = [&](char16_t unit) {
    const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
    bytes += little ? low : high;
    bytes += little ? high : low;
  };
  if (mark) put(0xFEFF);
  for (const char16_t unit : text) put(unit);
  return bytes;
}

TEST(TextDecoding, EveryEncodingOfALabGivesTheSameText) {
  const std::string text = "Âge;Troponine (µg/L)\n—;é\n";
  struct Case {
    std::string bytes;
    TextEncoding encoding;
  };
  const std::u16string wide = u"Âge;Troponine (µg/L)\n—;é\n";
  const std::vector<Case> cases{
      {text, TextEncoding::Utf8},
      {"\xEF\xBB\xBF" + text, TextEncoding::Utf8Mark},
      {utf16(wide, true, true), TextEncoding::Utf16Le},
      {utf16(wide, false, true), TextEncoding::Utf16Be},
      {utf16(wide, true, false), TextEncoding::Utf16Le},
      {utf16(wide, false, false), TextEncoding::Utf16Be},
      {"\xC2ge;Troponine (\xB5g/L)\n\x97;\xE9\n", TextEncoding::Windows1252},
  };
  for (const auto& one : cases) {
    const auto decoded = decodeText(one.bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    // The dash lies outside Latin-1, so half of the bytes need not be zero.
    EXPECT_EQ(decoded->utf8, text) << toText(one.encoding);
    EXPECT_EQ(decoded->encoding, one.encoding);
  }
}

TEST(TextDecoding, OldMacintoshTextIsToldByItsLineEnds) {
  const auto decoded = decodeText("\xE5ge;\xB5g\r\xD1;\x8E\r");
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->encoding, TextEncoding::MacRoman);
  EXPECT_EQ(decoded->utf8, "Âge;µg\r—;é\r");
}

TEST(TextDecoding, WhatIsNoTextIsNamed) {
  using namespace std::string_literals;
  EXPECT_THAT(decodeText("PK\x03\x04 rest").error().message, HasSubstr("workbook"));
  EXPECT_THAT(decodeText("\xD0\xCF\x11\xE0\xA1"s).error().message, HasSubstr("workbook"));
  EXPECT_THAT(decodeText("a\0b,c"s).error().message, HasSubstr("zero bytes"));
  EXPECT_THAT(decodeText("\xFF\xFE\0\0a\0\0\0"s).error().message, HasSubstr("UTF-32"));
  EXPECT_EQ(decodeText("\xFF\xFE"
                       "a\0b"s)
                .error()
                .code,
            ErrorCode::Corrupt)
      << "half a letter";
  EXPECT_EQ(decodeText("\xFF\xFE\x00\xDC"
                       "a\0"s)
                .error()
                .code,
            ErrorCode::Corrupt)
      << "half a pair";
  EXPECT_EQ(decodeText("\xEF\xBB\xBF"
                       "\xC2ge"s)
                .error()
                .code,
            ErrorCode::Corrupt);
  EXPECT_EQ(decodeText("\xED\xA0\x80"s)->encoding, TextEncoding::Windows1252)
      << "a surrogate is no UTF-8";
}

TEST(TextTables, SeparatorIsTheOneThatMakesRowsAlike) {
  const auto semicolon = readTextTable("id;weight\nP1;70,5\nP2;81,25\n");
  EXPECT_EQ(semicolon->separator, ';');
  EXPECT_THAT(semicolon->rows[1].fields, ElementsAre("P2", "81,25"));
  EXPECT_EQ(readTextTable("id,comment\nP1,\"a; b; c\"\nP2,\"d; e; f\"\n")->separator, ',');
  EXPECT_EQ(readTextTable("id\tname, first\nP1\tA, B\n")->separator, '\t');
  EXPECT_EQ(readTextTable("id|x\nP1|2\n")->separator, '|');
  const auto named = readTextTable("sep=;\r\nid;a,b\r\nP1;1\r\n");
  EXPECT_TRUE(named->separator_named);
  EXPECT_THAT(named->header, ElementsAre("id", "a,b"));
  EXPECT_EQ(named->rows[0].line, 3);
  EXPECT_THAT(readTextTable("a;b,c\n1;2,3\n", ',')->header, ElementsAre("a;b", "c"))
      << "a person overrules";
}

TEST(TextTables, QuotedLineBreaksAndEveryLineEndAreRead) {
  const std::string lf = "id,comment\nP1,\"two\nlines, \"\"quoted\"\"\"\nP2,x\n";
  for (const char* end : {"\n", "\r\n", "\r"}) {
    std::string text;
    for (const char c : lf) text += c == '\n' ? std::string(end) : std::string(1, c);
    const auto table = readTextTable(text);
    ASSERT_TRUE(table.ok());
    ASSERT_EQ(table->rows.size(), 2U);
    EXPECT_EQ(table->rows[0].fields[1], "two\nlines, \"quoted\"");
    EXPECT_EQ(table->rows[1].line, 4) << "lines are counted as an editor does";
  }
  EXPECT_THAT(readTextTable("a,b\n1,\"open\n2,3\n").error().message, HasSubstr("Line 2"));
}

TEST(TextTables, BlanksOfEveryKindAreTrimmedAndEmptyColumnsGo) {
  const auto table =
      readTextTable("id\xC2\xA0,label ,,,\n\xC2\xA0P1 , ja\xC2\xA0,,,\n,,,,\nP2,\" x \",,,");
  EXPECT_THAT(table->header, ElementsAre("id", "label"));
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_THAT(table->rows[0].fields, ElementsAre("P1", "ja"));
  EXPECT_THAT(table->rows[1].fields, ElementsAre("P2", " x "));
  EXPECT_THAT(table->notes,
              ElementsAre("3 columns have neither a name nor a value and were left out."));
}

TEST(TextTables, RaggedRowsAreKeptAndSaid) {
  const auto table = readTextTable("id,scar,slice\nP1,1\nP2,0,3,4\nP3,1,2\nP4,1,2,,\n");
  ASSERT_EQ(table->rows.size(), 4U);
  EXPECT_TRUE(table->isRagged(table->rows[0]));
  EXPECT_EQ(table->rows[0].found_fields, 2);
  EXPECT_TRUE(table->isRagged(table->rows[1]));
  EXPECT_EQ(table->rows[1].found_fields, 4);
  EXPECT_FALSE(table->isRagged(table->rows[2]));
  EXPECT_FALSE(table->isRagged(table->rows[3])) << "only empty fields too many";
}

TEST(TextTables, ColumnsWithoutAndWithTheSameNameAreToldApart) {
  const auto table = readTextTable("id,,value,value\nP1,x,1,2\n");
  EXPECT_THAT(table->header, ElementsAre("id", "Column 2", "value", "value (2)"));
  EXPECT_EQ(table->notes.size(), 2U);
}

TEST(TextTables, EmptyFilesAreRefused) {
  for (const char* text : {"", "\n\n", "\xEF\xBB\xBF", " ; ;\r\n", "sep=;\r\n"})
    EXPECT_THAT(readTextTable(text).error().message, HasSubstr("empty")) << text;
  EXPECT_THAT(readTextTable("id,label\n")->rows, IsEmpty());
}

}  // namespace
}  // namespace gadolin
