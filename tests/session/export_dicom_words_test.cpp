// What a DICOM export says of what it does not know, and what it does with images that no object
// can refer to.

#include "tests/session/export_dicom_fixture.h"

namespace gadolin::session::test {
namespace {

namespace fs = std::filesystem;

bool hasDcmtk() {
  return runTool(QStringLiteral("dcmdump"), {QStringLiteral("--version")}).status == 0;
}

TEST_F(ExportDicom, AnOrientationThatNobodyKnowsIsSaidToBeMadeUp) {
  Stack unknown = obliqueStack(1, 5, false);
  unknown.image.geometry.origin_mm = {0, 0, 0};
  unknown.image.geometry.axes = {{{-1, 0, 0}, {0, -1, 0}, {0, 0, 1}}};
  for (int z = 0; z < 5; ++z)
    unknown.slices[static_cast<std::size_t>(z)].origin_mm = unknown.image.geometry.toWorld(0, 0, z);
  add("lost", 1, unknown);
  add("known", 1, obliqueStack(2, 5, false));
  for (const char* format : {"dicom-seg", "dicom-sr", "dicom-pdf"}) {
    SCOPED_TRACE(format);
    const auto said = exportAs(format, out(format));
    ASSERT_EQ(said.status, 0) << said.error;
    EXPECT_NE(said.out.find("did not say it: lost-s1."), std::string::npos) << said.out;
    if (!hasDcmtk()) continue;
    for (const auto& name : filesBelow(out(format))) {
      if (!name.ends_with(".dcm")) continue;
      const fs::path file = out(format) / name;
      const bool expected = name.starts_with("lost") &&
                            (name.ends_with("-seg.dcm") || name.find("/IM") != std::string::npos);
      const auto comment = valueOf(file, "0020,4000");
      EXPECT_EQ(comment.find("orientation of the patient is not known") != std::string::npos,
                expected)
          << name << comment;
      if (name.find("/IM") != std::string::npos) {
        EXPECT_EQ(valueOf(file, "0008,2111").find("is not known") != std::string::npos, expected)
            << name;
      }
      EXPECT_EQ(faultsOf(file), "") << name;
    }
  }
  if (!hasDcmtk()) GTEST_SKIP() << "dcmtk is not installed";
  for (const auto& [name, expected] : {std::pair("lost", true), std::pair("known", false)}) {
    const auto html = runTool(QStringLiteral("dsr2html"),
                              {q(out("dicom-sr") / (std::string(name) + "-s1/reference-sr.dcm"))});
    EXPECT_EQ(html.out.find("orientation of the patient is not known") != std::string::npos,
              expected)
        << name;
  }
}

TEST_F(ExportDicom, MvoThatAReaderDrewIntoAPredictionIsNotDenied) {
  const Stack stack = obliqueStack(1, 5, false);
  Mask predicted = obliqueMask(stack);
  for (auto& label : predicted.voxels) label = std::min<std::uint8_t>(label, 3);
  Mask more = predicted;
  more.at(0, 0, 0) = 2;
  for (const auto& [patient, mask] :
       {std::pair("mvo", obliqueMask(stack)), std::pair("none", more)}) {
    add(patient, 1, stack, false);
    const std::string id = std::string(patient) + "-s1";
    draw(id, mask, predict(id, predicted), "brush");
  }
  const auto said = exportAs("dicom-sr", out("sr"));
  ASSERT_EQ(said.status, 0) << said.error;
  if (!hasDcmtk()) GTEST_SKIP() << "dcmtk is not installed";
  for (const auto& [patient, denied] : {std::pair("mvo", false), std::pair("none", true)}) {
    const auto html = runTool(QStringLiteral("dsr2html"),
                              {q(out("sr") / (std::string(patient) + "-s1/reader-sr.dcm"))});
    ASSERT_EQ(html.status, 0);
    EXPECT_EQ(html.out.find("tells no microvascular obstruction") != std::string::npos, denied)
        << patient;
    EXPECT_EQ(html.out.find("Microvascular obstruction") != std::string::npos, !denied) << patient;
  }
}

TEST_F(ExportDicom, WhatAnotherReadersThresholdDrewIsNotManual) {
  const Stack stack = obliqueStack(1, 5, false);
  Mask retouched = obliqueMask(stack), again = retouched;
  retouched.at(0, 0, 0) = 2;
  again.at(1, 0, 0) = 2;
  for (const char* patient : {"threshold", "brush"}) {
    add(patient, 1, stack, false);
    const std::string id = std::string(patient) + "-s1";
    const auto first = draw(id, obliqueMask(stack), {}, patient, "ann");
    const auto second = draw(id, retouched, first, "brush", "bob");
    draw(id, again, second, "eraser", "cleo");
  }
  const auto said = exportAs("dicom-seg", out("seg"));
  ASSERT_EQ(said.status, 0) << said.error;
  if (!hasDcmtk()) GTEST_SKIP() << "dcmtk is not installed";
  EXPECT_EQ(valueOf(out("seg") / "threshold-s1/reader-seg.dcm", "0062,0008"), "SEMIAUTOMATIC");
  EXPECT_EQ(valueOf(out("seg") / "brush-s1/reader-seg.dcm", "0062,0008"), "MANUAL");
}

TEST_F(ExportOnOriginals, ImagesThatNoObjectCanReferToAreWrittenAnew) {
  const auto change = [&](const QStringList& how) {
    return runTool(QStringLiteral("dcmodify"), QStringList{QStringLiteral("-nb")} + how).status;
  };
  const QString third = q(archive() / "IM0003.dcm");
  if (change({QStringLiteral("-m"), QStringLiteral("(0020,000d)=1.2.3"), third}) != 0)
    GTEST_SKIP() << "dcmtk is not installed";
  const auto expectWrittenAnew = [&](const char* place) {
    const auto said = exportAs("dicom-sr", out(place), onOriginals());
    ASSERT_EQ(said.status, 0) << said.error;
    EXPECT_NE(said.out.find("written anew for: " + id), std::string::npos) << said.out;
    EXPECT_EQ(filesBelow(out(place)).size(), 7U);
  };
  expectWrittenAnew("two studies");
  for (const auto& entry : fs::directory_iterator(archive()))
    ASSERT_EQ(change({QStringLiteral("-m"), QStringLiteral("(0020,000d)=1.2.3"),
                      QStringLiteral("-ea"), QStringLiteral("(0020,0052)"), q(entry.path())}),
              0);
  expectWrittenAnew("no frame");
}

TEST_F(ExportDicom, AReportOnImagesOfSeveralSeriesNamesThemAll) {
  const Stack whole = obliqueStack(7, 5, false);
  std::vector<std::string> uids;
  for (int z = 0; z < 5; ++z) {
    Stack one;
    Geometry g = whole.image.geometry;
    g.size[2] = 1;
    g.origin_mm = whole.slices[static_cast<std::size_t>(z)].origin_mm;
    one.image = Volume<float>(g);
    std::ranges::copy(whole.image.slice(z), one.image.voxels.begin());
    one.kind = whole.kind;
    one.slices = {whole.slices[static_cast<std::size_t>(z)]};
    io::DicomSeries series;
    series.patient_id = "4711";
    series.patient_name = "Meier^Anna";
    series.study_key = "clinic";
    series.series_description = "LGE SAX";
    series.series_number = z + 1;
    const auto files = io::writeDicomSeries(out("archive") / std::to_string(z), one, series);
    ASSERT_TRUE(files.ok()) << files.error().message;
    const auto source = io::readSourceImage(files->front());
    ASSERT_TRUE(source.ok() && source->has_value());
    uids.push_back((*source)->sop_uid);
  }
  Importer importer(*project);
  ImportRequest request;
  request.paths = {out("archive")};
  request.take = {"LGE SAX"};
  const auto summary = importer.run(request);
  ASSERT_TRUE(summary.ok());
  ASSERT_EQ(summary->stacks, 1) << "five series of one image each are a stack";
  const auto stacks = db::allStacks(project->reader());
  ASSERT_TRUE(stacks.ok());
  const std::string id = stacks->front().id;
  const auto imported = readStack(project->paths().stack(id));
  ASSERT_TRUE(imported.ok());
  draw(id, obliqueMask(*imported), {}, "brush");
  const auto said =
      exportAs("dicom-sr", out("sr"), {QStringLiteral("--images"), q(out("archive"))});
  ASSERT_EQ(said.status, 0) << said.error;
  const fs::path report = out("sr") / id / "reader-sr.dcm";
  EXPECT_EQ(faultsOf(report), "");
  const auto dump = runTool(QStringLiteral("dsrdump"), {QStringLiteral("+Pu"), q(report)});
  if (dump.status != 0) GTEST_SKIP() << "dcmtk is not installed";
  const auto count = [&dump](const std::string& words) {
    int found = 0;
    for (auto at = dump.out.find(words); at != std::string::npos; at = dump.out.find(words, at + 1))
      ++found;
    return found;
  };
  constexpr int segments = 4;
  EXPECT_EQ(count("Source series for segmentation"), 0) << dump.out;
  EXPECT_EQ(count("Source image for segmentation"), 5 * segments) << dump.out;
  // The library has each image once, each group has it again.
  for (const std::string& uid : uids) EXPECT_EQ(count("\"" + uid + "\""), 1 + segments) << dump.out;
}

}  // namespace
}  // namespace gadolin::session::test
