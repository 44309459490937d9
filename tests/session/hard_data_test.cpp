// Every folder and file with one defect of the collection of hard files, imported alone: what comes in,
// what is refused and what is said. docs/intake.md is this table in words.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QCoreApplication>
#include <algorithm>
#include <functional>
#include <map>
#include <ostream>

#include "database/stacks.h"
#include "tests/session/import_main.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"
#include "ui/session/importer.h"

namespace gadolin::session {
namespace {

using Codes = std::map<std::string, int>;

/// What one import must do.
struct Expected {
  std::string input;             // below hard/derived
  std::vector<int> slices = {};  // of each stack that comes in
  double distance_mm = 10;
  bool same = false;   // the very stack that the sound input gives, voxels and geometry
  Codes codes = {};    // refusals
  std::string said = {};  // part of a warning; empty: nothing is said
};

std::ostream& operator<<(std::ostream& out, const Expected& e) {
  return out << e.input;
}

struct Outcome {
  std::vector<db::StackRecord> stacks;
  Codes codes;
  std::string warnings;
  std::string error;
};

Outcome importAlone(const std::filesystem::path& input) {
  const test::TempFolder folder;
  auto project = Project::create(folder.path() / "p.gadolin");
  EXPECT_TRUE(project.ok());
  if (!project) return {};
  ImportRequest request;
  request.paths = {input};
  Importer importer(**project);
  const auto summary = importer.run(request);
  Outcome outcome;
  if (!summary) {
    outcome.error = summary.error().message;
    return outcome;
  }
  outcome.stacks = db::allStacks((*project)->reader()).value();
  for (const auto& refusal : summary->refused) {
    ++outcome.codes[refusal.code];
    EXPECT_FALSE(refusal.reason.empty());
  }
  for (const auto& warning : summary->warnings) outcome.warnings += warning + "\n";
  return outcome;
}

class HardData : public testing::TestWithParam<Expected> {
 protected:
  void check(const std::string& sound) {
    const auto& expected = GetParam();
    const auto input = test::sharedData("hard/derived/" + expected.input);
    if (input.empty()) GTEST_SKIP() << "The collection of hard files is not on this machine.";
    const Outcome outcome = importAlone(input);
    EXPECT_EQ(outcome.error, "");
    std::vector<int> slices;
    for (const auto& stack : outcome.stacks) {
      slices.push_back(stack.size[2]);
      EXPECT_NEAR(stack.spacing_mm[0], 0.9375, 1e-6);
      EXPECT_NEAR(stack.spacing_mm[1], 0.9375, 1e-6);
      EXPECT_NEAR(stack.spacing_mm[2], expected.distance_mm, 1e-4);
    }
    std::ranges::sort(slices, std::greater{});  // pseudonyms have no order
    EXPECT_EQ(slices, expected.slices);
    EXPECT_EQ(outcome.codes, expected.codes);
    EXPECT_THAT(outcome.warnings, testing::HasSubstr(expected.said));
    EXPECT_EQ(outcome.warnings.empty(), expected.said.empty()) << outcome.warnings;
    if (!expected.same) return;
    const Outcome reference = importAlone(test::sharedData("hard/derived/" + sound));
    ASSERT_EQ(reference.stacks.size(), 1U);
    ASSERT_FALSE(outcome.stacks.empty());
    EXPECT_EQ(outcome.stacks[0].content_hash, reference.stacks[0].content_hash);
    if (outcome.stacks.size() > 1) return;
    EXPECT_EQ(outcome.stacks[0].kind, reference.stacks[0].kind);
  }
};

class HardDicom : public HardData {};
TEST_P(HardDicom, IsTakenWholeOrRefusedWithAReason) {
  check("dicom/sax_ok");
}

const std::vector<int> seven{7};

INSTANTIATE_TEST_SUITE_P(
    Folders, HardDicom,
    testing::Values(
        Expected{"dicom/sax_ok", seven, 10, true},
        Expected{"dicom/sax_file_order_shuffled_instance_numbers_reversed", seven, 10, true},
        // The second image of slice 4 is of another image type: no part of the stack.
        Expected{"dicom/sax_duplicate_slice", seven, 10, true, {{"too-few-slices", 1}}},
        Expected{"dicom/sax_same_sop_instance_twice", seven, 10, true, {}, "1 file is a copy of another"},
        Expected{"dicom/sax_missing_slice", {6}, 10, false, {}, "Between slices 3 and 4 lie 20 mm instead of 10 mm"},
        Expected{"dicom/sax_mag_and_psir_one_seriesuid", {7, 7}, 10, true},
        Expected{"dicom/sax_one_series_per_slice", seven, 10, true, {}, "Joined from 7 series"},
        Expected{"dicom/sax_pixelspacing_missing", {}, 0, false, {{"missing-spacing", 7}}},
        Expected{"dicom/sax_ipp_iop_missing", {}, 0, false, {{"missing-position", 7}}},
        Expected{"dicom/sax_jitter_1e-4_and_formatting", seven},
        Expected{"dicom/sax_breathing_gap_10_10_10p6_9p4", seven, 10, false, {}, "lie 10.6 mm instead of 10 mm"},
        Expected{"dicom/sax_one_slice_other_matrix", {6}, 10, false, {{"too-few-slices", 1}}, "a slice seems to be missing"},
        Expected{"dicom/sax_per_slice_rescale", seven},
        Expected{"dicom/sax_headless_implicit_no_preamble_no_extension", seven, 10, true},
        Expected{"dicom/sax_wrong_extensions", seven, 10, true},
        Expected{"dicom/sax_truncated_pixeldata", {}, 0, false, {{"corrupt", 1}}},
        Expected{"dicom/sax_decimal_comma_DS", {}, 0, false, {{"invalid-input", 7}}},
        Expected{"dicom/sax_non_ascii_path", seven, 10, true},
        Expected{"dicom/sax_patientname_latin1_no_charset", seven, 10, true},
        Expected{"dicom/sax_two_patients_same_seriesuid", {4, 3}, 10, false, {}, "is used by 2 patients"},
        Expected{"dicom/sax_study_folder_from_pacs_cd", seven, 10, true, {{"not-mr", 1}}},
        Expected{"dicom/ts_implicit", seven, 10, true}, Expected{"dicom/ts_bigendian", seven, 10, true},
        Expected{"dicom/ts_deflated", seven, 10, true}, Expected{"dicom/ts_rle", seven, 10, true},
        Expected{"dicom/ts_jpeg_lossless_sv1", seven, 10, true},
        Expected{"dicom/ts_jpegls_lossless", seven, 10, true},
        Expected{"dicom/ts_j2k_lossless", seven, 10, true},
        Expected{"dicom/ts_jpeg_12bit_lossy", seven, 10, false, {}, "compressed with loss"}));

class HardNifti : public HardData {};
TEST_P(HardNifti, IsTakenWholeOrRefusedWithAReason) {
  check("nifti/ok_oblique_int16.nii.gz");
}

Expected taken(const char* name, bool same, const char* said = "") {
  return {std::string("nifti/") + name, seven, 10, same, {}, said};
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
        taken("scl_slope_0p1_inter_-100.nii.gz", false), taken("sform_nonorthonormal_1e-4.nii.gz", false),
        taken("emidec_style_unit_sform_pixdim_0.94x0.94x10.nii.gz", false, "was taken from pixdim"),
        taken("both_codes_zero.nii.gz", false, "no orientation"),
        taken("units_metres.nii.gz", false, "Lengths were in metres"),
        taken("image_nan_inf.nii.gz", false, "were not numbers"),
        taken("qform_sform_disagree_origin_50mm.nii.gz", false, "the sform was used"),
        refused("4d_3frames.nii.gz", "unsupported"), refused("dim0_zero.nii.gz", "invalid-input"),
        refused("dim_x_32767_lies.nii.gz", "corrupt"), refused("gz_bad_crc.nii.gz", "corrupt"),
        refused("gz_truncated_60pct.nii.gz", "corrupt"), refused("header_only_352.nii", "corrupt"),
        refused("raw_truncated_60pct.nii", "corrupt"), refused("vox_offset_beyond_eof.nii.gz", "corrupt"),
        refused("zero_length.nii.gz", "corrupt"), refused("image_complex64.nii.gz", "unsupported"),
        refused("image_rgb24.nii.gz", "unsupported"), refused("magic_missing.nii.gz", "unsupported"),
        taken("nifti2.nii.gz", false), taken("pair.hdr", true),
        refused("pair_img_missing.hdr", "not-found"), refused("pixdim_nan.nii.gz", "invalid-input"),
        refused("pixdim_negative_xyz.nii.gz", "invalid-input"),
        refused("pixdim_z_zero.nii.gz", "invalid-input"),
        refused("qform_sform_disagree_LR_flip.nii.gz", "invalid-input"),
        refused("qform_sform_disagree_rot90.nii.gz", "invalid-input"),
        refused("sform_sheared_3deg.nii.gz", "invalid-input"),
        refused("label_scl_slope_inf.nii.gz", "invalid-input")));

class HardText : public HardData {};
TEST_P(HardText, IsTakenWholeOrRefusedWithAReason) {
  check("nrrd_mha/ok_oblique.nrrd");
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
  check("dicom/sax_ok");
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
  const Outcome outcome = importAlone(input);
  ASSERT_EQ(outcome.stacks.size(), 2U);
  EXPECT_EQ(outcome.stacks[0].kind, ImageKind::Magnitude);
  EXPECT_EQ(outcome.stacks[1].kind, ImageKind::Psir);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_IMPORT_TEST_MAIN();
