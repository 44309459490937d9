#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "database/journal.h"
#include "database/stacks.h"
#include "tests/session/import_main.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/temp_folder.h"
#include "ui/session/import_identities.h"
#include "ui/session/importer.h"
#include "ui/session/key_table.h"
#include "ui/session/project_check.h"

namespace gadolin::session {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class ImportIdentityTest : public testing::Test {
 protected:
  void SetUp() override {
    project_ = std::move(Project::create(folder_.path() / "p.gadolin")).value();
    test::DicomSpec like;
    like.patient = "KH00472";
    like.name = "Mueller^Hans";
    like.born = "19510214";
    like.physician = "Weiss^Ute";
    like.description = "LGE SAX Mueller 14.02.1951";
    for (int i = 0; i < 4; ++i) {
      test::DicomSpec spec = like;
      spec.sop += "." + std::to_string(i);
      spec.position = "1\\2\\" + std::to_string(100 - 10 * i - (i == 3 ? 10 : 0));  // a gap is noted
      write("Mueller_Hans/KH00472_" + std::to_string(i) + ".dcm", test::dicomBytes(spec));
    }
    test::DicomSpec burned = like;
    burned.series += ".9";
    burned.sop += ".9";
    burned.burned_in = "YES";
    write("Mueller_Hans/capture.dcm", test::dicomBytes(burned));
    write("Mueller_Hans/Hans Mueller.dcm", test::dicomBytes(like).substr(0, 300));
  }
  void write(const fs::path& below, const std::string& bytes) {
    fs::create_directories((folder_.path() / "in" / below).parent_path());
    std::ofstream(folder_.path() / "in" / below, std::ios::binary) << bytes;
  }
  Result<ImportSummary> import(ImportRequest request = {}) {
    request.paths = {folder_.path() / "in"};
    Importer importer(*project_);
    return importer.run(request);
  }

  test::TempFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(ImportIdentityTest, NothingInTheProjectNamesThePatient) {
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 1);
  ASSERT_EQ(summary->refused.size(), 2U);
  EXPECT_EQ(summary->refused[0].path, "Mueller_Hans/Hans Mueller.dcm") << "said to the person who asked";
  EXPECT_EQ(summary->refused[1].code, "burned-in");
  const auto stack = db::allStacks(project_->reader())->at(0);
  EXPECT_EQ(stack.description, "LGE SAX " + stack.patient + " " + stack.patient);
  EXPECT_THAT(stack.notes, testing::Contains(HasSubstr("(" + stack.patient + "_2.dcm and " + stack.patient + "_3.dcm)")));
  const auto refusals = db::refusals(project_->reader()).value();
  ASSERT_EQ(refusals.size(), 2U);
  EXPECT_EQ(refusals[0].path, stack.patient + "/" + stack.patient + ".dcm");

  project_.reset();  // everything is in the files
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "p.gadolin")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    for (const auto* word : {"Mueller", "mueller", "Hans", "KH00472", "Weiss", "19510214", "14.02.1951"})
      EXPECT_EQ(bytes.find(word), std::string::npos) << word << " in " << entry.path();
  }
}

TEST_F(ImportIdentityTest, SentencesThatTheProjectKeepsCanStillBeRead) {
  test::DicomSpec spec;
  spec.patient = "4711";
  spec.study += ".7";
  spec.series += ".7";
  spec.name = "Sax^Adolphe^Patient";
  spec.description = "DE SAX MAG Adolphe";
  for (int i = 0; i < 2; ++i) {
    spec.sop += ".7";
    spec.position = "1\\2\\" + std::to_string(100 - 10 * i);
    write("few/im" + std::to_string(i), test::dicomBytes(spec));
  }
  spec.series += ".8";
  spec.sop += ".8";
  spec.position.clear();
  write("placeless", test::dicomBytes(spec));
  ASSERT_TRUE(import().ok());
  std::string kept;
  const auto refusals = db::refusals(project_->reader()).value();
  for (const auto& refusal : refusals) kept += refusal.reason + "\n";
  EXPECT_THAT(kept, HasSubstr("Series 'DE SAX MAG P"));
  EXPECT_THAT(kept, HasSubstr("has images at only 2 position(s), and a short-axis stack has at least 3"));
  EXPECT_THAT(kept, HasSubstr("(ImagePositionPatient, ImageOrientationPatient): the slice cannot be placed"));
  EXPECT_THAT(kept, Not(HasSubstr("Adolphe")));
}

TEST_F(ImportIdentityTest, AFileThatCannotBeOpenedIsNamedNowhereInItsRefusal) {
  const auto identities = ImportIdentities::make(*project_, {});
  ASSERT_TRUE(identities.ok()) << identities.error().message;
  for (const char* reason : {"Cannot open Mueller_Hans.dcm.", "Mueller_Hans.dcm: it is cut off.",
                             "Cannot read Mueller_Hans.dcm: Permission denied."}) {
    const auto cleaned = identities->clean({{"in/Mueller_Hans.dcm", reason, "io"}}).at(0);
    EXPECT_THAT(cleaned.path, HasSubstr("hidden-"));
    EXPECT_THAT(cleaned.reason, HasSubstr(fs::path(cleaned.path).filename().string()));
    EXPECT_THAT(cleaned.reason, Not(HasSubstr("Mueller"))) << reason;
  }
  // Six digits alone may be a birth date.
  EXPECT_THAT(identities->cleanRefused("in/510214.dcm"), Not(HasSubstr("510214")));
  EXPECT_EQ(identities->cleanRefused("series/IM000123.dcm"), "series/IM000123.dcm");
}

TEST_F(ImportIdentityTest, TheKeyTableLeadsBackAndCheckUsesIt) {
  ImportRequest request;
  request.key_table = folder_.path() / "keys.csv";
  ASSERT_TRUE(import().ok());
  ASSERT_TRUE(import(request).ok()) << "also when the files are known";
  const auto keys = readKeyTable(request.key_table).value();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys.begin()->first, db::patients(project_->reader())->at(0));
  EXPECT_EQ(keys.begin()->second.patient_id, "KH00472");
  EXPECT_EQ(keys.begin()->second.patient_name, "Mueller^Hans");
  EXPECT_EQ(keys.begin()->second.birth_date, "19510214");

  const auto problems = [&](const KeyTable& known) {
    std::vector<std::string> found;
    const auto report = checkProject(project_->reader(), project_->paths(), known, [](int, int) {});
    for (const auto& problem : report->problems)
      if (problem.kind == "identity") found.push_back(problem.what + ": " + problem.reason);
    return found;
  };
  EXPECT_THAT(problems(keys), testing::IsEmpty());
  ASSERT_TRUE(project_
                  ->writeNow<void>([](db::Database& database) {
                    return db::addRefusal(database, {"cd/Mueller/1.dcm", "2.16.840.1.113669.632.20 is odd.", "x", ""});
                  })
                  .ok());
  EXPECT_THAT(problems({}), testing::ElementsAre("table refusal, column reason: One entry holds what looks like a "
                                                 "DICOM UID."));
  EXPECT_THAT(problems(keys), testing::Contains("table refusal, column path: One entry names a patient of the key "
                                                "table."));
}

TEST_F(ImportIdentityTest, CheckDoesNotTakeTheShortAxisForAPatientCalledSax) {
  ASSERT_TRUE(import().ok());
  const KeyTable keys{{"P1", {"4711", "Sax^Adolphe", "", ""}}};
  const auto report = checkProject(project_->reader(), project_->paths(), keys, [](int, int) {});
  for (const auto& problem : report->problems) EXPECT_NE(problem.kind, "identity") << problem.what;
}

TEST_F(ImportIdentityTest, AKeyTableInsideAProjectIsRefusedBeforeAnythingIsRead) {
  ImportRequest request;
  request.key_table = folder_.path() / "p.gadolin" / "keys.csv";
  EXPECT_EQ(import(request).error().code, ErrorCode::InvalidInput);
  EXPECT_TRUE(db::allStacks(project_->reader())->empty());
}

TEST_F(ImportIdentityTest, WhereIdentitiesAreKeptCheckSaysSoAndDoesNotComplain) {
  ImportRequest request;
  request.identity = Identity::Keep;
  ASSERT_TRUE(import(request).ok());
  EXPECT_EQ(db::patients(project_->reader())->at(0), "KH00472");
  const auto report = checkProject(project_->reader(), project_->paths(), {}, [](int, int) {});
  EXPECT_TRUE(report->identities_kept);
  for (const auto& problem : report->problems) EXPECT_NE(problem.what, "table patient, column name");
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_IMPORT_TEST_MAIN();
