#include "core/analysis/quantification.h"

#include <gtest/gtest.h>

namespace gadolin::analysis {
namespace {

Stack stackOf(int columns, int rows, std::vector<double> extents_mm, double dx, double dy) {
  Geometry geometry;
  geometry.size = {columns, rows, static_cast<int>(extents_mm.size())};
  geometry.spacing_mm = {dx, dy, 10.0};
  Stack stack;
  stack.image = Volume<float>(geometry);
  for (const double extent : extents_mm) {
    SliceInfo slice;
    slice.extent_mm = extent;
    stack.slices.push_back(slice);
  }
  return stack;
}

TEST(Quantification, VolumeIsVoxelsTimesTheExtentOfTheirSlice) {
  // Uneven slices: 8 mm and 12 mm; pixels of 1.5 x 2 mm: 24 and 36 microlitres a voxel.
  const Stack stack = stackOf(4, 4, {8.0, 12.0}, 1.5, 2.0);
  Mask mask(stack.image.geometry);
  mask.at(0, 0, 0) = 1;
  mask.at(1, 0, 0) = 2;
  mask.at(2, 0, 0) = 3;
  mask.at(0, 1, 1) = 3;
  mask.at(1, 1, 1) = 4;
  mask.at(2, 1, 1) = 2;
  mask.at(3, 1, 1) = 2;
  const auto volumes = measureVolumes(stack, mask);
  ASSERT_TRUE(volumes.ok());
  EXPECT_DOUBLE_EQ(volumes->total.cavity_ml, 0.024);
  EXPECT_DOUBLE_EQ(volumes->total.myocardium_ml, 2 * 0.024 + 4 * 0.036);
  EXPECT_DOUBLE_EQ(volumes->total.scar_ml, 0.024 + 2 * 0.036);
  EXPECT_DOUBLE_EQ(volumes->total.mvo_ml, 0.036);
  EXPECT_DOUBLE_EQ(volumes->total.myocardium_g(), 0.192 * 1.05);
  EXPECT_DOUBLE_EQ(*volumes->total.scarPercentLvm(), 100.0 * 0.096 / 0.192);
  ASSERT_EQ(volumes->slices.size(), 2U);
  EXPECT_DOUBLE_EQ(volumes->slices[1].scar_ml, 0.072);
}

TEST(Quantification, WithoutMyocardiumThereIsNoPercentage) {
  const Stack stack = stackOf(2, 2, {10.0}, 1.0, 1.0);
  const auto volumes = measureVolumes(stack, Mask(stack.image.geometry));
  ASSERT_TRUE(volumes.ok());
  EXPECT_FALSE(volumes->total.scarPercentLvm().has_value());
}

TEST(Quantification, ScarAloneIsNotAHundredPercentOfTheVentricle) {
  const Stack stack = stackOf(2, 2, {10.0, 10.0}, 1.0, 1.0);
  Mask mask(stack.image.geometry);
  mask.at(0, 0, 0) = 3;
  mask.at(1, 0, 1) = 4;
  const auto alone = measureVolumes(stack, mask);
  ASSERT_TRUE(alone.ok());
  EXPECT_TRUE(alone->total.scarAlone());
  EXPECT_DOUBLE_EQ(alone->total.scar_ml, 0.02);
  EXPECT_DOUBLE_EQ(alone->total.myocardium_ml, 0);
  EXPECT_FALSE(alone->total.scarPercentLvm().has_value());
  // With healthy myocardium anywhere, one slice may be scar through and through.
  mask.at(1, 1, 0) = 2;
  const auto whole = measureVolumes(stack, mask);
  EXPECT_FALSE(whole->total.scarAlone());
  EXPECT_DOUBLE_EQ(*whole->slices[1].scarPercentLvm(), 100);
}

TEST(Quantification, AMaskOfAnotherSizeIsRefused) {
  const Stack stack = stackOf(2, 2, {10.0}, 1.0, 1.0);
  Geometry other = stack.image.geometry;
  other.size = {3, 2, 1};
  const auto volumes = measureVolumes(stack, Mask(other));
  ASSERT_FALSE(volumes.ok());
  EXPECT_EQ(volumes.error().code, ErrorCode::InvalidInput);
}

}  // namespace
}  // namespace gadolin::analysis
