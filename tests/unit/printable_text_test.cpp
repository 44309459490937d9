// Texts of foreign files cannot command the terminal that shows them.

#include "core/base/printable_text.h"

#include <gtest/gtest.h>

namespace gadolin {
namespace {

TEST(PrintableText, EscapeSequencesAndTurnedTextAreShownAsSigns) {
  EXPECT_EQ(printableText("\x1B[31mred\x07"), "\uFFFD[31mred\uFFFD");
  EXPECT_EQ(printableText("a\rb\x7F"), "a\uFFFDb\uFFFD");
  EXPECT_EQ(printableText("\u009B2J"), "\uFFFD2J") << "C1 has an escape of one letter";
  EXPECT_EQ(printableText("\u202Eevil\u2066x\u2069"), "\uFFFDevil\uFFFDx\uFFFD");
  EXPECT_EQ(printableText("\x9B"
                          "2J"),
            "\uFFFD2J")
      << "no UTF-8";
  EXPECT_EQ(printableText(std::string("a\0b", 3)), "a\uFFFDb");
}

TEST(PrintableText, PlainTextOfAnyScriptStaysAsItIs) {
  for (const char* text :
       {"Müller – 5 µg/L", "محمد", "\U0001FAC0 a\u00A0b", "two\nlines\tand a tab", ""})
    EXPECT_EQ(printableText(text), text);
}

TEST(PrintableText, NameCannotBeginALineOfItsOwn) {
  EXPECT_EQ(printableLine("a\nDone: 7 stacks.\t"), "a\uFFFDDone: 7 stacks.\uFFFD");
}

}  // namespace
}  // namespace gadolin
