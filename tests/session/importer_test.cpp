#include "ui/session/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <QCoreApplication>
#include <algorithm>
#include <fstream>
#include <map>

#include "core/base/hash.h"
#include "core/imaging/stack_file.h"
#include "database/clinical.h"
#include "database/journal.h"
#include "database/masks.h"
#include "database/stacks.h"
#include "tests/session/import_main.h"
#include "tests/session/importer_fixture.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/nifti_bytes.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"
#include "ui/session/project_check.h"

namespace gadolin::session {
namespace {

using testing::HasSubstr;

TEST_F(ImporterTest, UnchangedFilesAreNotReadAgain) {
  writeSeries("lge", {}, 4);
  write("broken.nii", test::niftiBytes(test::emidecSpec()).substr(0, 360));
  const auto first = import();
  ASSERT_TRUE(first.ok()) << first.error().message;
  ImportRequest no_reader;
  no_reader.decoder = QStringLiteral("/nonexistent");
  const auto again = import(no_reader);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->new_stacks, 0);
  EXPECT_EQ(again->stacks, 1);
  EXPECT_EQ(again->slices, 4);
  EXPECT_EQ(again->series.size(), 1U);
  ASSERT_EQ(again->refused.size(), 1U);
  EXPECT_EQ(again->refused[0].reason, first->refused[0].reason);

  // A file more, a file lost in the project, a wish: then they are read.
  const auto is_read = [&](ImportRequest request) {
    request.decoder = QStringLiteral("/nonexistent");
    return !import(request).ok();
  };
  ImportRequest afresh;
  afresh.afresh = true;
  EXPECT_TRUE(is_read(afresh));
  EXPECT_FALSE(is_read({}));
  const auto id = db::allStacks(project_->reader())->at(0).id;
  fs::remove(project_->paths().stack(id));
  EXPECT_TRUE(is_read({}));
  ASSERT_TRUE(import().ok());
  EXPECT_TRUE(fs::exists(project_->paths().stack(id))) << "put back";
  EXPECT_FALSE(is_read({}));
  test::DicomSpec more;
  more.patient = "0815";
  more.series = "9.1";
  more.sop = "9.1.1";
  writeSeries("more", more, 3);
  EXPECT_TRUE(is_read({}));
}

/// An NRRD file of `size` bytes a voxel; `more` are further lines of the header.
std::string nrrdBytes(const std::string& type, const std::string& sizes, const std::string& origin,
                      const std::string& more, const std::string& voxels) {
  const std::string none = more.find("list") != std::string::npos ? "none " : "";
  return "NRRD0005\ntype: " + type + "\ndimension: " + (none.empty() ? "3" : "4") +
         "\nspace: right-anterior-superior\nsizes: " + sizes + "\nspace directions: " + none +
         "(-1.5,0,0) (0,-1.25,0) (0,0,-8)\nendian: little\nencoding: raw\nspace origin: " + origin + "\n" +
         more + "\n" + voxels;
}

TEST_F(ImporterTest, BothHalvesOfANiftiPairAreOneImage) {
  auto image = test::emidecSpec();
  image.magic = std::string("ni1\0", 4);
  image.voxel_offset = 0;
  const std::string bytes = test::niftiBytes(image);
  write("case.hdr", bytes.substr(0, 348));
  write("case.img", bytes.substr(352));
  write("alone.img", bytes.substr(352));
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 1);
  ASSERT_EQ(summary->refused.size(), 1U);
  EXPECT_EQ(summary->refused[0].path, "alone.img");
}

TEST_F(ImporterTest, ACroppedSegmentationOfSlicerGoesToItsPlace) {
  // 4 x 3 x 2 voxels; the segmentation covers 2 x 1 x 2 of them, in two layers that overlap.
  std::string image;
  for (int i = 0; i < 24; ++i) image += {static_cast<char>(i), 0};
  write("case7/lge.nrrd", nrrdBytes("short", "4 3 2", "(-10,-20,30)", "", image));
  const std::string segments =
      "kinds: list domain domain domain\n"
      "Segment0_ID:=Segment_1\nSegment0_Name:=LV myocardium\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n"
      "Segment1_ID:=Segment_2\nSegment1_Name:=LV cavity\nSegment1_LabelValue:=2\nSegment1_Layer:=0\n"
      "Segment2_ID:=Segment_3\nSegment2_Name:=Infarctus\nSegment2_LabelValue:=1\nSegment2_Layer:=1\n";
  // Voxels (1, 2, z) and (2, 2, z): myocardium with scar, cavity; then background, myocardium.
  const std::string labels{1, 1, 2, 0, 0, 0, 1, 0};
  write("case7/Segmentation.seg.nrrd",
        nrrdBytes("unsigned char", "2 2 1 2", "(-11.5,-22.5,30)", segments, labels));
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_TRUE(summary->refused.empty()) << summary->refused[0].reason;
  ASSERT_EQ(summary->masks, 1);
  EXPECT_THAT(summary->warnings, testing::Contains(HasSubstr("covers a part of its image")));
  const auto stack = db::allStacks(project_->reader())->at(0);
  EXPECT_EQ(stack.patient, "case7");
  EXPECT_EQ(stack.size, (std::array{4, 3, 2}));
  EXPECT_EQ(stack.spacing_mm, (std::array{1.5, 1.25, 8.0}));
  const auto voxels = readStack(project_->paths().stack(stack.id));
  ASSERT_TRUE(voxels.ok());
  EXPECT_EQ(voxels->image.at(3, 2, 1), 23);
  EXPECT_EQ(voxels->image.geometry.origin_mm, (Vec3{10, 20, 30}));  // LPS
  const auto mask = db::latestMask(project_->reader(), stack.id, db::MaskSource::Reference);
  const auto tissue = readMask(project_->paths().mask((*mask)->sha256));
  ASSERT_TRUE(tissue.ok());
  EXPECT_EQ(tissue->at(1, 2, 0), 3);
  EXPECT_EQ(tissue->at(2, 2, 0), 1);
  EXPECT_EQ(tissue->at(1, 2, 1), 0);
  EXPECT_EQ(tissue->at(2, 2, 1), 2);
  EXPECT_EQ(std::ranges::count(tissue->voxels, 0), 21);
}

TEST_F(ImporterTest, EmidecCasesComeWithTheirMasksAndASecondImportChangesNothing) {
  writeEmidecCase("Case_P001", 7);
  writeEmidecCase("Case_N002", 8);
  const auto first = import();
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->patients, 2);
  EXPECT_EQ(first->stacks, 2);
  EXPECT_EQ(first->slices, 4);
  EXPECT_EQ(first->masks, 2);
  EXPECT_EQ(first->new_stacks, 2);
  EXPECT_TRUE(first->refused.empty());

  const auto stack = db::stackById(project_->reader(), "Case_P001-s1");
  ASSERT_TRUE(stack.ok()) << stack.error().message;
  EXPECT_EQ(stack->patient, "Case_P001");
  EXPECT_TRUE(stack->apex_first);
  EXPECT_EQ(stack->spacing_mm, (std::array{1.5, 1.25, 8.0}));
  const auto voxels = readStack(project_->paths().stack(stack->id));
  ASSERT_TRUE(voxels.ok());
  EXPECT_EQ(voxels->image.voxels[3], 7.0F);
  const auto mask = db::latestMask(project_->reader(), stack->id, db::MaskSource::Reference);
  ASSERT_TRUE(mask.ok() && mask->has_value());
  EXPECT_EQ(readMask(project_->paths().mask((*mask)->sha256))->voxels[0], 3);

  const auto before = state();
  const auto second = import();
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->stacks, 2);
  EXPECT_EQ(second->masks, 2);
  EXPECT_EQ(second->new_stacks, 0);
  EXPECT_EQ(second->new_masks, 0);
  EXPECT_EQ(state(), before);
}

TEST_F(ImporterTest, TextFilesBesideTheImagesBecomeClinicalColumns) {
  writeEmidecCase("Case_P001", 1);
  write("Case P001.txt", "Case P001\r\n\r\nSex\xA0: M\r\nAge : 65 \r\nFEVG : 55\r\n");
  write("Case P002.txt", "Case P002\r\nSex : F\r\nAge : 70\r\n");
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  const auto values = db::clinicalValues(project_->reader());
  ASSERT_EQ(values->size(), 3u);
  EXPECT_EQ(values->at(1).patient, "Case_P001");
  EXPECT_EQ(values->at(1).column, "Age");
  EXPECT_EQ(values->at(1).number, 65);
  EXPECT_THAT(summary->warnings, testing::Contains(HasSubstr("3 clinical values of 1 patient came")));
  EXPECT_THAT(summary->warnings, testing::Contains(HasSubstr("Case P002.txt, column 'Case': there is no patient")));
  EXPECT_EQ(summary->ignored, 0);
}

TEST_F(ImporterTest, StacksOfAnOlderProjectAreKnownAndGetTheHashOfToday) {
  writeEmidecCase("Case_P001", 1);
  writeSeries("lge", test::DicomSpec{}, 3);
  ASSERT_TRUE(import().ok());
  const auto today = state();
  const auto checked = [this] {
    return checkProject(project_->reader(), project_->paths(), {}, [](int, int) {})->problems.size();
  };
  EXPECT_EQ(checked(), 0U);
  const auto stacks = db::allStacks(project_->reader()).value();
  ASSERT_EQ(stacks.size(), 2U);
  for (const auto& stack : stacks) {
    const std::string former =
        formerContentHash(filed(readStack(project_->paths().stack(stack.id)).value()));
    ASSERT_TRUE(project_->writeNow<void>([&](db::Database& database) {
      return db::setContentHash(database, stack.id, former);
    }));
  }
  EXPECT_NE(state(), today);
  EXPECT_EQ(checked(), 0U) << "the former hash still tells whether the voxels are sound";

  ImportRequest request;
  request.afresh = true;
  const auto again = import(request);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->stacks, 2);
  EXPECT_EQ(again->new_stacks, 0);
  EXPECT_EQ(state(), today);
}

TEST_F(ImporterTest, ALabelMapThatLiesAloneIsListedAsAMaskAndIsNoImage) {
  auto labels = test::NiftiSpec{};
  for (std::size_t i = 0; i < labels.count(); ++i) labels.voxels.push_back(static_cast<double>(i % 5));
  write("a/heart.nii", test::niftiBytes(labels));
  auto as_float = labels;
  as_float.type = 16;
  as_float.slope = 2;  // 0, 2, 4, 6 and 8
  write("b/ventricle.nii", test::niftiBytes(as_float));
  auto two = labels;
  for (auto& voxel : two.voxels) voxel = voxel > 2 ? 255 : 0;
  write("c/scar.nii", test::niftiBytes(two));
  write("d/image.nii", test::niftiBytes(test::NiftiSpec{}));  // 24 grey values
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 1);
  ASSERT_EQ(summary->refused.size(), 3U);
  for (const auto& refusal : summary->refused) EXPECT_EQ(refusal.code, "mask-without-image");
  EXPECT_EQ(summary->refused[0].path, "a/heart.nii");
  EXPECT_THAT(summary->refused[0].reason, HasSubstr("no values but 0, 1, 2, 3 and 4,"));
  EXPECT_THAT(summary->refused[1].reason, HasSubstr("0, 2, 4, 6 and 8,"));
  EXPECT_THAT(summary->refused[2].reason, HasSubstr("0 and 255,"));
  const auto stacks = db::allStacks(project_->reader()).value();
  ASSERT_EQ(stacks.size(), 1U);
  EXPECT_EQ(stacks[0].description, "image");
  // As the sentence says: beside its image it is that one's mask.
  labels.type = 2;
  write("d/image_mask.nii", test::niftiBytes(labels));
  const auto again = import();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->masks, 1);
}

TEST_F(ImporterTest, ACorrectedMaskBecomesAFurtherRevision) {
  writeEmidecCase("Case_P001", 7);
  ASSERT_TRUE(import().ok());
  auto mask = test::emidecSpec();
  mask.type = 2;
  mask.voxels.assign(mask.count(), 1);
  write("Case_P001/Contours/Case_P001.nii", test::niftiBytes(mask));
  const auto again = import();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->new_stacks, 0);
  EXPECT_EQ(again->new_masks, 1);
  EXPECT_EQ(db::masksOfStack(project_->reader(), "Case_P001-s1")->size(), 2U);
}

TEST_F(ImporterTest, MaskOnAnotherGridIsRefusedWithBothGeometries) {
  writeEmidecCase("Case_P001", 7);
  auto mask = test::emidecSpec();
  mask.type = 2;
  mask.dim[2] = 4;
  mask.voxels.assign(mask.count(), 2);
  write("Case_P001/Contours/Case_P001.nii", test::niftiBytes(mask));
  const auto summary = import();
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->stacks, 1);
  EXPECT_EQ(summary->masks, 0);
  ASSERT_EQ(summary->refused.size(), 1U);
  EXPECT_EQ(summary->refused[0].code, "mask-grid");
  EXPECT_THAT(summary->refused[0].reason, HasSubstr("4 x 4 x 2 voxels"));
  EXPECT_THAT(summary->refused[0].reason, HasSubstr("4 x 3 x 2 voxels"));
  const auto rows = db::refusals(project_->reader());
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(rows->at(0).path, "Case_P001/Contours/Case_P001.nii");

  writeEmidecCase("Case_P001", 7);  // mended: the row goes
  ASSERT_TRUE(import().ok());
  EXPECT_TRUE(db::refusals(project_->reader())->empty());
}

TEST_F(ImporterTest, AFileThatKillsOrStopsTheReaderCostsItselfAlone) {
  writeEmidecCase("Case_A", 7);
  writeEmidecCase("Case_Z", 8);
  write("b_crash.nii", "x");
  write("c_hang.nii", "x");
  ImportRequest request;
  request.decoder = moodyDecoder();
  request.scan_limit = std::chrono::milliseconds(1500);
  const auto summary = import(request);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 2);
  EXPECT_EQ(summary->masks, 2);
  ASSERT_EQ(summary->refused.size(), 2U);
  EXPECT_EQ(summary->refused[0].path, "b_crash.nii");
  EXPECT_EQ(summary->refused[0].code, "reader-crashed");
  EXPECT_EQ(summary->refused[1].path, "c_hang.nii");
  EXPECT_EQ(summary->refused[1].code, "reader-hung");
  EXPECT_EQ(db::refusals(project_->reader())->size(), 2U);
}

TEST_F(ImporterTest, SixHundredBytesThatSwellToGigabytesCostThemselvesAlone) {
  // RLE, 65,535 x 65,535 pixels: 16 GB of floating point for every slice.
  test::DicomSpec spec;
  spec.rows = spec.columns = 65535;
  spec.pixels.clear();
  for (int z = 0; z < 3; ++z) {
    spec.sop = "1.2.3.77." + std::to_string(z);
    spec.position = "1\\2\\" + std::to_string(100 - 10 * z);
    std::string bytes = test::dicomBytes(spec);
    const auto syntax = bytes.find("1.2.840.10008.1.2.1");
    ASSERT_NE(syntax, std::string::npos);
    bytes[syntax + 18] = '5';
    bytes.resize(bytes.rfind(std::string("\xe0\x7f\x10\0OW", 6)));
    using test::detail::putWhole;
    const auto item = [&bytes](std::uint32_t tag_element, std::uint32_t length) {
      putWhole(bytes, 0xfffe, 2);
      putWhole(bytes, tag_element, 2);
      putWhole(bytes, length, 4);
    };
    bytes += std::string("\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff", 12);
    item(0xe000, 0);
    item(0xe000, 72);
    for (const std::uint32_t word : {2U, 64U, 68U, 0U, 0U, 0U, 0U, 0U, 0U, 0U, 0U, 0U, 0U, 0U, 0U, 0U})
      putWhole(bytes, word, 4);
    bytes += std::string("\x81\0\x81\0\x81\0\x81\0", 8);
    item(0xe0dd, 0);
    ASSERT_LT(bytes.size(), 700U);
    write("bomb/im" + std::to_string(z), bytes);
  }
  writeEmidecCase("Case_Z", 8);
  const auto summary = import();
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->stacks, 1);
  ASSERT_EQ(summary->refused.size(), 1U);
#ifdef __SANITIZE_ADDRESS__
  // The sanitizer's allocator ends the reader itself.
  EXPECT_EQ(summary->refused[0].code, "reader-crashed");
#else
  EXPECT_EQ(summary->refused[0].code, "out-of-memory") << summary->refused[0].reason;
#endif
  EXPECT_TRUE(summary->refused[0].path.starts_with("bomb/im"));
}

TEST_F(ImporterTest, IdentityKeepUsesThePatientsOwnNumber) {
  writeSeries("a", {}, 3);
  ImportRequest request;
  request.identity = Identity::Keep;
  ASSERT_TRUE(import(request).ok());
  EXPECT_EQ(db::patients(project_->reader()).value(), std::vector<std::string>{"4711"});
}

TEST_F(ImporterTest, LinksInCirclesAndUnreadableFoldersDoNotEndTheWalk) {
  writeEmidecCase("Case_P001", 7);
  fs::create_directory_symlink(input(), input() / "parent");
  fs::create_symlink(input() / "two", input() / "one");
  fs::create_symlink(input() / "one", input() / "two");
  fs::create_symlink("nowhere", input() / "gone.dcm");
  ::mkfifo((input() / "pipe.nii").c_str(), 0600);
  const auto summary = import();
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->stacks, 1);
  std::map<std::string, std::string> codes;
  for (const auto& refusal : summary->refused) codes[refusal.path] = refusal.code;
  EXPECT_EQ(codes, (std::map<std::string, std::string>{{"gone.dcm", "dangling-link"},
                                                       {"one", "link-loop"},
                                                       {"two", "link-loop"},
                                                       {"pipe.nii", "not-a-file"}}));
}

TEST_F(ImporterTest, NothingToImportIsSaidAndNothingIsDone) {
  const auto before = state();
  const auto empty = import();
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code, ErrorCode::InvalidInput);
  ImportRequest request;
  request.paths = {folder_.path() / "absent"};
  const auto absent = import(request);
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, ErrorCode::NotFound);
  EXPECT_THAT(absent.error().message, HasSubstr("absent"));
  EXPECT_EQ(state(), before);
}

TEST_F(ImporterTest, AnImportThatEndsEarlySaysWhatIsInAndTheNextOneTakesTheRest) {
  for (const int i : {1, 2, 3, 4}) writeEmidecCase("Case_N00" + std::to_string(i), i);
  Importer importer(*project_);
  QObject::connect(&importer, &Importer::progress, &importer,
                   [&importer](const QString& what, qint64 done, qint64) {
                     if (what == QStringLiteral("Importing") && done == 2) importer.cancel();
                   });
  ImportRequest request;
  request.paths = {input()};
  const auto part = importer.run(request);
  ASSERT_TRUE(part.ok()) << part.error().message;
  ASSERT_TRUE(part->ended_by.has_value());
  EXPECT_EQ(part->ended_by->code, ErrorCode::Cancelled);
  EXPECT_NE(part->ended_by->message.find("2 stacks were complete"), std::string::npos)
      << part->ended_by->message;
  EXPECT_EQ(part->stacks, 2);
  EXPECT_EQ(part->masks, 2);
  EXPECT_EQ(db::allStacks(project_->reader()).value().size(), 2U);

  const auto rest = import();
  ASSERT_TRUE(rest.ok()) << rest.error().message;
  EXPECT_FALSE(rest->ended_by.has_value());
  EXPECT_EQ(rest->stacks, 4);
  EXPECT_EQ(rest->new_stacks, 2);
}

TEST_F(ImporterTest, WithoutAReaderTheImportFailsAsAWhole) {
  writeEmidecCase("Case_P001", 7);
  ImportRequest request;
  request.decoder = QStringLiteral("/nowhere/gadolinctl");
  const auto summary = import(request);
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.error().code, ErrorCode::WorkerLost);
  EXPECT_TRUE(db::allStacks(project_->reader())->empty());
}

TEST_F(ImporterTest, All75EmidecCasesComeInAndComeInOnce) {
  const auto data = test::sharedData("emidec");
  if (data.empty()) GTEST_SKIP() << "The EMIDEC cases are not on this machine.";
  ImportRequest request;
  request.paths = {data};
  for (const int fresh : {75, 0}) {
    const auto summary = import(request);
    ASSERT_TRUE(summary.ok()) << summary.error().message;
    EXPECT_EQ(summary->patients, 75);
    EXPECT_EQ(summary->stacks, 75);
    EXPECT_EQ(summary->slices, 537);
    EXPECT_EQ(summary->masks, 75);
    EXPECT_EQ(summary->new_stacks, fresh);
    EXPECT_EQ(summary->new_masks, fresh);
    EXPECT_TRUE(summary->refused.empty());
  }
  const auto stacks = db::allStacks(project_->reader()).value();
  EXPECT_TRUE(std::ranges::all_of(
      stacks, [](const db::StackRecord& stack) { return stack.kind == ImageKind::Psir; }))
      << "NIfTI does not say it, but the grey values do";
}

TEST_F(ImporterTest, EveryHardFileIsTakenOrRefusedAndTheImportEnds) {
  const auto data = test::sharedData("hard");
  if (data.empty()) GTEST_SKIP() << "The collection of hard files is not on this machine.";
  ImportRequest request;
  request.paths = {data};
  const auto summary = import(request);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  std::map<std::string, std::string> codes;
  for (const auto& refusal : summary->refused) codes[refusal.path] = refusal.code;
  EXPECT_EQ(codes["derived/nifti/gz_truncated_60pct.nii.gz"], "corrupt");
  EXPECT_EQ(codes["derived/nifti/sform_sheared_3deg.nii.gz"], "invalid-input");
  EXPECT_EQ(codes["derived/dicom/sax_decimal_comma_DS/IM0001.dcm"], "invalid-input");
  EXPECT_EQ(codes["derived/dicom/sax_pixelspacing_missing/IM0001.dcm"], "missing-spacing");
  EXPECT_EQ(codes["derived/dicom/sax_ipp_iop_missing/IM0001.dcm"], "missing-position");
}

TEST(ImportLayoutTest, MasksFindTheirImagesInEveryLayout) {
  const auto sorted = [](const std::vector<fs::path>& paths, Layout layout = Layout::Auto) {
    return sortNifti(paths, layout);
  };
  auto s = sorted({"/d/labelsTr/p1.nii.gz", "/d/imagesTr/p1_0000.nii.gz"});
  ASSERT_EQ(s.cases.size(), 1U);
  EXPECT_EQ(s.cases[0].patient, "p1");
  EXPECT_EQ(s.cases[0].mask, 0U);

  s = sorted({"/d/patient101_frame01.nii.gz", "/d/patient101_frame01_gt.nii.gz"});
  ASSERT_EQ(s.cases.size(), 1U);
  EXPECT_EQ(s.cases[0].patient, "patient101");
  EXPECT_EQ(s.cases[0].mask, 1U);
  EXPECT_EQ(s.cases[0].labels, LabelTable::Acdc);
  EXPECT_EQ(s.cases[0].apex_first, false);

  s = sorted({"/d/x/image.nii", "/d/x/image_seg.nii", "/d/y/image.nii", "/d/y/image-myo.nii"});
  ASSERT_EQ(s.cases.size(), 2U);
  EXPECT_EQ(s.cases[0].patient, "x");
  EXPECT_EQ(s.cases[0].labels, LabelTable::Tissue);
  EXPECT_EQ(s.cases[1].patient, "y");
  EXPECT_EQ(s.cases[1].labels, LabelTable::Myocardium);

  s = sorted({"/d/alone_gt.nii"});
  EXPECT_TRUE(s.cases.empty());
  EXPECT_EQ(s.orphans, std::vector<std::size_t>{0});

  s = sorted({"/d/plain.nii", "/d/c/Images/c.nii", "/d/c/Contours/c.nii"}, Layout::Emidec);
  ASSERT_EQ(s.cases.size(), 1U);
  EXPECT_EQ(s.cases[0].apex_first, true);
  EXPECT_EQ(s.strangers, std::vector<std::size_t>{0});
}

TEST(ImportLayoutTest, DifferentPatientsNeverShareASafeName) {
  EXPECT_EQ(safePatient("Case_P001"), "Case_P001");
  EXPECT_EQ(safePatient("Case P001"), "Case_P001");
  EXPECT_NE(safePatient("M\xc3\xbcller"), safePatient("M\xc3\xb6ller"));
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_IMPORT_TEST_MAIN();
