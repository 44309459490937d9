// Files with bytes flipped, cut out and put in, by the hundred: nothing but the file at hand is lost,
// whatever its reader does. GADOLIN_MUTATIONS asks for another number of files (20,000 take some minutes),
// GADOLIN_MUTATION_SEED for others.

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/imaging/io/dicom_writer.h"
#include "core/imaging/io/nifti_writer.h"
#include "core/phantom/subject.h"
#include "database/stacks.h"
#include "tests/session/import_main.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/nifti_bytes.h"
#include "tests/support/segmentation_bytes.h"
#include "tests/support/temp_folder.h"
#include "ui/session/importer.h"

namespace gadolin::session {
namespace {

namespace fs = std::filesystem;

test::DicomSpec sliceOf(const std::string& patient, int z) {
  test::DicomSpec spec;
  spec.patient = patient;
  spec.study = spec.series = "1.2." + std::to_string(patient.size());
  spec.sop = spec.series + "." + std::to_string(z);
  spec.position = "1\\2\\" + std::to_string(100 - 10 * z);
  spec.pixels[0] = static_cast<std::int16_t>(z);
  return spec;
}

std::string enhancedBytes() {
  test::DicomSpec spec;
  spec.sop_class = "1.2.840.10008.5.1.4.1.1.4.1";
  spec.pixels.clear();
  std::vector<test::FrameSpec> frames;
  for (int z = 0; z < 3; ++z) {
    test::FrameSpec frame;
    frame.position = "1\\2\\" + std::to_string(100 - 10 * z);
    frame.slope = "2";
    frames.push_back(frame);
    for (int i = 0; i < 6; ++i) spec.pixels.push_back(static_cast<std::int16_t>(i + z));
  }
  return test::dicomBytes(spec, frames);
}

std::string nrrdBytes() {
  return "NRRD0005\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 3 2\n"
         "space directions: (1.5,0,0) (0,1.25,0) (0,0,8)\nendian: little\nencoding: raw\n"
         "space origin: (1,2,3)\n\n" +
         std::string(48, '\7');
}

std::string metaImageBytes() {
  return "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
         "TransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 1 2 3\nElementSpacing = 1.5 1.25 8\n"
         "DimSize = 4 3 2\nElementType = MET_SHORT\nElementDataFile = LOCAL\n" +
         std::string(48, '\7');
}

/// Of slices of the stacks that must come in, in the coding asked for.
std::string segmentationOf(const std::string& type) {
  test::SegmentationSpec spec;
  spec.type = type;
  spec.fraction_maximum = type == "FRACTIONAL" ? 1 : 0;
  spec.segments = {{"Myocardium", "LV", "SCT", "74281007", "Myocardium"},
                   {"Scar", "", "SCT", "55641003", "Infarct"}};
  const auto slice = sliceOf("sound-0", 1), next = sliceOf("sound-0", 2);
  spec.frames = {{next.position, 1, {1, 1, 0, 0, 0, 1}, next.sop},
                 {next.position, 2, {0, 1, 0, 0, 0, 0}, next.sop},
                 {slice.position, 1, {0, 0, 1, 0, 1, 0}, slice.sop}};
  return test::segmentationBytes(spec);
}

/// A part of a phantom's slices around its heart, as the scanner would have sent them.
Stack phantomPart() {
  const Stack whole = phantom::cohort(1, 1).front().shown();
  Stack part;
  part.kind = whole.kind;
  part.image.geometry = whole.image.geometry;
  part.image.geometry.size = {48, 40, 4};
  const auto& from = whole.image.geometry.size;
  const int left = (from[0] - 48) / 2, top = (from[1] - 40) / 2;
  part.image.geometry.origin_mm = whole.image.geometry.toWorld(left, top, 0);
  part.image = Volume<float>(part.image.geometry);
  for (int z = 0; z < 4; ++z) {
    part.slices.push_back(whole.slices[static_cast<std::size_t>(z)]);
    part.slices.back().origin_mm = part.image.geometry.toWorld(0, 0, z);
    for (int y = 0; y < 40; ++y)
      for (int x = 0; x < 48; ++x)
        part.image.at(x, y, z) = whole.image.at(left + x, top + y, z);
  }
  return part;
}

std::string bytesOf(const fs::path& path) {
  const auto bytes = readFile(path);
  EXPECT_TRUE(bytes.ok()) << path;
  return bytes ? *bytes : std::string();
}

/// One of its DICOM files, and the whole as compressed NIfTI.
std::vector<std::pair<std::string, std::string>> phantomFiles(const fs::path& folder) {
  const Stack part = phantomPart();
  io::DicomSeries series;
  series.patient_id = series.study_key = "phantom";
  series.series_description = "LGE SAX";
  const auto written = io::writeDicomSeries(folder, part, series);
  EXPECT_TRUE(written.ok());
  EXPECT_TRUE(io::writeNifti(folder / "phantom.nii.gz", part.image).ok());
  return {{bytesOf(folder / "IM0002.dcm"), ".dcm"}, {bytesOf(folder / "phantom.nii.gz"), ".nii.gz"}};
}

std::string mutated(std::string bytes, Random& random) {
  const auto changes = std::size_t{1} << random.below(5);
  for (std::size_t i = 0; i < changes && bytes.size() > 20; ++i) {
    const std::size_t at = random.below(bytes.size());
    switch (random.below(6)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
      case 1: bytes.erase(at, 1 + random.below(16)); break;
      case 2: bytes.insert(at, 1 + random.below(16), static_cast<char>(random.below(256))); break;
      case 3: bytes.insert(at, bytes.substr(random.below(bytes.size()), random.below(64))); break;
      case 4:
        if (random.chance(0.2)) bytes.resize(at);
        break;
      default: bytes[at] = static_cast<char>(random.below(256));
    }
  }
  return bytes;
}

std::size_t number(const char* name, std::size_t otherwise) {
  const char* asked = std::getenv(name);
  return asked != nullptr ? std::strtoul(asked, nullptr, 10) : otherwise;
}

TEST(MutatedFiles, CostNothingButThemselves) {
  const test::TempFolder folder;
  auto project = Project::create(folder.path() / "p.gadolin");
  ASSERT_TRUE(project.ok());
  std::vector<std::pair<std::string, std::string>> sound{
      {test::dicomBytes(sliceOf("strange", 1)), ""},  {enhancedBytes(), ".dcm"},
      {test::niftiBytes(test::emidecSpec()), ".nii"}, {test::nifti2Bytes({}), ".nii"},
      {nrrdBytes(), ".nrrd"},                         {metaImageBytes(), ".mha"},
      {segmentationOf("BINARY"), ".dcm"},             {segmentationOf("FRACTIONAL"), ""},
      {segmentationOf("LABELMAP"), ""}};
  std::ranges::copy(phantomFiles(folder.path() / "phantom"), std::back_inserter(sound));
  constexpr std::size_t chunk = 500;
  Random random(number("GADOLIN_MUTATION_SEED", 20261128));
  const std::size_t wanted = number("GADOLIN_MUTATIONS", 600);
  std::size_t made = 0, crashed = 0;
  int masks = 0;
  for (int round = 0; made < wanted; ++round) {
    // Between the mutated files lies a stack that must come in, whole, every time.
    const fs::path input = folder.path() / ("in" + std::to_string(round));
    fs::create_directory(input);
    const std::string patient = "sound-" + std::to_string(round);
    for (int z = 0; z < 5; ++z) {
      auto spec = sliceOf(patient, z);
      spec.pixels[1] = static_cast<std::int16_t>(round);
      std::ofstream(input / ("m" + std::to_string(100 * z) + "-sound"), std::ios::binary)
          << test::dicomBytes(spec);
    }
    std::set<std::string> shown;
    for (std::size_t i = 0; i < chunk && made < wanted; ++i, ++made) {
      const auto& [bytes, ending] = sound[random.below(sound.size())];
      const std::string name = "m" + std::to_string(i) + ending;
      std::ofstream(input / name, std::ios::binary) << mutated(bytes, random);
      shown.insert(name);
    }
    ImportRequest request;
    request.paths = {input};
    Importer importer(**project);
    const auto summary = importer.run(request);
    ASSERT_TRUE(summary.ok()) << summary.error().message;
    EXPECT_FALSE(summary->ended_by.has_value());
    for (const auto& refusal : summary->refused) {
      EXPECT_FALSE(refusal.reason.empty());
      EXPECT_NE(refusal.code, "internal") << refusal.path << ": " << refusal.reason;
      EXPECT_NE(refusal.code, "reader-hung") << refusal.path;
      EXPECT_FALSE(refusal.path.ends_with("-sound")) << refusal.path << ": " << refusal.reason;
      crashed += refusal.code == "reader-crashed" ? 1 : 0;
    }
    masks += summary->new_masks;
    const auto judged = std::ranges::find_if(summary->series, [](const JudgedSeries& series) {
      return series.path.ends_with("-sound") && series.slices == 5;
    });
    EXPECT_NE(judged, summary->series.end()) << "round " << round;
    fs::remove_all(input);
  }
  // GDCM is built with its assertions: some of these files end its process, and that is all.
  EXPECT_LT(crashed, made / 20);
  RecordProperty("crashed", static_cast<int>(crashed));
  if (wanted > 600)
    std::printf("%zu files; %zu ended their reader; %d masks came in\n", made, crashed, masks);
  // Some of the segmentations are changed where it does not matter: what comes after reading is tried too.
  EXPECT_GT(masks, 0);
  RecordProperty("masks", masks);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_IMPORT_TEST_MAIN();
