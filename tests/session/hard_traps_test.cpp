// Masks with one defect beside a sound image, and the traps of the collection of hard files that
// are no folder of their own. docs/intake.md has a row for each, with the figure that is asserted
// here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>
#include <set>

#include "tests/session/hard_import.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/nifti_bytes.h"
#include "tests/support/shared_data.h"

namespace gadolin::session {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* no_collection = "The collection of hard files is not on this machine.";

/// Of the sound mask: background, cavity, myocardium, scar, MVO, as nibabel counts them.
const std::array<int, 5> sound_labels{203'273, 26'887, 21'469, 6'099, 320};

struct MaskCase {
  std::string name;       // below hard/derived/nifti
  std::string said = {};  // part of a warning; empty: nothing is said
  bool refused = false;
  std::string image = "ok_oblique_int16.nii.gz";
};

std::ostream& operator<<(std::ostream& out, const MaskCase& one) {
  return out << one.name;
}

class HardMask : public testing::TestWithParam<MaskCase> {};
TEST_P(HardMask, IsTakenVoxelByVoxelOrRefusedWithAReason) {
  const auto& expected = GetParam();
  const std::string row = rowOf(expected.name);
  EXPECT_THAT(row, HasSubstr("`HardMask`"));
  EXPECT_THAT(row, HasSubstr(expected.refused ? "`invalid-input`" : "26,887, 21,469, 6,099, 320"));
  const auto folder = test::sharedData("hard/derived/nifti");
  if (folder.empty()) GTEST_SKIP() << no_collection;
  const test::TempFolder beside;
  fs::copy(folder / expected.image, beside.path() / "case.nii.gz");
  fs::copy(folder / expected.name, beside.path() / "case_label.nii.gz");
  const Outcome outcome = importAlone({beside.path()});
  ASSERT_EQ(outcome.stacks.size(), 1U) << outcome.error;
  if (expected.refused) {
    EXPECT_EQ(outcome.codes, (Codes{{"invalid-input", 1}}));
    EXPECT_EQ(outcome.masks, 0);
    EXPECT_THAT(outcome.refusals, HasSubstr(expected.said));
    return;
  }
  EXPECT_TRUE(outcome.codes.empty()) << outcome.refusals;
  EXPECT_EQ(outcome.masks, 1);
  EXPECT_EQ(outcome.labels, sound_labels);
  EXPECT_THAT(outcome.warnings, HasSubstr(expected.said));
  EXPECT_EQ(outcome.warnings.empty(), expected.said.empty()) << outcome.warnings;
}

INSTANTIATE_TEST_SUITE_P(
    Files, HardMask,
    testing::Values(
        MaskCase{"ok_oblique_label.nii.gz"}, MaskCase{"label_float64.nii.gz"},
        MaskCase{"label_int64.nii.gz"}, MaskCase{"label_uint64.nii.gz"},
        MaskCase{"label_origin_off_1e-3mm.nii.gz"},
        MaskCase{"label_same_grid_z_reversed_same_affine.nii.gz"},
        MaskCase{"label_flipped_storage_same_physical.nii.gz", "turned onto it"},
        MaskCase{"label_float32_1.0001.nii.gz", "they were rounded"},
        MaskCase{"label_one_row_short.nii.gz", "covers a part of its image"},
        MaskCase{"label_scl_slope_2.nii.gz", "labels are not scaled"},
        MaskCase{"label_scl_slope_inf.nii.gz", "labels are not scaled"},
        MaskCase{"label_int32_100000.nii.gz", "the value 200000, which is no label", true},
        MaskCase{"label_negative_int16.nii.gz", "the value -2, which is no label", true},
        MaskCase{"emidec_style_unit_sform_label.nii.gz", "was taken from pixdim", false,
                 "emidec_style_unit_sform_pixdim_0.94x0.94x10.nii.gz"}));

/// The sound short axis, so that a test sees whether it survives its neighbours.
constexpr double sound_sum = 79'248'885;

class HardTrap : public testing::Test {
 protected:
  /// Sets `path`; false where the collection is missing.
  bool has(const char* below) {
    path = test::sharedData(std::string("hard/") + below);
    return !path.empty();
  }
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(made.path() / name, std::ios::binary) << bytes;
  }
  /// Three slices of 3 x 2 pixels that are sound.
  void writeSound() {
    for (int i = 0; i < 3; ++i) {
      test::DicomSpec spec;
      spec.sop += "." + std::to_string(i);
      spec.position = "0\\0\\" + std::to_string(8 * i);
      write("sound" + std::to_string(i) + ".dcm", test::dicomBytes(spec));
    }
  }
  /// `path` alone makes no stack and these refusals, as its row says.
  void expectNoStack(const Codes& codes, const char* row, const char* figure) const {
    const Outcome outcome = importAlone({path});
    EXPECT_TRUE(outcome.stacks.empty());
    EXPECT_EQ(outcome.codes, codes) << outcome.refusals;
    EXPECT_THAT(rowOf(row), HasSubstr(figure));
  }
  fs::path path;
  test::TempFolder made;
};

TEST_F(HardTrap, T1OriginalFilesOfEmidecHaveTheirPixelSizeAndTheirScar) {
  const auto data = test::sharedData("emidec-original");
  if (data.empty()) GTEST_SKIP() << "The original EMIDEC files are not on this machine.";
  const Outcome outcome = importAlone({data});
  ASSERT_EQ(outcome.stacks.size(), 2U);
  EXPECT_EQ(outcome.stacks[0].size, (std::array{248, 258, 7}));
  EXPECT_NEAR(outcome.stacks[0].spacing_mm[0], 1.40625, 1e-6);
  EXPECT_NEAR(outcome.stacks[0].spacing_mm[2], 13, 1e-6);
  EXPECT_EQ(outcome.stacks[1].size, (std::array{148, 246, 9}));
  EXPECT_EQ(outcome.sums, (std::vector<double>{845'757'091, 688'635'150}));
  EXPECT_EQ(outcome.labels[3] + outcome.labels[4], 728);
  // 728 voxels of 1.40625 x 1.40625 x 13 mm.
  EXPECT_NEAR(728 * 1.40625 * 1.40625 * 13 / 1000, 18.716, 1e-3);
  const std::string row = rowOf("T1");
  for (const char* figure :
       {"845,757,091", "688,635,150", "1.40625 x 1.40625 x 13 mm", "728 voxels", "18.7 ml"})
    EXPECT_THAT(row, HasSubstr(figure));
}

TEST_F(HardTrap, T2FilesThatAbortTheLibraryCostThemselvesAlone) {
  if (!has("pydicom")) GTEST_SKIP() << no_collection;
  const Outcome outcome =
      importAlone({path, test::sharedData("hard/pydicom-data"), test::sharedData("hard/highdicom"),
                   test::sharedData("hard/derived/dicom/sax_ok")});
  EXPECT_EQ(outcome.error, "");
  ASSERT_EQ(outcome.stacks.size(), 1U) << "none of the others is a short-axis stack";
  EXPECT_EQ(outcome.sums[0], sound_sum);
  EXPECT_FALSE(outcome.codes.contains("reader-hung"));
  EXPECT_THAT(rowOf("T2"), HasSubstr(grouped(sound_sum)));
}

TEST_F(HardTrap, T3SequencesNestedTooDeepCostTheirFileAlone) {
  writeSound();
  std::string bytes = test::dicomBytes({});
  std::string opening;
  for (int i = 0; i < 200'000; ++i) {  // SQ and item of undefined length
    test::detail::putWhole(opening, 0x0040, 2);
    test::detail::putWhole(opening, 0xa730, 2);
    opening += std::string("SQ\0\0", 4);
    test::detail::putWhole(opening, 0xffffffff, 4);
    test::detail::putWhole(opening, 0xfffe, 2);
    test::detail::putWhole(opening, 0xe000, 2);
    test::detail::putWhole(opening, 0xffffffff, 4);
  }
  const std::size_t pixels = bytes.find(std::string("\xe0\x7f\x10\x00", 4));
  ASSERT_NE(pixels, std::string::npos);
  write("deep.dcm", bytes.insert(pixels, opening));
  const Outcome outcome = importAlone({made.path()});
  ASSERT_EQ(outcome.stacks.size(), 1U) << outcome.error << outcome.refusals;
  EXPECT_EQ(outcome.stacks[0].size[2], 3);
  EXPECT_EQ(outcome.codes.size(), 1U) << outcome.refusals;
  EXPECT_THAT(outcome.refusals, HasSubstr("deep.dcm"));
  EXPECT_THAT(rowOf("T3"), HasSubstr("`" + outcome.codes.begin()->first + "`"));
}

TEST_F(HardTrap, T4FiveDimensionsAreRefused) {
  test::NiftiSpec spec;
  std::string bytes = test::niftiBytes(spec);
  const std::array<std::int16_t, 6> dim{5, 2, 2, 2, 1, 3};  // dim[0] to dim[5]
  std::memcpy(bytes.data() + 40, dim.data(), sizeof dim);
  write("5D_small.nii", bytes);
  const Outcome outcome = importAlone({made.path()});
  EXPECT_TRUE(outcome.stacks.empty());
  EXPECT_EQ(outcome.codes, (Codes{{"unsupported", 1}})) << outcome.refusals;
  EXPECT_THAT(rowOf("T4"), HasSubstr("`unsupported`"));
}

TEST_F(HardTrap, T5LinksInCirclesHideNothing) {
  writeSound();
  fs::create_directory_symlink(made.path(), made.path() / "parent");
  fs::create_symlink("b", made.path() / "a");
  fs::create_symlink("a", made.path() / "b");
  fs::create_symlink("nowhere", made.path() / "dangling");
  fs::create_directories(made.path() / "Série 1 – PSIR/心臓/Ж");
  test::DicomSpec spec;
  spec.sop += ".3";
  spec.position = "0\\0\\24";
  write("Série 1 – PSIR/心臓/Ж/im.dcm", test::dicomBytes(spec));
  const Outcome outcome = importAlone({made.path()});
  ASSERT_EQ(outcome.stacks.size(), 1U) << outcome.error;
  EXPECT_EQ(outcome.stacks[0].size[2], 4);
  EXPECT_EQ(outcome.codes, (Codes{{"link-loop", 2}, {"dangling-link", 1}})) << outcome.refusals;
  const std::string row = rowOf("T5");
  for (const char* figure : {"4 slices", "`link-loop` (2)", "`dangling-link`"})
    EXPECT_THAT(row, HasSubstr(figure));
}

TEST_F(HardTrap, T8ImagesAtOnePositionAreNoVolume) {
  if (!has("tomato-t1t2map/dicom")) GTEST_SKIP() << no_collection;
  expectNoStack({{"several-per-position", 4}}, "T8", "`several-per-position` (4)");
}

TEST_F(HardTrap, T16EnhancedFramesAreTwoStacksWithTheirOwnScales) {
  if (!has("dcm_qa_enh/In/Philips")) GTEST_SKIP() << no_collection;
  const Outcome outcome = importAlone({path});
  ASSERT_EQ(outcome.stacks.size(), 2U);
  for (const auto& stack : outcome.stacks) {
    EXPECT_EQ(stack.size[2], 32);
    EXPECT_NEAR(stack.spacing_mm[2], 4, 1e-4);
  }
  EXPECT_NE(outcome.stacks[0].kind, outcome.stacks[1].kind);
  EXPECT_THAT(rowOf("T16"), HasSubstr("two stacks of 32 slices, 4 mm"));
}

TEST_F(HardTrap, T17BigEndianDosesAreNoMrImages) {
  if (!has("pydicom/test_files/rtdose_expb.dcm")) GTEST_SKIP() << no_collection;
  expectNoStack({{"not-mr", 1}}, "T17", "`not-mr`");
}

TEST_F(HardTrap, T19FormatsThatAreNotReadAreNamed) {
  if (!has("nibabel/tests/data")) GTEST_SKIP() << no_collection;
  const Outcome mgz = importAlone({path / "test.mgz"});
  EXPECT_EQ(mgz.codes, (Codes{{"not-an-image", 1}})) << mgz.refusals;
  const Outcome nifti2 = importAlone({path / "example_nifti2.nii.gz"});
  EXPECT_EQ(nifti2.codes, (Codes{{"unsupported", 1}}));
  EXPECT_THAT(nifti2.refusals, HasSubstr("2 volumes"));
  EXPECT_THAT(rowOf("T19"), HasSubstr("`not-an-image`"));
}

TEST_F(HardTrap, T22AFileOfManyFramesIsAVolumeOfItsOwn) {
  if (!has("dcm_qa_enh/In/Siemens/XA10")) GTEST_SKIP() << no_collection;
  expectNoStack({{"several-per-position", 1}}, "T22", "`several-per-position`");
}

TEST_F(HardTrap, T23AShearedStackIsNotMeasured) {
  if (!has("dicom2nifti/failing/gantrytilting")) GTEST_SKIP() << no_collection;
  const Outcome outcome = importAlone({path});
  EXPECT_TRUE(outcome.stacks.empty());
  ASSERT_EQ(outcome.codes.size(), 1U) << outcome.refusals;
  EXPECT_EQ(outcome.codes.begin()->first, "not-mr");
  for (int i = 0; i < 5; ++i) {  // the same as MR: 20 degrees off
    test::DicomSpec spec;
    spec.sop += "." + std::to_string(i);
    spec.position = "0\\" + std::to_string(3.64 * i) + "\\" + std::to_string(10 * i);
    write("tilted" + std::to_string(i), test::dicomBytes(spec));
  }
  const Outcome tilted = importAlone({made.path()});
  EXPECT_TRUE(tilted.stacks.empty());
  EXPECT_EQ(tilted.codes, (Codes{{"sheared", 1}}));
  EXPECT_THAT(tilted.refusals, HasSubstr("20 degrees off"));
  EXPECT_THAT(rowOf("T23"), HasSubstr("`sheared`"));
}

TEST_F(HardTrap, T25ContentThatWasNotFetchedIsNotCalledNoDicom) {
  writeSound();
  for (int i = 0; i < 40; ++i)
    fs::create_symlink("../.git/annex/objects/" + std::to_string(i),
                       made.path() / ("IM" + std::to_string(i) + ".dcm"));
  const Outcome outcome = importAlone({made.path()});
  EXPECT_EQ(outcome.stacks.size(), 1U);
  EXPECT_EQ(outcome.codes, (Codes{{"dangling-link", 40}}));
  EXPECT_THAT(outcome.refusals, HasSubstr("its content has not been fetched"));
  EXPECT_THAT(rowOf("T25"), HasSubstr("`dangling-link`"));
}

/// The tables of docs/intake.md against the collection and against the tests that they name.
TEST(IntakeTable, HasARowForEveryTrap) {
  for (int i = 1; i <= 25; ++i) EXPECT_NE(rowOf("T" + std::to_string(i)), "");
}

TEST(IntakeTable, HasARowForEveryDerivedFile) {
  const auto derived = test::sharedData("hard/derived");
  if (derived.empty()) GTEST_SKIP() << no_collection;
  // Voxels that belong to a header beside them.
  const std::set<std::string> halves{"pair.img", "slice_list.raw"};
  for (const char* below : {"dicom", "nifti", "nrrd_mha", "tables"}) {
    for (const auto& entry : fs::directory_iterator(derived / below)) {
      const std::string name = entry.path().filename().string();
      EXPECT_TRUE(halves.contains(name) || !rowsOf(name).empty()) << name;
    }
  }
}

TEST(IntakeTable, NamesTestsThatExist) {
  const fs::path root(GADOLIN_SOURCE_DIR);
  std::string sources;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    sources += text.str();
  }
  std::ifstream file(root / "docs" / "intake.md");
  int named = 0;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| T")) continue;  // the traps, whose last cell names one test
    const std::size_t end = line.rfind("` |"), begin = line.rfind('`', end - 1) + 1;
    ASSERT_NE(end, std::string::npos) << line;
    std::string test = line.substr(begin, end - begin);
    const std::size_t dot = test.find('.');
    if (dot != std::string::npos) test.replace(dot, 1, ", ");
    EXPECT_THAT(sources, HasSubstr("(" + test + (dot == std::string::npos ? "," : ")"))) << line;
    ++named;
  }
  EXPECT_EQ(named, 25);
}

}  // namespace
}  // namespace gadolin::session
