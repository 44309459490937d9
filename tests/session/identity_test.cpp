#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/base/files.h"
#include "tests/support/temp_folder.h"
#include "ui/session/identity_leftovers.h"
#include "ui/session/identity_scrubber.h"
#include "ui/session/key_table.h"
#include "ui/session/project.h"

namespace gadolin::session {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

DicomHeader hansMueller() {
  DicomHeader h;
  h.patient_id = "KH-00472/19";
  h.patient_name = "Müller^Hans Peter";
  h.birth_date = "19510214";
  h.other_identities = {"Weiß^Ute^^Dr."};
  return h;
}

TEST(IdentityScrubberTest, NamesNumbersAndBirthDatesGoHoweverTheyAreWritten) {
  IdentityScrubber scrubber;
  scrubber.learn(hansMueller(), "P1");
  EXPECT_EQ(scrubber.clean("Mueller, hans/LGE_SAX/IM001.dcm"), "P1/LGE_SAX/IM001.dcm");
  EXPECT_EQ(scrubber.clean("MÜLLER_HP.dcm"), "P1_HP.dcm");
  EXPECT_EQ(scrubber.clean("muller 14.2.1951"), "P1 P1");
  EXPECT_EQ(scrubber.clean("14FEB1951"), "P1");
  EXPECT_EQ(scrubber.clean("1951-2-14, 140251"), "P1, P1");
  EXPECT_EQ(scrubber.clean("geb. 14.02.1951"), "geb. P1");
  EXPECT_EQ(scrubber.clean("19510214_LGE"), "P1_LGE");
  EXPECT_EQ(scrubber.clean("1951-02-14"), "P1");
  EXPECT_EQ(scrubber.clean("KH00472.19"), "P1.19") << "the digits of the number are enough";
  EXPECT_EQ(scrubber.clean("KH 00472 19"), "P1");
  EXPECT_EQ(scrubber.clean("export/KH0047219/x"), "export/P1/x");
  EXPECT_EQ(scrubber.clean("HansMueller01/a"), "P1/a");
  EXPECT_EQ(scrubber.clean("Dr. Weiss: PSIR SAX"), "[name]: PSIR SAX");
}

TEST(IdentityScrubberTest, WhatNamesNobodyStaysAsItIs) {
  IdentityScrubber scrubber;
  EXPECT_EQ(scrubber.clean("Müller"), "Müller");
  scrubber.learn(hansMueller(), "P1");
  for (const auto* text : {"LGE SAX PSIR 8mm", "Enhanced 2CH", "心臓/Ж", "", "a^b", "IM0047.dcm"})
    EXPECT_EQ(scrubber.clean(text), text);
  DicomHeader plain;  // a number of one digit is in every file name
  plain.patient_id = "1";
  plain.patient_name = "A B";
  scrubber.learn(plain, "P2");
  EXPECT_EQ(scrubber.clean("a/b/1.dcm"), "a/b/1.dcm");
}

TEST(IdentityScrubberTest, NamesInIdeogramsShortNamesAndParticlesAreKnown) {
  IdentityScrubber scrubber;
  DicomHeader header;
  header.patient_id = "77";
  header.patient_name = "Yamada^Tarou=山田^太郎";
  scrubber.learn(header, "P1");
  header.patient_name = "Li^Bo";
  scrubber.learn(header, "P2");
  header.patient_name = "Wit^Jan^^de";
  scrubber.learn(header, "P3");
  EXPECT_EQ(scrubber.clean("山田太郎_6.dcm"), "P1_6.dcm");
  EXPECT_EQ(scrubber.clean("Li Bo, LGE"), "P2, LGE");
  EXPECT_EQ(scrubber.clean("LiBo_6"), "P2_6");
  EXPECT_EQ(scrubber.clean("LiBo77_6.dcm"), "P2_6.dcm");
  EXPECT_EQ(scrubber.clean("dewit/1"), "P3/1");
  EXPECT_EQ(scrubber.clean("li 77 bo"), "li 77 bo") << "two letters alone name nobody";
}

TEST(IdentityScrubberTest, APatientCalledSaxDoesNotTurnEveryShortAxisIntoAName) {
  IdentityScrubber scrubber;
  DicomHeader header;
  header.patient_id = "4711";
  header.patient_name = "Sax^Adolphe";
  scrubber.learn(header, "P1");
  header.birth_date = "19800202";
  scrubber.learn(header, "P1");
  EXPECT_EQ(scrubber.cleanDescription("T2 1980-2-2"), "T2 P1") << "a digit is no word of the trade";
  EXPECT_EQ(scrubber.cleanDescription("LGE SAX Adolphe"), "LGE SAX P1");
  EXPECT_EQ(scrubber.cleanDescription("Adolphe SAX LGE"), "P1 SAX LGE");
  EXPECT_EQ(scrubber.clean("Sax_Adolphe/1.dcm"), "P1/1.dcm") << "a folder names the person";
}

TEST(IdentityScrubberTest, APatientCalledPatientDoesNotTurnSentencesIntoPseudonyms) {
  IdentityScrubber scrubber;
  DicomHeader header;
  header.patient_id = "Unknown";
  header.patient_name = "Patient^Slices^Name";
  header.other_identities = {"Other^Weiss"};
  scrubber.learn(header, "P1");
  const std::string sentence =
      "Its header has no position or orientation (ImagePositionPatient): the slices cannot be placed.";
  EXPECT_EQ(scrubber.clean(sentence), sentence);
  EXPECT_EQ(scrubber.clean("at other times, Dr. Weiss"), "at other times, Dr. [name]");
  EXPECT_EQ(scrubber.clean("Patient Slices, LGE"), "P1, LGE") << "together they are a name";
}

TEST(IdentityLeftoversTest, NamesUidsDatesAndAddressesAreSeen) {
  EXPECT_EQ(looksLikeIdentity("Doe^Jane"), "a name as DICOM writes it");
  EXPECT_EQ(looksLikeIdentity("see 1.2.840.113619.2.55.3.12"), "a DICOM UID");
  EXPECT_EQ(looksLikeIdentity("scan_20240229.dcm"), "a date");
  EXPECT_EQ(looksLikeIdentity("born 29.02.1944"), "a date");
  EXPECT_EQ(looksLikeIdentity("2024-02-29 control"), "a date");
  EXPECT_EQ(looksLikeIdentity("ask ute.weiss@klinik.example"), "an address of e-mail");
  EXPECT_TRUE(looksLikeIdentity(std::string(10'000, 'x') + " Doe^Jane"));
  for (const auto* text : {"LGE SAX", "P1a2b3c4d-s1", "Case_P001", "1.25 x 0.75 x 10 mm", "2^3", "99999999",
                           "slices 3 and 4 lie 20 mm apart", "0.9375", "20241399"})
    EXPECT_FALSE(looksLikeIdentity(text)) << text;
}

TEST(KeyTableTest, RowsAreAddedAndReadBackAsTheyAre) {
  test::TempFolder folder;
  const fs::path file = folder.path() / "keys.csv";
  KeyTable rows;
  rows["P1"] = {"007", "Müller^\"Hans\"", "19510214", "a/b, c.dcm"};
  rows["P2"] = {"-12", "=cmd()", "", "x"};
  ASSERT_TRUE(addToKeyTable(file, rows).ok());
  EXPECT_EQ(readKeyTable(file).value(), rows);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);

  KeyTable more;
  more["P1"] = {"007", "Müller^Hans", "19510214", "other"};
  more["P3"] = {"9", "", "", "y"};
  ASSERT_TRUE(addToKeyTable(file, more).ok());
  const auto all = readKeyTable(file).value();
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(all.at("P1").patient_name, "Müller^Hans");
  EXPECT_EQ(all.at("P1").first_file, "a/b, c.dcm");
}

TEST(KeyTableTest, ItNeverLiesInAProjectNorReplacesAnotherFile) {
  test::TempFolder folder;
  ASSERT_TRUE(Project::create(folder.path() / "p.gadolin").ok());
  const auto inside = checkKeyTablePlace(folder.path() / "p.gadolin" / "runs" / "keys.csv");
  ASSERT_FALSE(inside.ok());
  EXPECT_EQ(inside.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(inside.error().message, HasSubstr("lies in the project"));
  fs::create_directory_symlink(folder.path() / "p.gadolin", folder.path() / "link");
  EXPECT_FALSE(checkKeyTablePlace(folder.path() / "link" / "keys.csv").ok());

  std::ofstream(folder.path() / "thesis.csv") << "chapter,words\n1,2\n";
  EXPECT_EQ(addToKeyTable(folder.path() / "thesis.csv", {{"P1", {}}}).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(readFile(folder.path() / "thesis.csv").value(), "chapter,words\n1,2\n");
  EXPECT_EQ(checkKeyTablePlace(folder.path() / "nowhere" / "keys.csv").error().code, ErrorCode::NotFound);
  EXPECT_TRUE(checkKeyTablePlace(folder.path() / "keys.csv").ok());
}

}  // namespace
}  // namespace gadolin::session
