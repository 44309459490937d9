// Masks as DICOM segmentations, judged by readers that are not Gadolin's where they are installed.

#include "core/imaging/io/dicom_document_writer.h"
#include "core/imaging/io/dicom_segmentation.h"
#include "tests/session/export_dicom_fixture.h"
#include "tests/session/import_main.h"

namespace gadolin::session::test {
namespace {

namespace fs = std::filesystem;

/// The third slice lies a little away, in the plane too.
Stack unevenStack() {
  Stack stack = obliqueStack(5, 5, false);
  for (std::size_t z = 2; z < stack.slices.size(); ++z)
    stack.slices[z].origin_mm = stack.slices[z].origin_mm + 3.5 * stack.image.geometry.axes[2] +
                                0.4 * stack.image.geometry.axes[0];
  return stack;
}

TEST_F(ExportDicom, EveryPixelOfASegmentationIsWhereTheMaskHasIt) {
  add("P1", 1, obliqueStack(1, 6, false));
  add("P2", 1, unevenStack());
  Mask predicted = obliqueMask(unevenStack());
  predicted.at(0, 4, 3) = 3;
  predict("P2-s1", predicted);
  const auto said = exportAs("dicom-seg", out("seg"));
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_TRUE(fs::exists(out("seg") / "P1-s1/images/IM0006.dcm"));
  // Our own reader: places, segments and voxels were compared by the export; here what it is.
  const auto segmentation = io::DicomSegmentation::read(out("seg") / "P1-s1/reference-seg.dcm");
  ASSERT_TRUE(segmentation.ok()) << segmentation.error().message;
  ASSERT_EQ(segmentation->segments.size(), 4U);
  EXPECT_EQ(segmentation->segments[3].code_meaning, "Microvascular obstruction");
  EXPECT_EQ(segmentation->frames(), 5 * 3 + 1) << "a frame for each slice that a structure is in";
  EXPECT_EQ(segmentation->source.images.size(), 5U) << "the last slice is empty";
  EXPECT_FALSE(segmentation->segments[0].automatic);
  const auto automatic = io::DicomSegmentation::read(out("seg") / "P2-s1/prediction-run-1-seg.dcm");
  ASSERT_TRUE(automatic.ok());
  EXPECT_TRUE(automatic->segments[0].automatic);
  for (const auto& file : {"P1-s1/reference-seg.dcm", "P1-s1/images/IM0001.dcm",
                           "P2-s1/reference-seg.dcm", "P2-s1/prediction-run-1-seg.dcm"})
    EXPECT_EQ(faultsOf(out("seg") / file), "") << file;
  if (!hasPydicom()) GTEST_SKIP() << "python3-pydicom and python3-numpy are not installed";
  const auto judge = judged(out("seg"));
  EXPECT_EQ(judge.status, 0) << judge.error;
  EXPECT_EQ(judge.out, "3\n");
}

TEST_F(ExportDicom, AnotherProjectImportsImagesAndMasksAsTheyWere) {
  const Stack stack = unevenStack();
  add("P1", 1, stack);
  ASSERT_EQ(exportAs("dicom-seg", out("seg")).status, 0);
  auto second = Project::create(out("second.gadolin"));
  ASSERT_TRUE(second.ok());
  Importer importer(**second);
  ImportRequest request;
  request.paths = {out("seg")};
  request.identity = Identity::Keep;
  request.take = {"LGE P1-s1"};  // five slices of 7 x 5 voxels look like nothing
  const auto summary = importer.run(request);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  for (const auto& refusal : summary->refused) ADD_FAILURE() << refusal.path << refusal.reason;
  ASSERT_EQ(summary->stacks, 1);
  ASSERT_EQ(summary->masks, 1);
  const auto back = readStack((*second)->paths().stack("P1-s1"));
  const auto record = db::latestPersonMask((*second)->reader(), "P1-s1");
  ASSERT_TRUE(back.ok() && record.ok() && record->has_value());
  const auto mask = readMaskOn((*second)->paths().mask((*record)->sha256), back->image.geometry);
  ASSERT_TRUE(mask.ok());
  const Mask made = obliqueMask(stack);
  // DICOM puts the base first, whatever the order was.
  const bool turned = norm(back->slices[0].origin_mm - stack.slices[0].origin_mm) > 1;
  for (int z = 0; z < 5; ++z) {
    const int at = turned ? 4 - z : z;
    EXPECT_LT(norm(back->slices[static_cast<std::size_t>(at)].origin_mm -
                   stack.slices[static_cast<std::size_t>(z)].origin_mm),
              1e-6);
    EXPECT_TRUE(std::ranges::equal(back->image.slice(at), stack.image.slice(z))) << z;
    EXPECT_TRUE(std::ranges::equal(mask->slice(at), made.slice(z))) << z;
  }
}

TEST_F(ExportDicom, WhoMadeAMaskIsSaidAsItWas) {
  const Stack stack = obliqueStack(1, 5, false);
  Mask other = obliqueMask(stack);
  other.at(0, 0, 0) = 2;
  struct Case {
    const char *patient, *type, *file;
  };
  const std::vector<Case> cases{{"hand", "MANUAL", "reader"},
                                {"fill", "SEMIAUTOMATIC", "reader"},
                                {"edited", "SEMIAUTOMATIC", "reader"},
                                {"accepted", "AUTOMATIC", "reader"},
                                {"imported", "MANUAL", "reference"}};
  for (const auto& one : cases) {
    const std::string name = one.patient;
    add(name, 1, stack, name == "imported");
    const std::string id = name + "-s1";
    if (name == "hand") draw(id, obliqueMask(stack), {}, "brush");
    if (name == "fill") draw(id, obliqueMask(stack), {}, "fill");
    if (name == "edited") draw(id, other, predict(id, obliqueMask(stack)), "brush");
    if (name == "accepted") draw(id, obliqueMask(stack), predict(id, obliqueMask(stack)), nullptr);
  }
  const auto said = exportAs("dicom-seg", out("seg"));
  ASSERT_EQ(said.status, 0) << said.error;
  if (runTool(QStringLiteral("dcmdump"), {QStringLiteral("--version")}).status != 0)
    GTEST_SKIP() << "dcmtk is not installed";
  for (const auto& one : cases) {
    const fs::path file =
        out("seg") / (std::string(one.patient) + "-s1") / (std::string(one.file) + "-seg.dcm");
    EXPECT_EQ(valueOf(file, "0062,0008"), one.type) << one.patient;
    EXPECT_EQ(valueOf(file, "0070,0084").find("Jörg Müller") != std::string::npos,
              std::string(one.file) == "reader")
        << one.patient;
    EXPECT_EQ(faultsOf(file), "") << one.patient;
  }
}

TEST_F(ExportDicom, ASecondExportGivesTheSameBytes) {
  add("P1", 1, obliqueStack(1, 5, false));
  ASSERT_EQ(exportAs("dicom-sr", out("one")).status, 0);
  ASSERT_EQ(exportAs("dicom-sr", out("two")).status, 0);
  const auto files = filesBelow(out("one"));
  ASSERT_EQ(files.size(), 7U);
  for (const auto& name : files)
    EXPECT_EQ(readFile(out("one") / name).value(), readFile(out("two") / name).value()) << name;
}

TEST_F(ExportDicom, ScarAloneIsNoMyocardiumAndAnEmptyMaskNoSegmentation) {
  const Stack stack = obliqueStack(1, 5, false);
  Mask scar = obliqueMask(stack);
  for (auto& label : scar.voxels) label = label == 3 ? 3 : 0;
  add("scar", 1, stack, false);
  draw("scar-s1", scar, {}, "brush");
  add("empty", 1, stack, false);
  draw("empty-s1", Mask(stack.image.geometry), {}, "brush");
  const auto said = exportAs("dicom-seg", out("seg"));
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_NE(said.out.find("empty-s1"), std::string::npos);
  EXPECT_FALSE(fs::exists(out("seg") / "empty-s1"));
  const auto segmentation = io::DicomSegmentation::read(out("seg") / "scar-s1/reader-seg.dcm");
  ASSERT_TRUE(segmentation.ok());
  ASSERT_EQ(segmentation->segments.size(), 1U);
  EXPECT_EQ(segmentation->segments[0].code, "12402003");
}

TEST_F(ExportDicom, EveryFigureOfAReportIsThatOfItsSegment) {
  add("P1", 1, unevenStack());
  Mask predicted = obliqueMask(unevenStack());
  for (auto& label : predicted.voxels) label = std::min<std::uint8_t>(label, 3);
  predict("P1-s1", predicted);
  Mask scar = obliqueMask(obliqueStack(1, 5, false));
  for (auto& label : scar.voxels) label = label == 3 ? 3 : 0;
  add("P2", 1, obliqueStack(1, 5, false), false);
  draw("P2-s1", scar, {}, "brush");
  Mask healthy = obliqueMask(obliqueStack(2, 5, false));
  for (auto& label : healthy.voxels) label = std::min<std::uint8_t>(label, 2);
  add("P3", 1, obliqueStack(2, 5, false), false);
  draw("P3-s1", healthy, {}, "brush");
  const auto said = exportAs("dicom-sr", out("sr"));
  ASSERT_EQ(said.status, 0) << said.error;
  const std::vector<std::pair<const char*, const char*>> reports{
      {"P1-s1/reference-sr.dcm", "imported reference mask"},
      {"P1-s1/prediction-run-1-sr.dcm", "tells no microvascular obstruction"},
      {"P2-s1/reader-sr.dcm", "its share is not known"},
      {"P3-s1/reader-sr.dcm", "No voxel of the mask is scar."}};
  for (const auto& [file, words] : reports) {
    EXPECT_EQ(faultsOf(out("sr") / file), "") << file;
    const auto html = runTool(QStringLiteral("dsr2html"), {q(out("sr") / file)});
    if (html.status == -1) continue;  // dcmtk is not installed
    EXPECT_EQ(html.status, 0) << file << html.error;
    EXPECT_NE(html.out.find(words), std::string::npos) << file << html.out;
    EXPECT_NE(html.out.find("For research use only"), std::string::npos) << file;
  }
  if (!hasPydicom()) GTEST_SKIP() << "python3-pydicom and python3-numpy are not installed";
  const auto judge =
      runTool(python, {QStringLiteral(GADOLIN_SOURCE_DIR "/tests/support/judge_report.py"),
                       q(root()), q(out("sr"))});
  EXPECT_EQ(judge.status, 0) << judge.error;
  EXPECT_EQ(judge.out, std::to_string((1 + 2 + 3 + 3) + (1 + 2 + 3) + 2 + (1 + 2)) + "\n");
}

TEST_F(ExportDicom, APatientsPageIsADocumentOfTheSameStudy) {
  add("P1", 1, obliqueStack(1, 5, false));
  add("P2", 1, obliqueStack(2, 5, false), false);
  const auto said = exportAs("dicom-pdf", out("pdf"));
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_NE(said.out.find("P2"), std::string::npos) << "left out without a word";
  const fs::path file = out("pdf") / "P1-s1/report-pdf.dcm";
  const auto pdf = readFile(out("pdf") / "P1-s1/report.pdf");
  const auto document = io::readEncapsulatedPdf(file);
  ASSERT_TRUE(pdf.ok() && document.ok());
  EXPECT_EQ(*pdf, *document);
  EXPECT_TRUE(pdf->starts_with("%PDF-"));
  EXPECT_EQ(faultsOf(file), "");
  const auto report = io::readSourceImage(out("pdf") / "P1-s1/images/IM0001.dcm");
  ASSERT_TRUE(report.ok() && report->has_value());
  if (runTool(QStringLiteral("dcmdump"), {QStringLiteral("--version")}).status != 0)
    GTEST_SKIP() << "dcmtk is not installed";
  EXPECT_EQ(valueOf(file, "0020,000d"), (*report)->study_uid);
}

TEST_F(ExportOnOriginals, ASegmentationRefersToTheImagesOfTheArchive) {
  const auto said = exportAs("dicom-seg", out("seg"), onOriginals());
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_EQ(filesBelow(out("seg")), (std::set<std::string>{id + "/reader-seg.dcm"}));
  const fs::path file = out("seg") / id / "reader-seg.dcm";
  const auto segmentation = io::DicomSegmentation::read(file);
  ASSERT_TRUE(segmentation.ok()) << segmentation.error().message;
  EXPECT_EQ(segmentation->source.series,
            (std::vector<std::string>{io::uidFromText("series clinic 1")}));
  EXPECT_EQ(faultsOf(file), "");
  if (!hasPydicom()) GTEST_SKIP() << "python3-pydicom and python3-numpy are not installed";
  EXPECT_EQ(valueOf(file, "0010,0020"), "4711");
  const auto judge = judged(out("seg"), archive());
  EXPECT_EQ(judge.out, "1\n") << judge.error;
}

TEST_F(ExportOnOriginals, WhatWasDrawnOnImagesThatLostSomethingSaysSo) {
  const auto changed =
      runTool(QStringLiteral("dcmodify"),
              {QStringLiteral("-nb"), QStringLiteral("-i"), QStringLiteral("(0028,2110)=01"),
               QStringLiteral("-i"), QStringLiteral("(0028,2112)=12.5"), QStringLiteral("-i"),
               QStringLiteral("(0028,2114)=ISO_10918_1"), q(archive() / "IM0002.dcm")});
  if (changed.status != 0) GTEST_SKIP() << "dcmtk is not installed";
  const auto said = exportAs("dicom-seg", out("seg"), onOriginals());
  ASSERT_EQ(said.status, 0) << said.error;
  const fs::path file = out("seg") / id / "reader-seg.dcm";
  EXPECT_EQ(valueOf(file, "0028,2110"), "01");
  EXPECT_EQ(valueOf(file, "0028,2112"), "12.5");
  EXPECT_EQ(faultsOf(file), "");
}

TEST_F(ExportOnOriginals, AReportAndAPageAreOfThePatientOfTheArchive) {
  for (const char* format : {"dicom-sr", "dicom-pdf"}) {
    const auto said = exportAs(format, out(format), onOriginals());
    ASSERT_EQ(said.status, 0) << said.error;
    EXPECT_FALSE(fs::exists(out(format) / id / "images"));
    if (runTool(QStringLiteral("dcmdump"), {QStringLiteral("--version")}).status != 0) continue;
    for (const auto& name : filesBelow(out(format))) {
      if (!name.ends_with(".dcm")) continue;
      EXPECT_EQ(valueOf(out(format) / name, "0010,0010"), "Meier^Anna") << name;
      EXPECT_EQ(valueOf(out(format) / name, "0020,000d"), io::uidFromText("study clinic")) << name;
      EXPECT_EQ(faultsOf(out(format) / name), "") << name;
    }
  }
}

TEST_F(ExportOnOriginals, WithoutOneOfThemImagesAreWrittenAnewUnderThePseudonym) {
  fs::remove(archive() / "IM0003.dcm");
  const auto said = exportAs("dicom-seg", out("seg"), onOriginals());
  ASSERT_EQ(said.status, 0) << said.error;
  EXPECT_EQ(filesBelow(out("seg")).size(), 6U);
  EXPECT_NE(said.out.find("written anew"), std::string::npos) << said.out;
  for (const auto& name : filesBelow(out("seg"))) {
    const auto bytes = readFile(out("seg") / name);
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(bytes->find("Meier"), std::string::npos) << name;
    EXPECT_EQ(bytes->find("4711"), std::string::npos) << name;
  }
}

TEST_F(ExportOnOriginals, AFolderThatIsNoneIsSaidAndOtherFormatsHaveNoImages) {
  EXPECT_EQ(
      exportAs("dicom-seg", out("seg"), {QStringLiteral("--images"), q(out("nowhere"))}).status, 3);
  EXPECT_EQ(exportAs("nifti", out("seg"), onOriginals()).status, 2);
  EXPECT_FALSE(fs::exists(out("seg")));
}

}  // namespace
}  // namespace gadolin::session::test

GADOLIN_IMPORT_TEST_MAIN();
