// What an import says and asks: files that may have been slices, images that are there already,
// patients that may be two, decisions that fit nothing, and Ctrl-C.

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <QProcess>
#include <QThread>
#include <chrono>

#include "core/base/id.h"
#include "tests/session/importer_fixture.h"
#include "ui/session/key_table.h"
#include "ui/session/unread_names.h"

namespace gadolin::session {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(ImporterTest, AFileThatCannotBeReadMayHaveBeenASliceOfItsNeighbours) {
  writeSeries("lge", {}, 4);
  write("lge/im9", test::dicomBytes({}).substr(0, 250));
  ASSERT_TRUE(import().ok());
  const auto stacks = db::allStacks(project_->reader()).value();
  ASSERT_EQ(stacks.size(), 1U);
  EXPECT_THAT(stacks[0].notes,
              Contains(HasSubstr("could not be read (im9): a slice may be missing")));
}

TEST_F(ImporterTest, ImagesSharedWithAnOlderStackAreSaid) {
  writeSeries("lge", {}, 4);
  ASSERT_TRUE(import().ok());
  test::DicomSpec fifth;  // came later
  fifth.sop += ".4";
  fifth.position = "1\\2\\60";
  write("lge/im4", test::dicomBytes(fifth));
  const auto second = import();
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->new_stacks, 1);
  const auto stacks = db::allStacks(project_->reader()).value();
  ASSERT_EQ(stacks.size(), 2U);
  EXPECT_THAT(second->warnings,
              Contains(HasSubstr("It shares 4 images with stack " + stacks[0].id)));
}

TEST_F(ImporterTest, OneNumberWithTwoBirthDatesMayBeTwoPeople) {
  test::DicomSpec ann;
  ann.born = "19510214";
  writeSeries("ann", ann, 3);
  test::DicomSpec eve;
  eve.born = "19760930";
  eve.study += ".9";
  eve.series += ".9";
  eve.sop += ".9";
  eve.pixels[1] = 7;
  writeSeries("eve", eve, 3);
  ImportRequest request;
  request.key_table = folder_.path() / "keys.csv";
  const auto summary = import(request);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 2);
  EXPECT_THAT(summary->warnings, Contains(HasSubstr("one PatientID may be used for two people")));
  const auto keys = readKeyTable(request.key_table);
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_THAT(keys->begin()->second.birth_date,
              AnyOf("19510214 / 19760930", "19760930 / 19510214"));
}

TEST_F(ImporterTest, RefusalsOfTwoFoldersWithTheSameNamesStandBesideEachOther) {
  const auto cut = test::dicomBytes({}).substr(0, 300);
  for (const char* root : {"a", "b"}) write(fs::path(root) / "dicom" / "im1", cut);
  writeSeries("a/dicom/lge", {}, 3);
  for (const char* root : {"a", "b"}) {
    ImportRequest request;
    request.paths = {input() / root / "dicom"};
    static_cast<void>(import(request));
  }
  EXPECT_EQ(db::refusals(project_->reader())->size(), 2U) << "the second replaced the first";
  // What is sound in one of them forgets its own refusal alone.
  test::DicomSpec sound;
  sound.sop += ".7";
  sound.position = "1\\2\\70";
  write("a/dicom/im1", test::dicomBytes(sound));
  ImportRequest both;
  both.paths = {input() / "a" / "dicom", input() / "b" / "dicom"};
  const auto summary = import(both);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  ASSERT_EQ(summary->refused.size(), 1U);
  EXPECT_EQ(summary->refused[0].path, "dicom (2)/im1");
  EXPECT_EQ(db::refusals(project_->reader())->size(), 1U);
}

TEST_F(ImporterTest, ADecisionThatFitsNoSeriesSaysWhichThereAre) {
  writeSeries("lge", {}, 3);
  ImportRequest request;
  request.take = {"NOSUCH"};
  request.leave = {"lge sax 7"};  // the number is no difference
  for (int i = 0; i < 2; ++i) {   // also when nothing is read again
    const auto summary = import(request);
    ASSERT_TRUE(summary.ok()) << summary.error().message;
    EXPECT_THAT(summary->warnings,
                Contains(HasSubstr("No series here is called 'NOSUCH'; there are 'LGE SAX'.")));
    EXPECT_THAT(summary->warnings, Not(Contains(HasSubstr("'lge sax 7'"))));
  }
}

TEST_F(ImporterTest, StacksOfUnknownKindAreNamedUntilSomebodySaysWhatTheyAre) {
  test::DicomSpec neither;
  neither.image_type = "ORIGINAL\\PRIMARY\\OTHER";
  writeSeries("lge", neither, 3);
  for (int i = 0; i < 2; ++i) {
    const auto summary = import();
    ASSERT_TRUE(summary.ok()) << summary.error().message;
    EXPECT_EQ(summary->kind_unknown,
              std::vector<std::string>{db::allStacks(project_->reader())->at(0).id});
  }
  project_.reset();
  QProcess ctl;
  ctl.start(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"),
            {QStringLiteral("stacks"), QStringLiteral("kind"),
             QString::fromStdString((folder_.path() / "p.gadolin").string()),
             QStringLiteral("--all-unknown"), QStringLiteral("--is"), QStringLiteral("psir")});
  ASSERT_TRUE(ctl.waitForFinished());
  ASSERT_EQ(ctl.exitCode(), 0) << ctl.readAllStandardError().toStdString();
  project_ = std::move(Project::open(folder_.path() / "p.gadolin")).value();
  EXPECT_THAT(import()->kind_unknown, IsEmpty());
  EXPECT_EQ(db::allStacks(project_->reader())->at(0).kind, ImageKind::Psir);
}

TEST_F(ImporterTest, FilesCutOffWithinTheirHeaderCostNoReaderEach) {
  writeSeries("lge", {}, 3);
  const std::string whole = test::dicomBytes({});
  for (int i = 0; i < 300; ++i)  // from the preamble alone on
    write("cut/im" + std::to_string(i), whole.substr(0, static_cast<std::size_t>(132 + i)));
  const auto begun = std::chrono::steady_clock::now();
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 1);
  ASSERT_EQ(summary->refused.size(), 300U);
  // One that ends between two elements is a header without an image.
  for (const auto& refusal : summary->refused)
    EXPECT_THAT(refusal.code, AnyOf("corrupt", "not-an-image")) << refusal.path;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10))
      << "50 ms each were 15 s";
}

TEST_F(ImporterTest, NamesOfPatientsWhoseFilesNobodyCouldReadStayOutOfTheProject) {
  writeSeries("Schmidt_Eva/lge", {}, 3);
  write("Schmidt_Eva/IM0007.dcm", test::dicomBytes({}).substr(0, 300));
  write("Schmidt_Eva/eva schmidt 19600101.dcm", test::dicomBytes({}).substr(0, 300));
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->refused.at(0).path, "Schmidt_Eva/IM0007.dcm")
      << "said to the person who asked";
  const auto rows = db::refusals(project_->reader()).value();
  ASSERT_EQ(rows.size(), 2U);
  for (const auto& row : rows) {
    EXPECT_THAT(row.path, HasSubstr("hidden-"));
    for (const char* word : {"chmidt", "eva", "1960"}) {
      EXPECT_THAT(row.path, Not(HasSubstr(word)));
      EXPECT_THAT(row.reason, Not(HasSubstr(word)));
    }
  }
  EXPECT_THAT(rows[0].path + rows[1].path, HasSubstr("/IM0007.dcm"));
}

TEST(UnreadNames, WordsOfScannersStayAndAllElseGoes) {
  const auto clean = [](const char* path) { return withoutUnreadNames(path, "salt"); };
  for (const char* path : {"IM0004", "SER2/IM_0012.dcm", "DICOM/ST000001/SE000002/IM000003",
                           "LGE_SAX_12/image7.IMA", "P1a2b3c4d/im1"})
    EXPECT_EQ(clean(path), path);
  EXPECT_EQ(clean("mueller/im1").substr(0, 7), "hidden-");
  EXPECT_EQ(clean("mueller/im1"), clean("mueller/im2").replace(16, 1, "1").substr(0, 17));
  EXPECT_THAT(clean("Ж心臓.dcm"), testing::MatchesRegex("hidden-[0-9a-f]{6}.dcm"));
  EXPECT_THAT(clean("1.2.840.113619.2.dcm"), HasSubstr("hidden-"));
  EXPECT_THAT(clean("19510214"), HasSubstr("hidden-"));
}

TEST_F(ImporterTest, CtrlCBlamesNoFile) {
  writeSeries("lge", {}, 4);
  write("lge/zz_slow", test::dicomBytes({}));
  const fs::path script = folder_.path() / "slow_decoder";
  std::ofstream(script) << "#!/bin/bash\n"
                           "if [ \"$1\" != decode ]; then exec '" GADOLIN_BIN_DIR
                           "/gadolinctl' \"$@\"; fi\n"
                           "coproc REAL { exec '" GADOLIN_BIN_DIR
                           "/gadolinctl' decode; }\n"
                           "while IFS= read -r line; do\n"
                           "  case \"$line\" in *zz_slow*) sleep 2;; esac\n"
                           "  printf '%s\\n' \"$line\" >&\"${REAL[1]}\"\n"
                           "  IFS= read -r answer <&\"${REAL[0]}\"\n"
                           "  printf '%s\\n' \"$answer\"\n"
                           "done\n";
  fs::permissions(script, fs::perms::owner_all);
  project_.reset();
  QProcess ctl;
  auto environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("GADOLINCTL"), QString::fromStdString(script.string()));
  ctl.setProcessEnvironment(environment);
  ctl.setChildProcessModifier(
      [] { ::setpgid(0, 0); });  // the group that a terminal would interrupt
  ctl.start(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"),
            {QStringLiteral("--json"), QStringLiteral("import"),
             QString::fromStdString((folder_.path() / "p.gadolin").string()),
             QString::fromStdString(input().string())});
  ASSERT_TRUE(ctl.waitForStarted());
  ASSERT_GT(ctl.processId(), 0);
  QThread::msleep(1000);  // the slow file is being read
  ASSERT_EQ(::kill(-static_cast<pid_t>(ctl.processId()), SIGINT), 0);
  ASSERT_TRUE(ctl.waitForFinished(20'000));
  const QByteArray said = ctl.readAllStandardOutput() + ctl.readAllStandardError();
  EXPECT_FALSE(said.contains("reader-crashed")) << said.toStdString();
  EXPECT_TRUE(said.contains("cancelled")) << said.toStdString();
  project_ = std::move(Project::open(folder_.path() / "p.gadolin")).value();
  EXPECT_THAT(db::refusals(project_->reader()).value(), IsEmpty());
}

TEST_F(ImporterTest, AScriptAsANameIsNoPathAndStaysText) {
  test::DicomSpec spec;
  spec.patient = "<script>alert(1)</script>";
  spec.name = "<img src=x onerror=alert(1)>";
  spec.description = "LGE <b>SAX</b>";
  writeSeries("lge", spec, 3);
  ImportRequest request;
  request.identity = Identity::Keep;
  ASSERT_TRUE(import(request).ok());
  const auto stacks = db::allStacks(project_->reader()).value();
  ASSERT_EQ(stacks.size(), 1U);
  EXPECT_TRUE(isSafeName(stacks[0].patient)) << stacks[0].patient;
  EXPECT_THAT(stacks[0].patient, HasSubstr("script"));
  EXPECT_EQ(stacks[0].description, "LGE <b>SAX</b>") << "kept as the scanner wrote it";
}

}  // namespace
}  // namespace gadolin::session
