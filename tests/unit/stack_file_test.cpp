#include "core/imaging/stack_file.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "core/base/safetensors.h"
#include "tests/support/temp_folder.h"

namespace gadolin {
namespace {

Stack obliqueStack() {
  Stack stack;
  Geometry g;
  g.size = {3, 2, 3};
  g.spacing_mm = {0.9375, 1.25, 10};
  g.origin_mm = {-120.3, -98.7, 64.2};
  const double c = std::cos(0.7), s = std::sin(0.7);
  g.axes = {{{c, s, 0}, {-s, c, 0}, {0, 0, 1}}};
  stack.image = Volume<float>(g);
  for (std::size_t i = 0; i < stack.image.voxels.size(); ++i) stack.image.voxels[i] = 0.5F * static_cast<float>(i);
  stack.kind = ImageKind::Psir;
  stack.apex_first = true;
  stack.notes = {"Spacing taken from the positions."};
  for (int z = 0; z < 3; ++z) {
    SliceInfo slice;
    slice.origin_mm = g.toWorld(0, 0, z == 2 ? 3.0 : z);  // the third slice lies 20 mm further on
    slice.inversion_time_ms = 300.0 + z;
    slice.source = "IM000" + std::to_string(z);
    stack.slices.push_back(slice);
  }
  setExtentsFromPositions(stack);
  return stack;
}

TEST(StackTest, UnevenSlicesStandForTheirOwnExtent) {
  const Stack stack = obliqueStack();
  EXPECT_NEAR(stack.slices[0].extent_mm, 10.0, 1e-9);
  EXPECT_NEAR(stack.slices[1].extent_mm, 15.0, 1e-9);
  EXPECT_NEAR(stack.slices[2].extent_mm, 15.0, 1e-9);
  EXPECT_NEAR(stack.voxelVolume_ml(1), 0.9375 * 1.25 * 15.0 / 1000.0, 1e-12);
}

TEST(StackFileTest, RoundTripKeepsVoxelsAndGeometry) {
  test::TempFolder folder;
  const Stack stack = obliqueStack();
  ASSERT_TRUE(writeStack(folder.path() / "s", stack));
  const auto read = readStack(folder.path() / "s");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->image.geometry, stack.image.geometry);
  EXPECT_EQ(read->image.voxels, stack.image.voxels);
  EXPECT_EQ(read->kind, ImageKind::Psir);
  EXPECT_TRUE(read->apex_first);
  EXPECT_EQ(read->notes, stack.notes);
  EXPECT_EQ(read->slices[2].source, "IM0002");
  EXPECT_EQ(read->slices[2].inversion_time_ms, 302.0);
  EXPECT_EQ(contentHash(*read), contentHash(stack));
}

TEST(StackFileTest, WholeNumbersTakeHalfTheSpaceAndStayWhatTheyAre) {
  test::TempFolder folder;
  Stack stack = obliqueStack();
  const auto kept = [&](float value) {
    stack.image.voxels[7] = value;
    EXPECT_TRUE(writeStack(folder.path() / "s", stack));
    const auto read = readStack(folder.path() / "s");
    EXPECT_EQ(std::bit_cast<std::uint32_t>(read->image.voxels.at(7)), std::bit_cast<std::uint32_t>(value));
    EXPECT_EQ(contentHash(*read), contentHash(stack));
    return SafetensorsFile::open(folder.path() / "s")->find("image")->dtype;
  };
  EXPECT_EQ(kept(3), Dtype::F32) << "its other voxels are halves";
  for (auto& voxel : stack.image.voxels) voxel = 2 * voxel - 5;
  EXPECT_EQ(kept(-32768), Dtype::I16);
  EXPECT_EQ(kept(32767), Dtype::I16);
  EXPECT_EQ(kept(32768), Dtype::F32);
  EXPECT_EQ(kept(-32769), Dtype::F32);
  EXPECT_EQ(kept(0.5F), Dtype::F32);
  EXPECT_EQ(kept(-0.0F), Dtype::F32);
  EXPECT_EQ(kept(std::numeric_limits<float>::quiet_NaN()), Dtype::F32);
  EXPECT_EQ(kept(std::numeric_limits<float>::infinity()), Dtype::F32);
}

TEST(StackFileTest, HashSeesGeometryAndVoxels) {
  Stack a = obliqueStack(), b = obliqueStack();
  b.image.geometry.spacing_mm[0] += 0.001;
  EXPECT_NE(contentHash(a), contentHash(b));
  b = obliqueStack();
  b.image.voxels[4] += 1;
  EXPECT_NE(contentHash(a), contentHash(b));
}

TEST(StackFileTest, StacksOfOlderProjectsAreKnownByTheHashOfThatTime) {
  // Made by another program: SHA-256 over size, geometry in 1e-6 mm and the voxels as float32.
  const std::string of_halves = "347f15ebc68b9cc5357faaf08d372c2fed902f591d79b727d806175d44d36051";
  const std::string of_whole = "d9fb1e8a55e40c250a6ea3b2eca37eba3829ba61fac1d41320bf9af84bc0970d";
  Stack halves = obliqueStack(), whole = obliqueStack();
  for (auto& voxel : whole.image.voxels) voxel *= 2;
  EXPECT_TRUE(std::holds_alternative<std::vector<std::int16_t>>(filed(whole).voxels));
  EXPECT_TRUE(std::holds_alternative<std::vector<float>>(filed(halves).voxels));
  EXPECT_EQ(formerContentHash(filed(halves)), of_halves);
  EXPECT_EQ(formerContentHash(filed(whole)), of_whole);
  EXPECT_TRUE(hasContent(halves, of_halves));
  EXPECT_TRUE(hasContent(whole, of_whole));
  EXPECT_FALSE(hasContent(whole, of_halves));
  EXPECT_TRUE(isFormerContentHash(of_whole));
  for (const Stack& stack : {halves, whole}) {
    const std::string hash = contentHash(stack);
    EXPECT_FALSE(isFormerContentHash(hash));
    EXPECT_EQ(contentHash(filed(stack)), hash);
    EXPECT_TRUE(hasContent(stack, hash));
  }
  EXPECT_FALSE(hasContent(halves, contentHash(whole)));
}

TEST(MaskFileTest, AMaskThatTwoStacksShareHasTheMillimetresOfTheStackItIsReadFor) {
  test::TempFolder folder;
  Geometry as_first_imported = obliqueStack().image.geometry;
  as_first_imported.spacing_mm[0] *= 2;  // a header that was corrected later
  const Mask mask(as_first_imported, 1);
  ASSERT_TRUE(writeMask(folder.path() / "m", mask));
  Geometry grid = obliqueStack().image.geometry;
  const auto read = readMaskOn(folder.path() / "m", grid);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->geometry.spacing_mm, grid.spacing_mm);
  EXPECT_EQ(read->voxels, mask.voxels);
  ++grid.size[2];
  EXPECT_EQ(readMaskOn(folder.path() / "m", grid).error().code, ErrorCode::Corrupt);
}

TEST(MaskFileTest, UnknownLabelsAreRefused) {
  test::TempFolder folder;
  Mask mask(obliqueStack().image.geometry, 4);
  ASSERT_TRUE(writeMask(folder.path() / "m", mask));
  EXPECT_EQ(readMask(folder.path() / "m")->voxels, mask.voxels);
  mask.voxels[3] = 5;
  EXPECT_FALSE(writeMask(folder.path() / "n", mask));
  EXPECT_FALSE(readMask(folder.path() / "absent"));
  EXPECT_FALSE(readStack(folder.path() / "m"));
}

}  // namespace
}  // namespace gadolin
