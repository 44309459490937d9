#include "core/imaging/io/dicom_charset.h"

#include <gtest/gtest.h>

#include <fstream>
#include <ostream>

#include "core/imaging/io/dicom_reader.h"
#include "tests/support/shared_data.h"

namespace gadolin::io {
namespace {

struct Written {
  const char* set;
  std::string bytes;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const Written& one) {
  return out << one.set;
}

class CharacterSet : public testing::TestWithParam<Written> {};
TEST_P(CharacterSet, IsReadAsItWasWritten) {
  EXPECT_EQ(textAsUtf8(GetParam().bytes, GetParam().set), GetParam().text);
}

// The Japanese, Korean and Chinese names are the examples of PS3.5, annexes H to K.
INSTANTIATE_TEST_SUITE_P(
    Names, CharacterSet,
    testing::Values(
        Written{"ISO_IR 100", "Buc^J\xe9r\xf4me", "Buc^Jérôme"},
        Written{"ISO_IR 101", "Wa\xb3\xeasa", "Wałęsa"},
        Written{"ISO_IR 148",
                "\xdd"
                "brahim^Y\xfdlmaz",
                "İbrahim^Yılmaz"},
        Written{"ISO_IR 144", "\xbb\xee\xda\xe1\xd5\xdc\xd1\xe3\xe0\xd3", "Люксембург"},
        Written{"ISO_IR 126", "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"},
        Written{"ISO_IR 127", "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"},
        Written{"ISO_IR 138", "\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "שרון^דבורה"},
        Written{"ISO_IR 166", "\xca\xc1\xaa\xd2\xc2", "สมชาย"},
        Written{"ISO_IR 192", "Wang^XiaoDong=王^小东", "Wang^XiaoDong=王^小东"},
        Written{"GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"},
        Written{"ISO_IR 13", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3", "ﾔﾏﾀﾞ^ﾀﾛｳ"},
        Written{
            "\\ISO 2022 IR 87",
            "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう"},
        Written{"ISO 2022 IR 13\\ISO 2022 IR 87",
                "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b("
                "J^\x1b$B$?$m$&\x1b(J",
                "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"},
        Written{"\\ISO 2022 IR 149",
                "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)"
                "C\xb1\xe6\xb5\xbf",
                "Hong^Gildong=洪^吉洞=홍^길동"},
        Written{"\\ISO 2022 IR 58", "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab",
                "Zhang^XiaoDong=张^小东"},
        Written{"ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126",
                "Dionysios is \x1b-F\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2\x1b-A J\xe9r\xf4me "
                "\x1b-L\xbb\xee\xda\xe1",
                "Dionysios is Διονυσιος Jérôme Люкс"}));

TEST(CharacterSetTest, BytesThatTheNamedSetDoesNotAllowStay) {
  EXPECT_EQ(textAsUtf8("M\xfcller", ""), "M\xfcller");
  EXPECT_EQ(textAsUtf8("M\xfcller", "ISO 2022 IR 6"), "M\xfcller");
  EXPECT_EQ(textAsUtf8("\x1b$)Cx\xff", "\\ISO 2022 IR 149"), "\x1b$)Cx\xff");
  EXPECT_EQ(textAsUtf8("\x1b%Gx\xff", "ISO 2022 IR 100"), "\x1b%Gx\xff");
}

TEST(CharacterSetTest, NamesOfRealFilesAreRead) {
  const auto folder = test::sharedData("hard/pydicom/charset_files");
  if (folder.empty()) GTEST_SKIP() << "The collection of hard files is not on this machine.";
  const std::pair<const char*, const char*> names[] = {
      {"chrArab.dcm", "قباني^لنزار"},
      {"chrFren.dcm", "Buc^Jérôme"},
      {"chrGerm.dcm", "Äneas^Rüdiger"},
      {"chrGreek.dcm", "Διονυσιος"},
      {"chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう"},
      {"chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"},
      {"chrHbrw.dcm", "שרון^דבורה"},
      {"chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동"},
      {"chrX1.dcm", "Wang^XiaoDong=王^小東="},
      {"chrX2.dcm", "Wang^XiaoDong=王^小东="},
  };
  for (const auto& [file, name] : names) {
    const auto headers = readDicomHeaders(folder / file);
    ASSERT_TRUE(headers.ok()) << file;
    EXPECT_EQ(headers->front().patient_name, name) << file;
  }
}

}  // namespace
}  // namespace gadolin::io
