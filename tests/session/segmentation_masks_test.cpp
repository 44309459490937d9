// DICOM segmentations on their way into a project: which stack they go to, whichever comes first.

#include "ui/session/segmentation_masks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QProcess>
#include <fstream>

#include "core/imaging/stack_file.h"
#include "database/journal.h"
#include "database/masks.h"
#include "database/stacks.h"
#include "tests/session/import_main.h"
#include "tests/support/segmentation_bytes.h"
#include "tests/support/temp_folder.h"
#include "ui/session/importer.h"

namespace gadolin::session {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int slices = 4;

class SegmentationMasks : public testing::Test {
 protected:
  void SetUp() override {
    auto project = Project::create(folder_.path() / "p.gadolin");
    ASSERT_TRUE(project.ok()) << project.error().message;
    project_ = std::move(*project);
  }

  /// 3 x 2 pixels, `slices` of them, the base (highest) first in the stack;
  /// images 1.2.3.<series>.<0...>.
  void writeSeries(const std::string& name, int series, const char* type = "ORIGINAL\\PRIMARY\\M") {
    fs::create_directories(in(name));
    for (int i = 0; i < slices; ++i) {
      test::DicomSpec spec;
      spec.series = "1.2.3." + std::to_string(series);
      spec.sop = spec.series + "." + std::to_string(i);
      spec.frame_of_reference = "1.2.77";
      spec.image_type = type;
      spec.position = place(i);
      spec.pixels[0] = static_cast<std::int16_t>(100 * series + i);
      std::ofstream(in(name) / ("im" + std::to_string(i)), std::ios::binary)
          << test::dicomBytes(spec);
    }
  }
  [[nodiscard]] static std::string place(int i) {
    // One breath-hold deeper than the others: a regular grid would miss it.
    return "1\\2\\" + std::to_string(100 - 10 * i - (i == 2 ? 2 : 0));
  }
  void writeSegmentation(const std::string& name, const test::SegmentationSpec& spec) {
    fs::create_directories(in(name));
    std::ofstream(in(name) / "seg.dcm", std::ios::binary) << test::segmentationBytes(spec);
  }
  /// Of slices 2 and 1 of a series, in this order; the others hold nothing and are not stored.
  static test::SegmentationSpec heart(int series = 1) {
    test::SegmentationSpec spec;
    spec.frame_of_reference = "1.2.77";
    spec.segments = {{"Myocardium", "", "", "", ""}, {"Scar", "", "", "", ""}};
    const std::string image = "1.2.3." + std::to_string(series) + ".";
    spec.frames = {{place(2), 1, {1, 1, 0, 0, 0, 1}, image + "2"},
                   {place(2), 2, {0, 1, 0, 0, 0, 0}, image + "2"},
                   {place(1), 1, {0, 0, 1, 0, 1, 0}, image + "1"}};
    return spec;
  }
  /// In the folders "later" and "earlier", made that way; the earlier is myocardium where the later has scar.
  void writeTwoRevisions() {
    auto later = heart(), earlier = heart();
    later.date = "20260301";
    earlier.frames[0].voxels = {1, 1, 1, 1, 1, 1};
    writeSegmentation("later", later);
    writeSegmentation("earlier", earlier);
  }
  static std::vector<std::uint8_t> heartOnItsStack() {
    return {0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 2, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0};
  }

  ImportSummary import(const std::vector<std::string>& names, Identity identity = Identity::Usual) {
    ImportRequest request;
    request.identity = identity;
    for (const auto& name : names) request.paths.push_back(in(name));
    Importer importer(*project_);
    const auto summary = importer.run(request);
    EXPECT_TRUE(summary.ok()) << summary.error().message;
    return summary ? *summary : ImportSummary();
  }
  /// The newest mask of the stack of a series, told by its first pixel; empty without a mask.
  std::vector<std::uint8_t> maskOf(int series) {
    const auto stacks = db::allStacks(project_->reader()).value();
    for (const auto& row : stacks) {
      const auto stack = readStack(project_->paths().stack(row.id)).value();
      if (stack.image.voxels[0] != static_cast<float>(100 * series)) continue;
      const auto mask =
          db::latestMask(project_->reader(), row.id, db::MaskSource::Reference).value();
      if (!mask) return {};
      return readMaskOn(project_->paths().mask(mask->sha256), stack.image.geometry)->voxels;
    }
    ADD_FAILURE() << "There is no stack of series " << series;
    return {};
  }
  static std::vector<std::string> codesOf(const ImportSummary& summary) {
    std::vector<std::string> codes;
    for (const auto& refusal : summary.refused) codes.push_back(refusal.code);
    return codes;
  }
  [[nodiscard]] fs::path in(const std::string& name) const { return folder_.path() / name; }

  test::TempFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(SegmentationMasks, ComeWithTheirImages) {
  writeSeries("a", 1);
  writeSegmentation("b", heart());
  const auto summary = import({"a", "b"});
  EXPECT_THAT(summary.refused, IsEmpty());
  EXPECT_EQ(summary.masks, 1);
  EXPECT_EQ(summary.new_masks, 1);
  EXPECT_EQ(maskOf(1), heartOnItsStack());
  // Once more: nothing new, and nothing told otherwise.
  EXPECT_EQ(import({"b", "a"}).new_masks, 0);
}

TEST_F(SegmentationMasks, ComeAfterTheirImages) {
  writeSeries("a", 1);
  writeSegmentation("b", heart());
  import({"a"});
  const auto summary = import({"b"});
  EXPECT_THAT(summary.refused, IsEmpty());
  EXPECT_EQ(summary.masks, 1);
  EXPECT_EQ(summary.stacks, 0);
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

TEST_F(SegmentationMasks, ThatComeBeforeTheirImagesWaitForThem) {
  writeSeries("a", 1);
  writeSegmentation("b", heart());
  const auto first = import({"b"});
  EXPECT_THAT(codesOf(first), ElementsAre("mask-waits"));
  EXPECT_EQ(import({"b"}).refused.size(), 1U);
  const auto second = import({"a"});
  EXPECT_EQ(second.new_masks, 1);
  EXPECT_THAT(second.refused, IsEmpty());
  EXPECT_EQ(maskOf(1), heartOnItsStack());
  EXPECT_THAT(db::refusals(project_->reader()).value(), IsEmpty());
  EXPECT_TRUE(fs::is_empty(project_->paths().waiting()));
}

TEST_F(SegmentationMasks, OfTwoFilesOfOneNameThatWaitOnlyTheOneWhoseImagesCameIsForgotten) {
  writeSeries("a", 1);
  auto other = heart(2);
  other.frame_of_reference = "1.2.78";
  writeSegmentation("b", heart());
  writeSegmentation("c", other);
  import({"b"});
  import({"c"});  // both are shown as seg.dcm
  EXPECT_EQ(db::refusals(project_->reader())->size(), 2U);
  EXPECT_EQ(import({"a"}).new_masks, 1);
  const auto left = db::refusals(project_->reader()).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].code, "mask-waits");
  // The other file again: it is the one that is still known.
  import({"c"});
  EXPECT_EQ(db::refusals(project_->reader())->size(), 1U);
}

TEST_F(SegmentationMasks, AloneAreNoFailureOfTheProgramOnceTheirImagesAreThere) {
  writeSeries("a", 1);
  writeSegmentation("b", heart());
  writeSegmentation("c", heart(9));
  project_.reset();
  const auto status = [&](const std::string& name) {
    return QProcess::execute(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"),
                             {QStringLiteral("--json"), QStringLiteral("import"),
                              QString::fromStdString((folder_.path() / "p.gadolin").string()),
                              QString::fromStdString(in(name).string())});
  };
  EXPECT_EQ(status("c"), 1);  // waits: done in part
  EXPECT_EQ(status("a"), 0);
  EXPECT_EQ(status("b"), 0);
}

TEST_F(SegmentationMasks, FindAStackWhoseIdentityWasKeptOrNot) {
  writeSeries("a", 1);
  writeSegmentation("b", heart());
  import({"a"}, Identity::Keep);
  EXPECT_EQ(import({"b"}, Identity::Pseudonym).new_masks, 1);
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

TEST_F(SegmentationMasks, LeaveNoUidInTheProject) {
  writeSeries("a", 1);
  writeSegmentation("b", heart());
  writeSegmentation("c", heart(9));
  import({"a", "b", "c"});
  for (const auto& entry : fs::recursive_directory_iterator(project_->paths().root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    for (const char* uid : {"1.2.3.1.2", "1.2.3.9.2", "1.2.77", "Secret", "4711"})
      EXPECT_EQ(bytes.find(uid), std::string::npos) << uid << " in " << entry.path();
  }
}

TEST_F(SegmentationMasks, GoToTheImagesThatTheyNameAmongSeveralAtOnePlace) {
  writeSeries("a", 1);
  writeSeries("b", 2, "ORIGINAL\\PRIMARY\\PSIR");
  writeSegmentation("c", heart(2));
  EXPECT_EQ(import({"a", "b", "c"}).masks, 1);
  EXPECT_THAT(maskOf(1), IsEmpty());
  EXPECT_EQ(maskOf(2), heartOnItsStack());
}

TEST_F(SegmentationMasks, ListedInAReferencedSeriesCountAsNamed) {
  writeSeries("a", 1);
  writeSeries("b", 2, "ORIGINAL\\PRIMARY\\PSIR");
  auto spec = heart();
  for (auto& frame : spec.frames) frame.image.clear();
  spec.listed_series = "1.2.3.2";
  spec.listed_images = {"1.2.3.2.0", "1.2.3.2.1"};
  writeSegmentation("c", spec);
  import({"a", "b", "c"});
  EXPECT_THAT(maskOf(1), IsEmpty());
  EXPECT_EQ(maskOf(2), heartOnItsStack());
}

TEST_F(SegmentationMasks, ThatNameNoImagesGoByFrameOfReferenceAndPlace) {
  writeSeries("a", 1);
  auto spec = heart();
  for (auto& frame : spec.frames) frame.image.clear();
  writeSegmentation("c", spec);
  EXPECT_EQ(import({"a", "c"}).masks, 1);
  EXPECT_EQ(maskOf(1), heartOnItsStack());
  // Of two stacks at one place nobody knows which is meant.
  writeSeries("b", 2, "ORIGINAL\\PRIMARY\\PSIR");
  import({"b"});
  spec.frames[0].voxels[5] = 0;
  writeSegmentation("d", spec);
  const auto summary = import({"d"});
  EXPECT_THAT(codesOf(summary), ElementsAre("mask-ambiguous"));
  EXPECT_EQ(maskOf(1), heartOnItsStack());
  // Nor does another space count, wherever it says to lie.
  spec.frame_of_reference = "1.2.78";
  writeSegmentation("e", spec);
  EXPECT_THAT(codesOf(import({"e"})), ElementsAre("mask-waits"));
}

TEST_F(SegmentationMasks, OnOtherVoxelsAreRefusedWithBothGrids) {
  writeSeries("a", 1);
  auto spec = heart();
  spec.spacing = "1\\1";
  writeSegmentation("b", spec);
  const auto summary = import({"a", "b"});
  ASSERT_THAT(codesOf(summary), ElementsAre("mask-grid"));
  EXPECT_THAT(summary.refused[0].reason,
              HasSubstr("3 x 2 x 2 voxels of 1.000 x 1.000 x 12.000 mm"));
  EXPECT_THAT(summary.refused[0].reason, HasSubstr("3 x 2 x 4 voxels of 0.750 x 1.250 x"));
  EXPECT_EQ(summary.masks, 0);
  spec = heart();
  spec.frames[0].position = spec.frames[1].position = "1\\2\\83";  // between two slices
  writeSegmentation("c", spec);
  EXPECT_THAT(codesOf(import({"c"})), ElementsAre("mask-grid"));
}

TEST_F(SegmentationMasks, WithRowsTheOtherWayAreTurnedOntoTheirImages) {
  writeSeries("a", 1);
  auto spec = heart();
  spec.orientation = "-1\\0\\0\\0\\1\\0";  // from the last column to the first
  const auto turn = [](std::vector<std::uint8_t>& v) { v = {v[2], v[1], v[0], v[5], v[4], v[3]}; };
  for (auto& frame : spec.frames) {
    turn(frame.voxels);
    frame.position.replace(0, 1, "2.5");  // two columns of 0.75 mm on
  }
  writeSegmentation("b", spec);
  import({"a", "b"});
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

TEST_F(SegmentationMasks, OneObjectAStructureIsOneMask) {
  writeSeries("a", 1);
  auto myocardium = heart(), scar = heart();
  myocardium.frames.erase(myocardium.frames.begin() + 1);
  scar.frames = {scar.frames[1]};
  scar.sop = "1.2.9.2";
  writeSegmentation("b", scar);
  writeSegmentation("c", myocardium);
  const auto summary = import({"a", "b", "c"});
  EXPECT_EQ(summary.new_masks, 1);
  EXPECT_THAT(summary.warnings,
              testing::Contains(HasSubstr("2 segmentations of different structures")));
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

TEST_F(SegmentationMasks, OfOneStructureAreRevisionsInTheOrderInWhichTheyWereMade) {
  writeSeries("a", 1);
  auto later = heart(), earlier = heart();
  later.date = "20260301";
  earlier.frames[0].voxels = {1, 1, 1, 1, 1, 1};
  writeSegmentation("b", later);
  writeSegmentation("c", earlier);
  const auto summary = import({"a", "b", "c"});
  EXPECT_EQ(summary.new_masks, 2);
  EXPECT_THAT(summary.warnings, testing::Contains(HasSubstr("made last counts")));
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

/// The parts of heart(), each an object of its own.
std::pair<test::SegmentationSpec, test::SegmentationSpec> myocardiumAndScar(
    const test::SegmentationSpec& whole) {
  auto myocardium = whole, scar = whole;
  myocardium.frames.erase(myocardium.frames.begin() + 1);
  scar.frames = {scar.frames[1]};
  scar.sop = "1.2.9.2";
  return {myocardium, scar};
}

TEST_F(SegmentationMasks, OneObjectAStructureIsOneMaskInWhateverOrderOfImports) {
  writeSeries("a", 1);
  const auto [myocardium, scar] = myocardiumAndScar(heart());
  writeSegmentation("myocardium", myocardium);
  writeSegmentation("scar", scar);
  const std::vector<std::vector<std::string>> orders{
      {"a", "myocardium", "scar"}, {"a", "scar", "myocardium"},
      {"scar", "a", "myocardium"}, {"myocardium", "scar", "a"},
      {"scar", "myocardium", "a"}, {"a", "scar", "myocardium", "scar"}};
  for (std::size_t i = 0; i < orders.size(); ++i) {
    auto project = Project::create(folder_.path() / (std::to_string(i) + ".gadolin"));
    ASSERT_TRUE(project.ok());
    project_ = std::move(*project);
    for (const auto& name : orders[i]) import({name});
    EXPECT_EQ(maskOf(1), heartOnItsStack()) << i;
  }
}

TEST_F(SegmentationMasks, ScarWithoutMyocardiumIsSaid) {
  writeSeries("a", 1);
  writeSegmentation("scar", myocardiumAndScar(heart()).second);
  EXPECT_THAT(import({"a", "scar"}).warnings, testing::Contains(HasSubstr("no myocardium")));
}

TEST_F(SegmentationMasks, AWholeOneThatWaitsDoesNotLoseItsScarToItsParts) {
  writeSeries("a", 1);
  const auto [myocardium, scar] = myocardiumAndScar(heart());
  writeSegmentation("whole", heart());
  writeSegmentation("myocardium", myocardium);
  writeSegmentation("scar", scar);
  import({"whole"});
  import({"myocardium", "scar"});
  import({"a"});
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

TEST_F(SegmentationMasks, AnOlderRevisionThatComesLaterDoesNotReplaceTheNewer) {
  writeSeries("a", 1);
  writeTwoRevisions();
  import({"a", "later"});
  const auto summary = import({"earlier"});
  EXPECT_THAT(codesOf(summary), ElementsAre("mask-older"));
  EXPECT_EQ(summary.new_masks, 0);
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

TEST_F(SegmentationMasks, OneMadeLaterReplacesTheOlderOfAnEarlierImport) {
  writeSeries("a", 1);
  writeTwoRevisions();
  import({"a", "earlier"});
  const auto summary = import({"later"});
  EXPECT_THAT(summary.warnings, testing::Contains(HasSubstr("made later")));
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

TEST_F(SegmentationMasks, InAnotherFrameOfReferenceThanTheirImagesAreSaid) {
  writeSeries("a", 1);
  auto spec = heart();
  spec.frame_of_reference = "1.2.78";
  writeSegmentation("b", spec);
  EXPECT_THAT(import({"a", "b"}).warnings,
              testing::Contains(HasSubstr("another frame of reference")));
  EXPECT_EQ(maskOf(1), heartOnItsStack());
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_IMPORT_TEST_MAIN();
