#include "core/imaging/io/dicom_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/imaging/decode_protocol.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/temp_folder.h"

namespace gadolin::io {
namespace {

using test::DicomSpec;
using testing::HasSubstr;

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
      auto header = readDicomHeader(path);
      EXPECT_TRUE(header.ok()) << header.error().message;
      header->path = path.string();
      headers.push_back(*header);
    }
    auto sorting = sortSeries(headers);
    EXPECT_EQ(sorting.plans.size(), 1U);
    return sorting.plans.at(0);
  }
  test::TempFolder folder_;
};

TEST_F(DicomReaderTest, EverySliceHasItsOwnRescale) {
  const auto stack = readDicomSeries(threeSlices());
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

TEST_F(DicomReaderTest, TruncatedPixelsAreRefusedNotZero) {
  const auto plan = threeSlices();
  const std::string bytes = dicomBytes(DicomSpec{});
  write(bytes.substr(0, bytes.size() - 4), "im1");
  const auto stack = readDicomSeries(plan);
  ASSERT_FALSE(stack.ok());
  EXPECT_EQ(stack.error().code, ErrorCode::Corrupt);
  EXPECT_THAT(stack.error().message, HasSubstr("im1"));
}

TEST_F(DicomReaderTest, DecimalCommaIsNotANumber) {
  DicomSpec spec;
  spec.spacing = "0,9375\\0,9375";
  const auto header = readDicomHeader(write(dicomBytes(spec), "comma"));
  ASSERT_FALSE(header.ok());
  EXPECT_EQ(header.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(header.error().message, HasSubstr("0,9375"));
}

TEST_F(DicomReaderTest, DifferentImagesAtOnePlaceAreNotChosenFrom) {
  auto plan = threeSlices();
  DicomSpec other;
  other.pixels[0] = 99;
  other.slope = "1";
  plan.slices[0].paths.push_back(write(dicomBytes(other), "again").string());
  const auto stack = readDicomSeries(plan);
  ASSERT_FALSE(stack.ok());
  EXPECT_EQ(stack.error().code, ErrorCode::Conflict);

  other.pixels[0] = 0;
  write(dicomBytes(other), "again");
  const auto same = readDicomSeries(plan);
  ASSERT_TRUE(same.ok()) << same.error().message;
  EXPECT_THAT(same->notes.back(), HasSubstr("twice with the same pixels"));
}

TEST_F(DicomReaderTest, ProtocolKeepsEveryByteOfAPathAndEveryNumber) {
  auto plan = threeSlices();
  plan.slices[1].paths[0] = "/tmp/S\xe9rie \xe5\xbf\x83%41\n.dcm";  // Latin-1, UTF-8, a line end
  const std::string line = toLine(DecodeRequest(LoadSeriesRequest{plan, "/out"}));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto request = decodeRequestFromLine(line);
  ASSERT_TRUE(request.ok());
  const auto& read = std::get<LoadSeriesRequest>(*request);
  EXPECT_EQ(read.plan.slices[1].paths, plan.slices[1].paths);
  EXPECT_EQ(read.plan.geometry, plan.geometry);
  EXPECT_EQ(read.plan.slices[2].info.origin_mm, plan.slices[2].info.origin_mm);
  EXPECT_FALSE(decodeRequestFromLine("{\"do\":\"scan\"}").ok());
  EXPECT_FALSE(decodeAnswerFromLine("half a li").ok());
}

}  // namespace
}  // namespace gadolin::io
