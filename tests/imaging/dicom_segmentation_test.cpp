#include "core/imaging/io/dicom_segmentation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "core/imaging/io/tissue_planes.h"
#include "tests/support/segmentation_bytes.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"

namespace gadolin::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Voxels of each segment, and the sum of their places in their frames: a wrong order of the bits
/// changes the sum even where it keeps the count.
using Census = std::map<int, std::pair<long, long>>;

Census censusOf(const DicomSegmentation& s) {
  Census census;
  for (int frame = 0; frame < s.frames(); ++frame) {
    for (std::size_t i = 0; i < s.area(); ++i) {
      const int number = s.segmentAt(frame, i);
      if (number == 0) continue;
      ++census[number].first;
      census[number].second += static_cast<long>(i);
    }
  }
  return census;
}

struct Sample {
  const char* file;
  int frames;
  Census census;  // as pydicom and NumPy count them
};
std::ostream& operator<<(std::ostream& out, const Sample& sample) {
  return out << sample.file;
}

class RealSegmentation : public testing::TestWithParam<Sample> {};

TEST_P(RealSegmentation, HoldsEveryVoxelAtItsPlace) {
  const auto path = test::sharedData(std::string("hard/") + GetParam().file);
  if (path.empty()) GTEST_SKIP() << "The collection of hard files is not on this machine.";
  const auto s = DicomSegmentation::read(path);
  ASSERT_TRUE(s.ok()) << s.error().message;
  EXPECT_EQ(s->frames(), GetParam().frames);
  EXPECT_EQ(censusOf(*s), GetParam().census);
}

INSTANTIATE_TEST_SUITE_P(
    DicomSegmentation, RealSegmentation,
    testing::Values(
        // 874 bits a frame: no frame but the first begins with a byte.
        Sample{"dcmqi/data/segmentations/23x38x3/seg/label.seg", 3, {{1, {322, 78841}}}},
        Sample{"dcmqi/data/segmentations/24x38x3/seg/label.seg", 3, {{1, {315, 77940}}}},
        // Five segments that overlap, in 7 frames at 3 places.
        Sample{"dcmqi/data/segmentations/partial_overlaps.dcm",
               7,
               {{1, {9602, 1098977710}},
                {2, {11888, 1540305919}},
                {3, {10743, 1351181497}},
                {4, {6693, 1218394139}},
                {5, {4713, 883857411}}}},
        Sample{"dcmqi/data/segmentations/liver.dcm", 3, {{1, {107098, 13114295166}}}},
        Sample{"pydicom-data/liver_rle.dcm", 3, {{1, {107098, 13114295166}}}},
        Sample{"dcmqi/data/sr-example/seg.dcm", 13, {{1, {795, 5970930}}}},
        Sample{"dcmqi/data/segmentations/sparse-labelmap-ppv5.dcm", 2, {{1, {630, 155880}}}},
        Sample{"highdicom/seg_image_ct_binary.dcm", 3, {{1, {638, 81287}}}},
        Sample{"highdicom/seg_image_ct_binary_overlap.dcm", 8, {{1, {64, 5984}}, {2, {16, 1768}}}},
        Sample{"highdicom/seg_image_ct_binary_fractional.dcm", 3, {{1, {638, 81287}}}},
        Sample{"highdicom/seg_image_ct_true_fractional.dcm", 3, {{1, {638, 81287}}}},
        Sample{"highdicom/seg_image_ct_binary_single_frame.dcm", 1, {{1, {1832, 10988733}}}}));

class SegmentationTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path write(const std::string& bytes) const {
    const auto path = folder_.path() / "seg.dcm";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  [[nodiscard]] Result<TissuePlanes> read(const test::SegmentationSpec& spec) const {
    return readTissuePlanes(write(test::segmentationBytes(spec)));
  }
  [[nodiscard]] std::string refusal(const test::SegmentationSpec& spec) const {
    const auto result = read(spec);
    return result.ok() ? "taken" : result.error().message;
  }

  test::TempFolder folder_;
};

/// Two places; 6 bits a frame.
test::SegmentationSpec heart() {
  test::SegmentationSpec spec;
  spec.segments = {{"LV myocardium", "", "SCT", "74281007", "Myocardium"},
                   {"Infarct", "", "SCT", "55641003", "Infarct"},
                   {"Blood pool", "", "", "", ""}};
  spec.frames = {{"0\\0\\10", 2, {0, 1, 0, 0, 0, 0}, "1.2.3.2"},
                 {"0\\0\\0", 1, {1, 1, 1, 0, 0, 1}, "1.2.3.1"},
                 {"0\\0\\10", 1, {1, 1, 1, 1, 0, 0}, "1.2.3.2"},
                 {"0\\0\\0", 3, {0, 0, 0, 1, 1, 0}, "1.2.3.1"}};
  return spec;
}

TEST_F(SegmentationTest, FramesInAnyOrderBecomePlanesWithTheInnerStructureOnTop) {
  const auto result = read(heart());
  ASSERT_TRUE(result.ok()) << result.error().message;
  const auto& [planes, answer] = *result;
  EXPECT_EQ(planes.geometry.size, (std::array{3, 2, 2}));
  EXPECT_EQ(planes.geometry.spacing_mm, (Vec3{0.75, 1.25, 10}));
  EXPECT_THAT(answer.places_mm, ElementsAre(Vec3{0, 0, 0}, Vec3{0, 0, 10}));
  EXPECT_THAT(planes.voxels, ElementsAre(2, 2, 2, 1, 1, 2, 2, 3, 2, 2, 0, 0));
  EXPECT_THAT(answer.tissues, ElementsAre(1, 2, 3));
  EXPECT_THAT(answer.source.images, ElementsAre("1.2.3.2", "1.2.3.1"));
  EXPECT_EQ(answer.made, "20260101101010");
}

TEST_F(SegmentationTest, AFractionCountsFromHalfOfItsMaximumOnAndThatIsSaid) {
  auto spec = heart();
  spec.type = "FRACTIONAL";
  spec.fraction_maximum = 200;
  spec.frames = {{"0\\0\\0", 1, {0, 99, 100, 200, 1, 150}, ""}};
  const auto result = read(spec);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_THAT(result->planes.voxels, ElementsAre(0, 0, 2, 2, 0, 2));
  EXPECT_THAT(result->answer.notes, ElementsAre(HasSubstr("half of the maximum")));
}

TEST_F(SegmentationTest, ALabelMapHoldsNumbersOfSegments) {
  auto spec = heart();
  spec.type = "LABELMAP";
  spec.sop_class = "1.2.840.10008.5.1.4.1.1.66.7";
  spec.frames = {{"0\\0\\0", 0, {0, 1, 2, 3, 1, 1}, ""}};
  const auto result = read(spec);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_THAT(result->planes.voxels, ElementsAre(0, 2, 3, 1, 2, 2));
}

TEST_F(SegmentationTest, AnUnknownSegmentIsRefusedWithAllNames) {
  auto spec = heart();
  spec.segments[1] = {"Segment 7", "", "SCT", "85756007", "Tissue"};
  EXPECT_EQ(
      refusal(spec),
      "seg.dcm holds the segment 'Segment 7' (Tissue), which is none that Gadolin knows: name it "
      "cavity, "
      "myocardium, scar or MVO, as its label and its coded type. Its segments are 'LV myocardium' "
      "(Myocardium), 'Segment 7' (Tissue), 'Blood pool'.");
  // Nobody misses what it means while nothing is in it.
  std::erase_if(spec.frames, [](const test::SegmentFrame& frame) { return frame.segment == 2; });
  EXPECT_EQ(refusal(spec), "taken");
}

TEST_F(SegmentationTest, WhatCannotBeAMaskIsRefusedByName) {
  auto spec = heart();
  spec.source_class = "1.2.840.10008.5.1.4.1.1.2";
  EXPECT_EQ(refusal(spec), "seg.dcm segments CT images, no MR images.");
  spec = heart();
  spec.organisation = "TILED_FULL";
  EXPECT_THAT(refusal(spec), HasSubstr("a tiled image"));
  spec = heart();
  spec.frames[2].position.clear();
  EXPECT_THAT(refusal(spec), HasSubstr("does not say where frame 3 lies"));
  spec = heart();
  spec.announced = 5;
  EXPECT_THAT(refusal(spec), HasSubstr("announces 5 frames and describes 4"));
  spec = heart();
  spec.frames[0].segment = 9;
  EXPECT_THAT(refusal(spec), HasSubstr("segment 9, which it does not describe"));
  spec = heart();
  spec.pixels = std::string(2, '\1');  // 24 bits are needed
  EXPECT_THAT(refusal(spec), HasSubstr("cut off"));
  spec = heart();
  spec.segments = {{"Right ventricle", "", "", "", ""},
                   {"RV wall", "", "", "", ""},
                   {"Left atrium", "", "", "", ""}};
  EXPECT_THAT(refusal(spec), HasSubstr("nothing of the left ventricle"));
  spec = heart();
  for (auto& frame : spec.frames) frame.voxels.assign(6, 0);
  EXPECT_THAT(refusal(spec), HasSubstr("no voxel is segmented"));
}

TEST_F(SegmentationTest, AFileThatEndsWithinItsVoxelsIsRefused) {
  auto bytes = test::segmentationBytes(heart());
  bytes.resize(bytes.size() - 2);
  const auto result = readTissuePlanes(write(bytes));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::Corrupt);
}

TEST(TissueOfSegment, WordsAndCodesMustNotNameTwoStructures) {
  const auto tissue = [](const char* label, const char* scheme, const char* code,
                         const char* meaning) {
    return tissueOfSegment({1, label, "", scheme, code, meaning, false});
  };
  EXPECT_EQ(tissue("Segment_1", "SCT", "74281007", "Herzmuskel"), 2);
  EXPECT_EQ(tissue("Segment_1", "SRT", "D3-15000", ""), 3);
  EXPECT_EQ(tissue("Segment_1", "DCM", "122113", ""), 3);
  EXPECT_EQ(tissue("Segment_1", "99LAB", "x", "Cavity of left ventricle"), 1);
  EXPECT_EQ(tissue("Narbe", "SCT", "85756007", "Tissue"), 3);
  EXPECT_EQ(tissue("MVO", "SCT", "55641003", "Infarct"), 4);      // a part of it
  EXPECT_EQ(tissue("Scar", "SCT", "74281007", "Myocardium"), 3);  // a part of it
  EXPECT_EQ(tissue("Myocardium", "SCT", "55641003", "Infarct"), std::nullopt);
  EXPECT_EQ(tissue("LV cavity", "SCT", "74281007", "Myocardium"), std::nullopt);
  EXPECT_EQ(tissue("RV", "SCT", "53085002", "Right ventricle"), 0);
  EXPECT_EQ(tissue("Mitral valve", "", "", ""), std::nullopt);  // holds the letters of LV
  EXPECT_EQ(tissue("LVmyo", "", "", ""), 2);
  EXPECT_EQ(tissue("LV epicardium", "", "", ""), std::nullopt);
  // No code helps out where the label negates.
  EXPECT_EQ(tissue("artefact not scar", "SCT", "12402003", "Scar"), std::nullopt);
  EXPECT_EQ(tissue("LV", "SCT", "85756007", "Tissue"), std::nullopt);
  EXPECT_EQ(tissue("LV", "SCT", "74281007", "Myocardium"), 2);
}

TEST(TissueOfSegment, ADescriptionThatNegatesIsNotPassedOver) {
  const auto tissue = [](const char* label, const char* description) {
    return tissueOfSegment({1, label, description, "", "", "", false});
  };
  EXPECT_EQ(tissue("ROI 1", "LV myocardium excluding scar"), std::nullopt);
  EXPECT_EQ(tissue("Scar", "not scar, artefact"), std::nullopt);
  EXPECT_EQ(tissue("ROI 1", "myocardium and scar"), std::nullopt);
  EXPECT_EQ(tissue("Scar", "drawn within myocardium and papillary muscles"), 3);
  EXPECT_EQ(tissue("ROI 1", "non-infarcted myocardium"), 2);
}

TEST_F(SegmentationTest, TwoFramesOfOneSegmentAtOnePlaceThatDifferAreRefused) {
  auto spec = heart();
  spec.frames.push_back({"0\\0\\10", 2, {0, 1, 0, 0, 0, 0}, "1.2.3.2"});
  EXPECT_EQ(refusal(spec), "taken");  // the same twice
  spec.frames.back().voxels[5] = 1;
  EXPECT_EQ(refusal(spec),
            "seg.dcm contradicts itself: frames 1 and 5 are of the same segment at the same place, "
            "and differ. Export it again.");
}

}  // namespace
}  // namespace gadolin::io
