#include "core/imaging/io/volume_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "tests/support/nifti_bytes.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"

namespace gadolin::io {
namespace {

using test::niftiBytes;
using test::NiftiSpec;
using testing::HasSubstr;

std::string gzipped(const std::string& bytes) {
  z_stream z{};
  EXPECT_EQ(::deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(bytes.size() + 1000, '\0');
  std::string in = bytes;
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - z.avail_out);
  ::deflateEnd(&z);
  return out;
}

class NiftiReaderTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes, const std::string& name = "case.nii") {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  Result<Stack> read(const NiftiSpec& spec) {
    return readVolumeStack(write(niftiBytes(spec)), std::nullopt);
  }
  std::string refusal(const NiftiSpec& spec) {
    const auto stack = read(spec);
    return stack ? "was accepted" : stack.error().message;
  }

 private:
  test::TempFolder folder_;
};

TEST_F(NiftiReaderTest, WorldIsLpsAndNonSquarePixelsStay) {
  const auto stack = read({});
  ASSERT_TRUE(stack.ok()) << stack.error().message;
  const auto& g = stack->image.geometry;
  EXPECT_EQ(g.size, (std::array{4, 3, 2}));
  EXPECT_EQ(g.spacing_mm, (Vec3{1.5, 1.25, 8}));
  EXPECT_EQ(g.origin_mm, (Vec3{-10, -20, 30}));  // RAS (10, 20, 30)
  EXPECT_EQ(g.axes, (std::array<Vec3, 3>{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}));
  EXPECT_EQ(stack->image.at(1, 2, 1), 1 + 2 * 4 + 12);
  EXPECT_EQ(stack->slices[1].origin_mm, (Vec3{-10, -20, 38}));
  EXPECT_DOUBLE_EQ(stack->slices[1].extent_mm, 8);
  EXPECT_TRUE(stack->notes.empty());
}

TEST_F(NiftiReaderTest, UnitSformOfEmidecTakesSpacingFromPixdim) {
  const auto stack = readVolumeStack(write(niftiBytes(test::emidecSpec())), true);
  ASSERT_TRUE(stack.ok()) << stack.error().message;
  EXPECT_EQ(stack->image.geometry.spacing_mm, (Vec3{1.5, 1.25, 8}));
  EXPECT_EQ(stack->image.geometry.axes[0], (Vec3{1, 0, 0}));
  EXPECT_TRUE(stack->apex_first);
  ASSERT_EQ(stack->notes.size(), 1U);
  EXPECT_THAT(stack->notes[0], HasSubstr("1.5 x 1.25 x 8 mm was taken from pixdim"));
}

TEST_F(NiftiReaderTest, QuaternionTurnsTheAxes) {
  NiftiSpec spec;
  spec.sform_code = 0;
  spec.qform_code = 1;
  spec.quaternion = {0, 0, 0.70710678F};  // a quarter turn about z
  spec.qoffset = {1, 2, 3};
  const auto stack = read(spec);
  ASSERT_TRUE(stack.ok()) << stack.error().message;
  // x points to +A in RAS, so to -P in LPS.
  EXPECT_NEAR(norm(stack->image.geometry.axes[0] - Vec3{0, -1, 0}), 0, 1e-6);
  EXPECT_NEAR(norm(stack->image.geometry.axes[1] - Vec3{1, 0, 0}), 0, 1e-6);
  EXPECT_EQ(stack->image.geometry.origin_mm, (Vec3{-1, -2, 3}));
}

TEST_F(NiftiReaderTest, BigEndianScaledAndFloatFilesGiveTheSameValues) {
  NiftiSpec spec;
  spec.slope = 0.5F;
  spec.intercept = -10;
  const auto swapped = readVolumeStack(write(niftiBytes(spec, true)), std::nullopt);
  ASSERT_TRUE(swapped.ok()) << swapped.error().message;
  EXPECT_FLOAT_EQ(swapped->image.voxels[7], 0.5F * 7 - 10);
  spec.type = 64;
  const auto doubles = read(spec);
  ASSERT_TRUE(doubles.ok());
  EXPECT_EQ(doubles->image.voxels, swapped->image.voxels);
}

TEST_F(NiftiReaderTest, Nifti2IsTheSameImageInEitherByteOrder) {
  for (const bool by_quaternion : {false, true}) {
    NiftiSpec spec;
    spec.slope = 0.5F;
    spec.intercept = -3;
    if (by_quaternion) {
      spec.sform_code = 0;
      spec.qform_code = 1;
      spec.quaternion = {0.5F, 0.5F, 0.5F};
      spec.qoffset = {4, 5, 6};
    }
    const auto first = readVolumeStack(write(niftiBytes(spec)), std::nullopt);
    ASSERT_TRUE(first.ok()) << first.error().message;
    for (const bool swap : {false, true}) {
      const auto second = readVolumeStack(write(test::nifti2Bytes(spec, swap)), std::nullopt);
      ASSERT_TRUE(second.ok()) << second.error().message;
      EXPECT_EQ(second->image.voxels, first->image.voxels);
      EXPECT_TRUE(sameGrid(second->image.geometry, first->image.geometry, 1e-9, 1e-9));
    }
  }
}

TEST_F(NiftiReaderTest, Nifti2ThatLiesOrEndsEarlyIsRefused) {
  const auto code = [&](const std::string& bytes) {
    const auto stack = readVolumeStack(write(bytes), std::nullopt);
    return stack ? "was accepted" : std::string(codeName(stack.error().code));
  };
  const std::string sound = test::nifti2Bytes({});
  EXPECT_EQ(code(sound), "was accepted");
  EXPECT_EQ(code(sound.substr(0, 400)), "corrupt");
  EXPECT_EQ(code(sound.substr(0, sound.size() - 1)), "corrupt");
  std::string huge = sound;
  huge[16 + 8 + 5] = 1;  // 2^40 columns
  EXPECT_EQ(code(huge), "corrupt");
  std::string series = sound;
  series[16] = 4;
  series[16 + 32] = 2;
  EXPECT_EQ(code(series), "unsupported");
}

TEST_F(NiftiReaderTest, APairIsReadFromBothFiles) {
  NiftiSpec spec;
  const auto whole = read(spec);
  ASSERT_TRUE(whole.ok());
  spec.magic = std::string("ni1\0", 4);
  spec.voxel_offset = 0;
  const std::string bytes = niftiBytes(spec);
  const auto header = write(bytes.substr(0, 348), "pair.hdr");
  EXPECT_EQ(readVolumeStack(header, std::nullopt).error().code, ErrorCode::NotFound);
  const auto image = write(bytes.substr(352), "pair.img");
  const auto pair = readVolumeStack(header, std::nullopt);
  ASSERT_TRUE(pair.ok()) << pair.error().message;
  EXPECT_EQ(pair->image.voxels, whole->image.voxels);
  std::filesystem::resize_file(image, bytes.size() - 353);
  EXPECT_EQ(readVolumeStack(header, std::nullopt).error().code, ErrorCode::Corrupt);
  write(gzipped(bytes.substr(352)), "pair.img.gz");
  const auto compressed = readVolumeStack(header, std::nullopt);
  ASSERT_TRUE(compressed.ok()) << compressed.error().message;
  EXPECT_EQ(compressed->image.voxels, whole->image.voxels);
}

TEST_F(NiftiReaderTest, CompressedFilesAreCheckedToTheirLastByte) {
  const std::string good = gzipped(niftiBytes({}));
  ASSERT_TRUE(readVolumeStack(write(good, "a.nii.gz"), std::nullopt).ok());
  EXPECT_TRUE(readVolumeStack(write(good, "gzip.nii"), std::nullopt).ok());  // told by content

  const auto cut =
      readVolumeStack(write(good.substr(0, good.size() * 6 / 10), "b.nii.gz"), std::nullopt);
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, ErrorCode::Corrupt);
  EXPECT_THAT(cut.error().message, HasSubstr("end too early"));

  std::string wrong = good;
  wrong[wrong.size() - 6] = static_cast<char>(wrong[wrong.size() - 6] ^ 1);  // checksum
  const auto damaged = readVolumeStack(write(wrong, "c.nii.gz"), std::nullopt);
  ASSERT_FALSE(damaged.ok());
  EXPECT_THAT(damaged.error().message, HasSubstr("damaged"));

  const std::string bytes = niftiBytes({});
  const std::string members = gzipped(bytes.substr(0, 360)) + gzipped(bytes.substr(360));
  EXPECT_TRUE(readVolumeStack(write(members, "d.nii.gz"), std::nullopt).ok());
}

TEST_F(NiftiReaderTest, TruncatedVoxelsAreRefusedNotZero) {
  const std::string bytes = niftiBytes({});
  const auto stack = readVolumeStack(write(bytes.substr(0, bytes.size() - 2)), std::nullopt);
  ASSERT_FALSE(stack.ok());
  EXPECT_EQ(stack.error().code, ErrorCode::Corrupt);
  EXPECT_THAT(stack.error().message, HasSubstr("48 bytes of voxels and 46 are there"));
  EXPECT_FALSE(readVolumeStack(write(""), std::nullopt).ok());
  EXPECT_FALSE(readVolumeStack(write(bytes.substr(0, 200)), std::nullopt).ok());
}

TEST_F(NiftiReaderTest, ALineOfPixelsIsNoImageAndSlicesOfTheWrongAxisAreSaid) {
  NiftiSpec spec;
  spec.dim = {3, 1, 8, 4, 1, 1, 1, 1};
  EXPECT_THAT(refusal(spec), HasSubstr("1 x 8 pixels"));
  spec.dim = {3, 2, 8, 8, 1, 1, 1, 1};
  const auto turned = readVolumeStack(write(niftiBytes(spec)), std::nullopt);
  ASSERT_TRUE(turned.ok());
  ASSERT_FALSE(turned->notes.empty());
  EXPECT_THAT(turned->notes.back(), HasSubstr("8 slices of 2 x 8 pixels"));
  spec.dim = {3, 8, 8, 8, 1, 1, 1, 1};
  EXPECT_TRUE(readVolumeStack(write(niftiBytes(spec)), std::nullopt)->notes.empty());
}

TEST_F(NiftiReaderTest, GeometryThatCannotBeKnownIsRefused) {
  NiftiSpec spec;
  spec.pixdim[3] = 0;
  EXPECT_THAT(refusal(spec), HasSubstr("axis 3 is 0 mm"));
  spec.pixdim[3] = std::nanf("");
  EXPECT_THAT(refusal(spec), HasSubstr("axis 3 is nan mm"));
  spec = {};
  spec.dim = {5, 4, 3, 2, 1, 2, 1, 1};
  EXPECT_THAT(refusal(spec), HasSubstr("more than four dimensions"));
  spec = {};
  spec.dim = {4, 4, 3, 2, 5, 1, 1, 1};
  EXPECT_THAT(refusal(spec), HasSubstr("time series"));
  spec = {};
  spec.srow[0][1] = 0.1F;  // shears y by 4.6 degrees
  EXPECT_THAT(refusal(spec), HasSubstr("not at right angles"));
  spec = {};
  spec.pixdim[1] = 3;
  EXPECT_THAT(refusal(spec), HasSubstr("one of them is wrong"));
  spec = {};
  spec.qform_code = 1;  // identity: x to the right, where the sform says left
  EXPECT_THAT(refusal(spec), HasSubstr("different directions"));
  spec = {};
  spec.magic = std::string("\0\0\0\0", 4);
  EXPECT_THAT(refusal(spec), HasSubstr("Analyze"));
}

TEST_F(NiftiReaderTest, MaskLabelsAreTranslatedAndStrangersNamed) {
  NiftiSpec spec;
  spec.type = 2;
  spec.voxels.assign(spec.count(), 0);
  for (std::size_t i = 0; i < 4; ++i) spec.voxels[i] = static_cast<double>(i);
  const auto acdc = readVolumeMask(write(niftiBytes(spec)), LabelTable::Acdc);
  ASSERT_TRUE(acdc.ok()) << acdc.error().message;
  EXPECT_EQ(acdc->mask.voxels[1], 0);  // right ventricle
  EXPECT_EQ(acdc->mask.voxels[2], 2);  // myocardium
  EXPECT_EQ(acdc->mask.voxels[3], 1);  // left cavity
  EXPECT_THAT(acdc->notes.at(0), HasSubstr("right ventricle"));

  spec.slope = 2;  // labels are never scaled
  const auto tissue = readVolumeMask(write(niftiBytes(spec)), LabelTable::Tissue);
  ASSERT_TRUE(tissue.ok());
  EXPECT_EQ(tissue->mask.voxels[3], 3);
  EXPECT_THAT(tissue->notes.at(0), HasSubstr("scale"));

  spec.voxels[5] = 7;
  const auto strange = readVolumeMask(write(niftiBytes(spec)), LabelTable::Tissue);
  ASSERT_FALSE(strange.ok());
  EXPECT_THAT(strange.error().message, HasSubstr("holds the value 7"));
}

TEST_F(NiftiReaderTest, OriginalEmidecFileMatchesItsPixdim) {
  const auto path = test::sharedData("emidec-original/Case_P100/Images/Case_P100.nii.gz");
  if (path.empty()) GTEST_SKIP() << "The original EMIDEC case is not on this machine.";
  const auto stack = readVolumeStack(path, true);
  ASSERT_TRUE(stack.ok()) << stack.error().message;
  EXPECT_EQ(stack->image.geometry.size, (std::array{248, 258, 7}));
  EXPECT_EQ(stack->image.geometry.spacing_mm, (Vec3{1.40625, 1.40625, 13}));
}

TEST_F(NiftiReaderTest, SizesThatOverflowEveryWholeNumberAreRefused) {
  // 65536^4 is 2^64: nothing, to a careless product.
  const std::string header =
      "NRRD0005\ntype: unsigned char\ndimension: 4\nspace: left-posterior-superior\n"
      "sizes: 65536 65536 65536 65536\nkinds: list domain domain domain\n"
      "space directions: none (1,0,0) (0,1,0) (0,0,8)\nencoding: raw\nSegment0_Name:=scar\n\n";
  const auto mask = readVolumeMask(write(header, "overflow.nrrd"), LabelTable::Tissue);
  ASSERT_FALSE(mask.ok());
  EXPECT_EQ(mask.error().code, ErrorCode::Corrupt) << mask.error().message;
}

}  // namespace
}  // namespace gadolin::io
