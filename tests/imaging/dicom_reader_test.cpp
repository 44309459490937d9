#include "core/imaging/io/dicom_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <utility>
#include <variant>

#include "core/imaging/decode_protocol.h"
#include "core/imaging/io/plain_reader.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"

namespace gadolin::io {
namespace {

using test::DicomSpec;
using test::FrameSpec;
using testing::HasSubstr;

/// With voxels as numbers, whatever they are filed as.
Result<Stack> readSeries(const SeriesPlan& plan) {
  GADOLIN_TRY(auto read, readDicomSeries(plan));
  Stack stack = std::move(read.about);
  std::visit([&stack](const auto& values) { stack.image.voxels.assign(values.begin(), values.end()); },
             read.voxels);
  return stack;
}

class DicomReaderTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes, const std::string& name) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  /// Three slices, 10 mm apart along -z, each with a rescale of its own.
  SeriesPlan threeSlices() {
    std::vector<DicomHeader> headers;
    for (int i = 0; i < 3; ++i) {
      DicomSpec spec;
      spec.sop += std::to_string(i);
      spec.position = "1\\2\\" + std::to_string(100 - 10 * i);
      spec.slope = std::to_string(i + 1);
      spec.intercept = std::to_string(-5 * i);
      const auto path = write(dicomBytes(spec), "im" + std::to_string(i));
      auto read = readDicomHeaders(path);
      EXPECT_TRUE(read.ok()) << read.error().message;
      EXPECT_EQ(read->size(), 1U);
      read->front().path = path.string();
      headers.push_back(read->front());
    }
    auto sorting = sortSeries(headers);
    EXPECT_EQ(sorting.plans.size(), 1U);
    return sorting.plans.at(0);
  }
  test::TempFolder folder_;
};

TEST_F(DicomReaderTest, EverySliceHasItsOwnRescale) {
  const auto stack = readSeries(threeSlices());
  ASSERT_TRUE(stack.ok()) << stack.error().message;
  EXPECT_EQ(stack->image.geometry.size, (std::array{3, 2, 3}));
  EXPECT_EQ(stack->image.geometry.spacing_mm, (Vec3{0.75, 1.25, 10}));
  EXPECT_EQ(stack->image.geometry.origin_mm, (Vec3{1, 2, 100}));  // the base lies highest
  EXPECT_FALSE(stack->apex_first);
  for (int z = 0; z < 3; ++z) {
    EXPECT_EQ(stack->image.at(2, 1, z), static_cast<float>(5 * (z + 1) - 5 * z)) << "slice " << z;
  }
  EXPECT_EQ(stack->kind, ImageKind::Magnitude);
  EXPECT_EQ(stack->slices[0].thickness_mm, 8);
}

/// Frames in disorder, two image types with a rescale each, as Philips writes magnitude and PSIR.
class EnhancedImageTest : public DicomReaderTest {
 protected:
  EnhancedImageTest() {
    spec_.sop_class = "1.2.840.10008.5.1.4.1.1.4.1";
    spec_.image_type = "ORIGINAL\\PRIMARY\\MIXED";
    spec_.pixels.clear();
    for (const int z : {2, 0, 1}) {
      for (const bool psir : {false, true}) {
        FrameSpec frame;
        frame.position = "1\\2\\" + std::to_string(100 - 10 * z);
        frame.type = psir ? "DERIVED\\PRIMARY\\T1\\R" : "ORIGINAL\\PRIMARY\\T1\\M";
        frame.slope = psir ? "2" : "0.5";
        frame.intercept = psir ? "-1000" : "0";
        frame.inversion_time_ms = 300;
        frames_.push_back(frame);
        for (int i = 0; i < 6; ++i)
          spec_.pixels.push_back(static_cast<std::int16_t>(100 * z + 10 * i + (psir ? 1 : 0)));
      }
    }
  }
  SeriesSorting sort(const std::string& bytes) {
    const auto path = write(bytes, "enhanced");
    auto headers = readDicomHeaders(path);
    EXPECT_TRUE(headers.ok()) << headers.error().message;
    if (!headers) return {};
    for (auto& header : *headers) header.path = path.string();
    return sortSeries(*headers);
  }
  DicomSpec spec_;
  std::vector<FrameSpec> frames_;
};

TEST_F(EnhancedImageTest, FramesOfTwoTypesBecomeTwoStacksWithTheirOwnRescale) {
  const auto sorting = sort(dicomBytes(spec_, frames_));
  ASSERT_EQ(sorting.plans.size(), 2U);
  for (const bool psir : {false, true}) {
    const auto stack = readSeries(sorting.plans[psir ? 1 : 0]);
    ASSERT_TRUE(stack.ok()) << stack.error().message;
    EXPECT_EQ(stack->kind, psir ? ImageKind::Psir : ImageKind::Magnitude);
    EXPECT_EQ(stack->image.geometry.size, (std::array{3, 2, 3}));
    EXPECT_EQ(stack->image.geometry.spacing_mm, (Vec3{0.75, 1.25, 10}));
    EXPECT_EQ(stack->image.geometry.origin_mm, (Vec3{1, 2, 100}));
    EXPECT_EQ(stack->slices[0].thickness_mm, 8);
    EXPECT_EQ(stack->slices[0].inversion_time_ms, 300);
    for (int z = 0; z < 3; ++z) {
      const float stored = static_cast<float>(100 * z + 50 + (psir ? 1 : 0));
      EXPECT_EQ(stack->image.at(2, 1, z), psir ? 2 * stored - 1000 : 0.5F * stored) << z;
    }
  }
}

TEST_F(EnhancedImageTest, FilesOfOneFrameEachKeepTheRescaleOfTheirFrame) {
  std::vector<DicomHeader> headers;
  for (std::size_t n = 0; n < frames_.size(); n += 2) {  // magnitude, slope 0.5
    DicomSpec spec = spec_;
    spec.sop += "." + std::to_string(n);
    spec.pixels.assign(spec_.pixels.begin() + static_cast<std::ptrdiff_t>(6 * n),
                       spec_.pixels.begin() + static_cast<std::ptrdiff_t>(6 * n + 6));
    const auto path = write(dicomBytes(spec, {frames_[n]}), "one" + std::to_string(n));
    auto read = readDicomHeaders(path);
    ASSERT_TRUE(read.ok()) << read.error().message;
    ASSERT_EQ(read->size(), 1U);
    read->front().path = path.string();
    headers.push_back(std::move(read->front()));
  }
  const auto sorting = sortSeries(headers);
  ASSERT_EQ(sorting.plans.size(), 1U);
  const auto stack = readSeries(sorting.plans[0]);
  ASSERT_TRUE(stack.ok()) << stack.error().message;
  for (int z = 0; z < 3; ++z) EXPECT_EQ(stack->image.at(2, 1, z), 0.5F * (100.0F * z + 50)) << z;
}

TEST_F(EnhancedImageTest, TwoStacksOfOneFileNeverMix) {
  // A second stack half way between the slices of the first one.
  for (auto& frame : frames_) {
    if (!frame.type.starts_with("DERIVED")) continue;
    frame.type = frames_[0].type;
    frame.stack = "2";
    frame.position = "1\\2\\" + std::to_string(std::stoi(frame.position.substr(4)) - 5);
  }
  const auto sorting = sort(dicomBytes(spec_, frames_));
  ASSERT_EQ(sorting.plans.size(), 2U);
  EXPECT_EQ(sorting.plans[0].slices.size(), 3U);
  EXPECT_EQ(sorting.plans[1].geometry.origin_mm, (Vec3{1, 2, 95}));
}

TEST_F(EnhancedImageTest, InversionTimesOfOneSliceAreNoStack) {
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    frames_[i].position = "1\\2\\100";
    frames_[i].type = frames_[0].type;
    frames_[i].inversion_time_ms = 100.0 + 50.0 * static_cast<double>(i);
  }
  const auto sorting = sort(dicomBytes(spec_, frames_));
  EXPECT_TRUE(sorting.plans.empty());
  ASSERT_EQ(sorting.refusals.size(), 1U);
  EXPECT_EQ(sorting.refusals[0].code, "several-per-position");
}

TEST_F(EnhancedImageTest, AFileThatDescribesFewerFramesThanItAnnouncesIsCorrupt) {
  std::string bytes = dicomBytes(spec_, frames_);
  const auto count = bytes.find("6 ", bytes.find("MONOCHROME2"));  // NumberOfFrames
  ASSERT_NE(count, std::string::npos);
  bytes[count] = '7';
  const auto headers = readDicomHeaders(write(bytes, "lie"));
  ASSERT_FALSE(headers.ok());
  EXPECT_EQ(headers.error().code, ErrorCode::Corrupt);
  EXPECT_THAT(headers.error().message, HasSubstr("7 frames and describes 6"));
}

TEST_F(EnhancedImageTest, FramesThatAreCutOffAreRefusedNotZero) {
  const auto sorting = sort(dicomBytes(spec_, frames_));
  ASSERT_EQ(sorting.plans.size(), 2U);
  const std::string bytes = dicomBytes(spec_, frames_);
  write(bytes.substr(0, bytes.size() - 30), "enhanced");
  const auto stack = readSeries(sorting.plans[0]);
  ASSERT_FALSE(stack.ok());
  EXPECT_EQ(stack.error().code, ErrorCode::Corrupt);
}

TEST_F(EnhancedImageTest, PhilipsFieldMapHasTheRangeThatItsVendorSays) {
  const auto path = test::sharedData("hard/dcm_qa_enh/In/Philips/IM_0027_fMAP.dcm");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  auto headers = readDicomHeaders(path);
  ASSERT_TRUE(headers.ok()) << headers.error().message;
  EXPECT_EQ(headers->size(), 64U);
  for (auto& header : *headers) header.path = path.string();
  const auto sorting = sortSeries(*headers);
  ASSERT_EQ(sorting.plans.size(), 2U);
  const auto map = readSeries(sorting.plans[1]);
  ASSERT_TRUE(map.ok()) << map.error().message;
  EXPECT_EQ(map->image.geometry.size, (std::array{64, 64, 32}));
  EXPECT_NEAR(map->image.geometry.spacing_mm[2], 4, 1e-6);
  const auto [low, high] = std::ranges::minmax(map->image.voxels);
  EXPECT_NEAR(low, -495.604, 0.01);  // as dcm2niix reads them
  EXPECT_NEAR(high, 497.32, 0.01);
}

TEST_F(DicomReaderTest, WhatIsStoredInvertedBecomesBrightAgain) {
  for (const bool is_signed : {false, true}) {
    std::vector<DicomHeader> headers;
    for (int i = 0; i < 3; ++i) {
      DicomSpec spec;
      spec.sop += std::to_string(i);
      spec.position = "1\\2\\" + std::to_string(100 - 10 * i);
      spec.photometric = "MONOCHROME1";
      spec.bits_stored = 12;
      spec.is_signed = is_signed;
      spec.slope = "2";
      const auto path = write(dicomBytes(spec), "im" + std::to_string(i));
      auto read = readDicomHeaders(path);
      ASSERT_TRUE(read.ok());
      read->front().path = path.string();
      headers.push_back(read->front());
    }
    const auto sorting = sortSeries(headers);
    ASSERT_EQ(sorting.plans.size(), 1U);
    const auto stack = readSeries(sorting.plans[0]);
    ASSERT_TRUE(stack.ok()) << stack.error().message;
    EXPECT_EQ(stack->image.at(0, 0, 0), is_signed ? -2.F : 8190.F);  // stored 0 is the brightest
    EXPECT_EQ(stack->image.at(2, 1, 0), is_signed ? -12.F : 8180.F);
    EXPECT_THAT(stack->notes.back(), HasSubstr("MONOCHROME1"));
  }
}

TEST_F(DicomReaderTest, TruncatedPixelsAreRefusedNotZero) {
  const auto plan = threeSlices();
  const std::string bytes = dicomBytes(DicomSpec{});
  write(bytes.substr(0, bytes.size() - 4), "im1");
  const auto stack = readSeries(plan);
  ASSERT_FALSE(stack.ok());
  EXPECT_EQ(stack.error().code, ErrorCode::Corrupt);
  EXPECT_THAT(stack.error().message, HasSubstr("im1"));
}

TEST_F(DicomReaderTest, DecimalCommaIsNotANumber) {
  DicomSpec spec;
  spec.spacing = "0,9375\\0,9375";
  const auto header = readDicomHeaders(write(dicomBytes(spec), "comma"));
  ASSERT_FALSE(header.ok());
  EXPECT_EQ(header.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(header.error().message, HasSubstr("0,9375"));
}

TEST_F(DicomReaderTest, DifferentImagesAtOnePlaceAreNotChosenFrom) {
  auto plan = threeSlices();
  DicomSpec other;
  other.pixels[0] = 99;
  other.slope = "1";
  plan.slices[0].sources.push_back({write(dicomBytes(other), "again").string(), 0});
  const auto stack = readSeries(plan);
  ASSERT_FALSE(stack.ok());
  EXPECT_EQ(stack.error().code, ErrorCode::Conflict);

  other.pixels[0] = 0;
  write(dicomBytes(other), "again");
  const auto same = readSeries(plan);
  ASSERT_TRUE(same.ok()) << same.error().message;
  EXPECT_THAT(same->notes.back(), HasSubstr("twice with the same pixels"));
}

TEST_F(DicomReaderTest, PlainPixelsReadByTheirPlaceAreThoseOfTheFullReader) {
  auto plan = threeSlices();
  const auto full = readSeries(plan);
  ASSERT_TRUE(full.ok()) << full.error().message;
  for (auto& slice : plan.slices) {
    auto headers = readDicomHeaders(slice.sources[0].path);
    ASSERT_TRUE(headers.ok() && headers->front().plain) << "uncompressed, 16 bits";
    // As it comes out of the reader's process.
    const auto answer = decodeAnswerFromLine(
        toLine(DecodeAnswer(ScanAnswers{{ScanAnswer{FileKind::Dicom, *headers}}})));
    ASSERT_TRUE(answer.ok());
    const auto& file = std::get<ScanAnswer>(std::get<ScanAnswers>(*answer).files.at(0));
    EXPECT_EQ(file.dicom.at(0).plain, headers->front().plain);
    EXPECT_EQ(file.dicom.at(0).series_description, headers->front().series_description);
    slice.sources[0].plain = file.dicom.at(0).plain;
  }
  const auto by_place = readSeries(plan);
  ASSERT_TRUE(by_place.ok()) << by_place.error().message;
  EXPECT_EQ(by_place->image.voxels, full->image.voxels);
  // A place that is not that of the pixels any more: another file of the same name.
  for (auto& slice : plan.slices) slice.sources[0].plain->at -= 2;
  ++plan.slices[0].sources[0].plain->file_time_ns;
  const auto changed = readSeries(plan);
  ASSERT_TRUE(changed.ok()) << changed.error().message;
  const auto area = static_cast<std::ptrdiff_t>(full->image.slice(0).size());
  EXPECT_TRUE(std::equal(full->image.voxels.begin(), full->image.voxels.begin() + area,
                         changed->image.voxels.begin()));
  EXPECT_NE(changed->image.voxels, full->image.voxels);
}

TEST_F(DicomReaderTest, PixelsKeptAsWholeNumbersAreThoseThatFloatingPointGives) {
  int whole_cases = 0, too_large = 0;
  for (const bool is_signed : {false, true}) {
    for (const std::uint16_t bits : {16, 12, 1}) {
      for (const auto& [slope, intercept] : std::vector<std::pair<std::string, std::string>>{
               {"", ""}, {"1", "-1024"}, {"1", "-40000"}, {"1", "0.5"}, {"2", "-4096"}, {"1.5", "0"}}) {
        DicomSpec spec;
        spec.is_signed = is_signed;
        spec.bits_stored = bits;
        spec.slope = slope;
        spec.intercept = intercept;
        spec.pixels = {0, -1, 32767, -32768, 0x0fff, 0x7800};  // what lies above the bits stored is no value
        const auto path = write(dicomBytes(spec), "whole");
        const auto headers = readDicomHeaders(path);
        ASSERT_TRUE(headers.ok() && headers->front().plain);
        const PlainPixels& plain = *headers->front().plain;
        EXPECT_EQ(isWhole(plain), intercept != "0.5" && slope != "1.5");
        if (!isWhole(plain)) continue;
        std::vector<float> values(6);
        std::vector<std::int16_t> whole(6);
        ASSERT_TRUE(readPlainFrame(path, plain, 0, values));
        const auto read = readWholeFrame(path, plain, 0, whole);
        const bool fits =
            std::ranges::all_of(values, [](float v) { return v >= -32768 && v <= 32767; });
        EXPECT_EQ(read.ok(), fits) << bits << intercept << is_signed;
        ++(fits ? whole_cases : too_large);
        if (!fits) {
          EXPECT_EQ(read.error().code, ErrorCode::Unsupported);
        } else {
          EXPECT_TRUE(std::ranges::equal(whole, values)) << bits << intercept << is_signed;
        }
      }
    }
  }
  EXPECT_EQ(whole_cases, 13);
  EXPECT_EQ(too_large, 11);
}

TEST_F(DicomReaderTest, AValueBeyond16BitsWithASignIsNotLost) {
  for (const bool large : {false, true}) {
    std::vector<DicomHeader> headers;
    for (int i = 0; i < 3; ++i) {
      DicomSpec spec;
      spec.sop += std::to_string(i);
      spec.position = "1\\2\\" + std::to_string(100 - 10 * i);
      spec.is_signed = false;
      if (large && i == 1) spec.pixels[5] = static_cast<std::int16_t>(60000);
      const auto path = write(dicomBytes(spec), "im" + std::to_string(i));
      auto read = readDicomHeaders(path);
      ASSERT_TRUE(read.ok());
      read->front().path = path.string();
      headers.push_back(read->front());
    }
    const auto sorting = sortSeries(headers);
    ASSERT_EQ(sorting.plans.size(), 1U);
    const auto filed = readDicomSeries(sorting.plans[0]);
    ASSERT_TRUE(filed.ok()) << filed.error().message;
    EXPECT_EQ(std::holds_alternative<std::vector<float>>(filed->voxels), large);
    EXPECT_EQ(readSeries(sorting.plans[0])->image.at(2, 1, 1), large ? 60000.F : 5.F);
    EXPECT_EQ(filed->about.slices.size(), 3U);
    EXPECT_NEAR(filed->about.slices[1].extent_mm, 10, 1e-9);
  }
}

TEST_F(DicomReaderTest, ProtocolKeepsEveryByteOfAPathAndEveryNumber) {
  auto plan = threeSlices();
  plan.slices[1].sources[0].plain =
      PlainPixels{1234567890123, 16, 12, true, false, 0.1, -1024.25, 99, 1700000000123456789};
  plan.slices[1].sources[0].path = "/tmp/S\xe9rie \xe5\xbf\x83%41\n.dcm";  // Latin-1, UTF-8, a line end
  const std::string line = toLine(DecodeRequest(LoadSeriesRequest{plan, "/out", true}));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto request = decodeRequestFromLine(line);
  ASSERT_TRUE(request.ok());
  const auto& read = std::get<LoadSeriesRequest>(*request);
  EXPECT_EQ(read.plan.slices[1].sources, plan.slices[1].sources);
  EXPECT_EQ(read.plan.geometry, plan.geometry);
  EXPECT_TRUE(read.former_hash);
  EXPECT_EQ(read.plan.slices[2].info.origin_mm, plan.slices[2].info.origin_mm);
  EXPECT_FALSE(decodeRequestFromLine("{\"do\":\"scan\"}").ok());
  EXPECT_FALSE(decodeAnswerFromLine("half a li").ok());
}

}  // namespace
}  // namespace gadolin::io
