// Every folder and file with one defect of the collection of hard files, imported alone: what comes in,
// what is refused and what is said. docs/intake.md is this table in words.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>

#include "tests/session/hard_import.h"
#include "tests/session/import_main.h"
#include "tests/support/shared_data.h"

namespace gadolin::session {
namespace {

/// What one import must do.
struct Expected {
  std::string input;             // below hard/derived
  std::vector<int> slices = {};  // of each stack that comes in
  double distance_mm = 10;
  bool same = false;   // the very stack that the sound input gives, voxels and geometry
  Codes codes = {};    // refusals
  std::string said = {};  // part of a warning; empty: nothing is said
  /// Of the voxels of each stack, by pydicom and nibabel (JPEG undone by DCMTK); empty: of the
  /// sound input.
  std::vector<double> sums = {};
  std::vector<std::array<int, 2>> pixels = {};  // a row, a column; empty: of the sound input
};

std::ostream& operator<<(std::ostream& out, const Expected& e) {
  return out << e.input;
}

/// What the sound input of a kind is.
struct Sound {
  std::string input;
  std::array<int, 2> pixels;
  double sum;
};

using Figure = std::tuple<int, int, int, double>;  // slices, a row, a column, sum

/// "7 x 384 x 288, sum 79,248,885": as the table of docs/intake.md gives it.
std::string inWords(const Figure& figure, double distance_mm) {
  const auto [slices, columns, rows, sum] = figure;
  char distance[32];
  std::snprintf(distance, sizeof distance, "%.4g", distance_mm);
  return std::to_string(slices) + " of " + std::to_string(columns) + " x " + std::to_string(rows) +
         ", 0.9375 x 0.9375 x " + distance + " mm, " + grouped(sum);
}

class HardData : public testing::TestWithParam<Expected> {
 protected:
  void check(const Sound& sound) {
    const auto& expected = GetParam();
    const auto figures = expectedFigures(sound);
    checkRow(figures);
    const auto input = test::sharedData("hard/derived/" + expected.input);
    if (input.empty()) GTEST_SKIP() << "The collection of hard files is not on this machine.";
    const Outcome outcome = importAlone({input});
    EXPECT_EQ(outcome.error, "");
    checkFigures(outcome, figures);
    EXPECT_EQ(outcome.codes, expected.codes);
    EXPECT_THAT(outcome.warnings, testing::HasSubstr(expected.said));
    EXPECT_EQ(outcome.warnings.empty(), expected.said.empty()) << outcome.warnings;
    if (!expected.same) return;
    const Outcome reference = importAlone({test::sharedData("hard/derived/" + sound.input)});
    ASSERT_EQ(reference.stacks.size(), 1U);
    ASSERT_FALSE(outcome.stacks.empty());
    EXPECT_EQ(outcome.stacks[0].content_hash, reference.stacks[0].content_hash);
    if (outcome.stacks.size() > 1) return;
    EXPECT_EQ(outcome.stacks[0].kind, reference.stacks[0].kind);
  }

 private:
  std::vector<Figure> expectedFigures(const Sound& sound) const {
    const auto& expected = GetParam();
    std::vector<Figure> figures;
    for (std::size_t i = 0; i < expected.slices.size(); ++i) {
      const auto pixels = expected.pixels.empty() ? sound.pixels : expected.pixels[i];
      figures.emplace_back(expected.slices[i], pixels[0], pixels[1],
                           expected.sums.empty() ? sound.sum : expected.sums[i]);
    }
    std::ranges::sort(figures);  // pseudonyms have no order
    return figures;
  }

  /// The table says what this test asserts.
  static void checkRow(const std::vector<Figure>& figures) {
    const auto& expected = GetParam();
    std::string name = expected.input;
    if (name.starts_with("../")) name = name.substr(3);
    const auto slash = name.find('/');
    const std::string row =
        rowOf(expected.input.starts_with("../") ? name : name.substr(slash + 1));
    for (const auto& figure : figures)
      EXPECT_THAT(row, testing::HasSubstr(inWords(figure, expected.distance_mm)));
    for (const auto& [code, count] : expected.codes)
      EXPECT_THAT(row, testing::HasSubstr("`" + code + "`" +
                                          (count > 1 ? " (" + std::to_string(count) + ")" : "")));
    EXPECT_THAT(row, testing::HasSubstr(suiteName()));
  }

  static std::string suiteName() {
    const std::string name =
        testing::UnitTest::GetInstance()->current_test_info()->test_suite_name();
    return "`" + name.substr(name.find('/') + 1) + "`";
  }

  static void checkFigures(const Outcome& outcome, const std::vector<Figure>& figures) {
    std::vector<Figure> measured;
    for (std::size_t i = 0; i < outcome.stacks.size(); ++i) {
      const auto& stack = outcome.stacks[i];
      measured.emplace_back(stack.size[2], stack.size[0], stack.size[1], outcome.sums[i]);
      EXPECT_NEAR(stack.spacing_mm[0], 0.9375, 1e-6);
      EXPECT_NEAR(stack.spacing_mm[1], 0.9375, 1e-6);
      EXPECT_NEAR(stack.spacing_mm[2], GetParam().distance_mm, 1e-4);
    }
    std::ranges::sort(measured);
    ASSERT_EQ(measured.size(), figures.size());
    for (std::size_t i = 0; i < figures.size(); ++i) {
      EXPECT_EQ(std::get<0>(measured[i]), std::get<0>(figures[i]));
      EXPECT_EQ(std::get<1>(measured[i]), std::get<1>(figures[i]));
      EXPECT_EQ(std::get<2>(measured[i]), std::get<2>(figures[i]));
      // Scaled voxels are 32-bit numbers; whole ones are summed exactly.
      EXPECT_NEAR(std::get<3>(measured[i]), std::get<3>(figures[i]),
                  1e-7 * std::abs(std::get<3>(figures[i])));
    }
  }
};

class HardDicom : public HardData {};
TEST_P(HardDicom, IsTakenWholeOrRefusedWithAReason) {
  check({"dicom/sax_ok", {384, 288}, 79'248'885});
}

const std::vector<int> seven{7};

INSTANTIATE_TEST_SUITE_P(
    Folders, HardDicom,
    testing::Values(
        Expected{"dicom/sax_ok", seven, 10, true},
        Expected{"dicom/sax_file_order_shuffled_instance_numbers_reversed", seven, 10, true},
        // The second image of slice 4 is of another image type: no part of the stack.
        Expected{"dicom/sax_duplicate_slice", seven, 10, true, {{"too-few-slices", 1}}},
        Expected{"dicom/sax_same_sop_instance_twice",
                 seven,
                 10,
                 true,
                 {},
                 "1 file is a copy of another"},
        Expected{"dicom/sax_missing_slice",
                 {6},
                 10,
                 false,
                 {},
                 "Between slices 3 and 4 lie 20 mm instead of 10 mm",
                 {65'446'911}},
        Expected{"dicom/sax_mag_and_psir_one_seriesuid",
                 {7, 7},
                 10,
                 true,
                 {},
                 "",
                 {79'248'885, 91'369'678}},
        Expected{"dicom/sax_one_series_per_slice", seven, 10, true, {}, "Joined from 7 series"},
        Expected{"dicom/sax_pixelspacing_missing", {}, 0, false, {{"missing-spacing", 7}}},
        Expected{"dicom/sax_ipp_iop_missing", {}, 0, false, {{"missing-position", 7}}},
        Expected{"dicom/sax_jitter_1e-4_and_formatting", seven},
        Expected{"dicom/sax_breathing_gap_10_10_10p6_9p4",
                 seven,
                 10,
                 false,
                 {},
                 "lie 10.6 mm instead of 10 mm"},
        Expected{"dicom/sax_one_slice_other_matrix",
                 {6},
                 10,
                 false,
                 {{"too-few-slices", 1}},
                 "a slice seems to be missing",
                 {65'250'712}},
        Expected{"dicom/sax_per_slice_rescale", seven, 10, false, {}, "", {117'034'078.5}},
        Expected{"dicom/sax_headless_implicit_no_preamble_no_extension", seven, 10, true},
        Expected{"dicom/sax_wrong_extensions", seven, 10, true},
        Expected{"dicom/sax_truncated_pixeldata", {}, 0, false, {{"corrupt", 1}}},
        Expected{"dicom/sax_decimal_comma_DS", {}, 0, false, {{"invalid-input", 7}}},
        Expected{"dicom/sax_non_ascii_path", seven, 10, true},
        Expected{"dicom/sax_patientname_latin1_no_charset", seven, 10, true},
        Expected{"dicom/sax_two_patients_same_seriesuid",
                 {4, 3},
                 10,
                 false,
                 {},
                 "is used by 2 patients",
                 {45'764'813, 33'484'072}},
        Expected{"dicom/sax_study_folder_from_pacs_cd", seven, 10, true, {{"not-mr", 1}}},
        Expected{"dicom/ts_implicit", seven, 10, true},
        Expected{"dicom/ts_bigendian", seven, 10, true},
        Expected{"dicom/ts_deflated", seven, 10, true}, Expected{"dicom/ts_rle", seven, 10, true},
        Expected{"dicom/ts_jpeg_lossless_sv1", seven, 10, true},
        Expected{"dicom/ts_jpegls_lossless", seven, 10, true},
        Expected{"dicom/ts_j2k_lossless", seven, 10, true},
        Expected{"dicom/ts_jpeg_12bit_lossy",
                 seven,
                 10,
                 false,
                 {},
                 "compressed with loss",
                 {79'252'434}}));

class HardNifti : public HardData {};
TEST_P(HardNifti, IsTakenWholeOrRefusedWithAReason) {
  check({"nifti/ok_oblique_int16.nii.gz", {192, 192}, 26'192'916});
}

Expected taken(const char* name, bool same, const char* said = "", std::vector<double> sums = {}) {
  return {std::string("nifti/") + name, seven, 10, same, {}, said, std::move(sums)};
}
Expected refused(const char* name, const char* code) {
  return {std::string("nifti/") + name, {}, 0, false, {{code, 1}}};
}

INSTANTIATE_TEST_SUITE_P(
    Files, HardNifti,
    testing::Values(
        taken("ok_oblique_int16.nii.gz", true), taken("bigendian.nii", true),
        taken("image_float64.nii.gz", true), taken("dim0_3_dim4_zero.nii.gz", true),
        taken("dim4_of_1.nii.gz", true), taken("dim5_of_1.nii.gz", true),
        taken("gz_two_members.nii.gz", true), taken("gzipped_named.nii", true),
        taken("not_gzipped_named.nii.gz", true), taken("pixdim0_qfac_zero.nii.gz", true),
        taken("scl_slope_nan.nii.gz", true), taken("scl_slope_zero_inter_5.nii.gz", true),
        taken("sform_code1_but_all_zero_srow.nii.gz", true),
        taken("gz_trailing_garbage.nii.gz", true, "Bytes after the end"),
        taken("scl_slope_0p1_inter_-100.nii.gz", false, "", {-23'185'508.36}),
        taken("sform_nonorthonormal_1e-4.nii.gz", false),
        taken("emidec_style_unit_sform_pixdim_0.94x0.94x10.nii.gz", false, "was taken from pixdim"),
        taken("both_codes_zero.nii.gz", false, "no orientation"),
        taken("units_metres.nii.gz", false, "Lengths were in metres"),
        taken("image_nan_inf.nii.gz", false, "were not numbers", {23'050'115}),
        taken("qform_sform_disagree_origin_50mm.nii.gz", false, "the sform was used"),
        Expected{"nifti/2d_dim0_2.nii.gz", {1}, 10, false, {}, "", {3'387'647}},
        Expected{"nifti/single_slice_dimz1.nii.gz", {1}, 10, false, {}, "", {3'387'647}},
        refused("4d_3frames.nii.gz", "unsupported"), refused("dim0_zero.nii.gz", "invalid-input"),
        refused("dim_x_32767_lies.nii.gz", "corrupt"), refused("gz_bad_crc.nii.gz", "corrupt"),
        refused("gz_truncated_60pct.nii.gz", "corrupt"), refused("header_only_352.nii", "corrupt"),
        refused("raw_truncated_60pct.nii", "corrupt"),
        refused("vox_offset_beyond_eof.nii.gz", "corrupt"),
        refused("zero_length.nii.gz", "corrupt"), refused("image_complex64.nii.gz", "unsupported"),
        refused("image_rgb24.nii.gz", "unsupported"),
        refused("magic_missing.nii.gz", "unsupported"), taken("nifti2.nii.gz", false),
        taken("pair.hdr", true), refused("pair_img_missing.hdr", "not-found"),
        refused("pixdim_nan.nii.gz", "invalid-input"),
        refused("pixdim_negative_xyz.nii.gz", "invalid-input"),
        refused("pixdim_z_zero.nii.gz", "invalid-input"),
        refused("qform_sform_disagree_LR_flip.nii.gz", "invalid-input"),
        refused("qform_sform_disagree_rot90.nii.gz", "invalid-input"),
        refused("sform_sheared_3deg.nii.gz", "invalid-input"),
        refused("label_scl_slope_inf.nii.gz", "invalid-input")));

class HardText : public HardData {};
TEST_P(HardText, IsTakenWholeOrRefusedWithAReason) {
  check({"nrrd_mha/ok_oblique.nrrd", {192, 192}, 26'192'916});
}

Expected volume(const char* name, bool same, const char* said = "") {
  return {std::string("nrrd_mha/") + name, seven, 10, same, {}, said};
}
Expected noVolume(const char* name, const char* code) {
  return {std::string("nrrd_mha/") + name, {}, 0, false, {{code, 1}}};
}

INSTANTIATE_TEST_SUITE_P(
    Files, HardText,
    testing::Values(
        volume("ok_oblique.nrrd", true), volume("ok_oblique.mha", true), volume("big_endian.nrrd", true),
        volume("crlf_header.nrrd", true), volume("detached_ok.nhdr", true), volume("gzip.nrrd", true),
        volume("msb.mha", true), volume("det_minus_1.mha", false), volume("space_RAS.nrrd", false),
        volume("no_space_spacings_only.nrrd", false, "no orientation"),
        volume("no_transform.mha", false, "no orientation"),
        noVolume("4d.mha", "unsupported"), noVolume("4d_list_first_axis_none.nrrd", "unsupported"),
        noVolume("4d_list_last_axis_none.nrrd", "unsupported"),
        noVolume("slicer_two_layer_overlap.seg.nrrd", "mask-without-image"),
        noVolume("slicer_cropped_extent.seg.nrrd", "mask-without-image"),
        noVolume("detached_missing.nhdr", "not-found"), noVolume("missing_raw.mhd", "not-found"),
        noVolume("detached_path_escape.nhdr", "invalid-input"),
        noVolume("elementsize_only.mha", "invalid-input"), noVolume("spacing_negative.mha", "invalid-input"),
        noVolume("spacing_zero.mha", "invalid-input"), noVolume("spacings_nan.nrrd", "invalid-input"),
        noVolume("gzip_truncated.nrrd", "corrupt"), noVolume("size_lies.nrrd", "corrupt"),
        noVolume("truncated.mha", "corrupt")));

class HardSegmentation : public HardData {};
TEST_P(HardSegmentation, IsRefusedByName) {
  check({});
}

Expected foreign(const char* name, const char* code) {
  return {std::string("../") + name, {}, 0, false, {{code, 1}}};
}

// None of these is of a heart: imaging/dicom_segmentation_test reads their voxels.
INSTANTIATE_TEST_SUITE_P(
    Files, HardSegmentation,
    testing::Values(
        foreign("dcmqi/data/segmentations/23x38x3/seg/label.seg", "unsupported"),
        foreign("dcmqi/data/segmentations/partial_overlaps.dcm", "unsupported"),
        foreign("dcmqi/data/segmentations/sparse-labelmap-ppv5.dcm", "unsupported"),
        foreign("dcmqi/data/sr-example/seg.dcm", "unsupported"),
        foreign("pydicom-data/liver_rle.dcm", "unsupported"),
        foreign("pydicom/test_files/liver_1frame.dcm", "corrupt"),
        foreign("highdicom/seg_image_cr_binary.dcm", "unsupported"),
        foreign("highdicom/seg_image_ct_binary_overlap.dcm", "unsupported"),
        foreign("highdicom/seg_image_ct_true_fractional.dcm", "unsupported"),
        foreign("highdicom/seg_image_sm_control_labelmap_palette_color.dcm", "unsupported"),
        foreign("highdicom/seg_image_sm_dots_tiled_full.dcm", "unsupported")));

TEST(HardDicomTest, OneAcquisitionGivesMagnitudeAndPsir) {
  const auto input = test::sharedData("hard/derived/dicom/sax_mag_and_psir_one_seriesuid");
  if (input.empty()) GTEST_SKIP() << "The collection of hard files is not on this machine.";
  const Outcome outcome = importAlone({input});
  ASSERT_EQ(outcome.stacks.size(), 2U);
  EXPECT_EQ(outcome.stacks[0].kind, ImageKind::Magnitude);
  EXPECT_EQ(outcome.stacks[1].kind, ImageKind::Psir);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_IMPORT_TEST_MAIN();
