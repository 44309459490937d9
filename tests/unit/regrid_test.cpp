#include <gtest/gtest.h>

#include <algorithm>

#include "core/imaging/regrid.h"

namespace gadolin {
namespace {

/// Oblique, oblong pixels, three different sizes, every voxel's label from its place.
Mask oblique() {
  Geometry g;
  g.size = {5, 4, 3};
  g.spacing_mm = {1.25, 1.5, 8};
  g.origin_mm = {-20, 30, 12};
  g.axes = {{{0.8, 0.6, 0}, {-0.6, 0.8, 0}, {0, 0, 1}}};
  Mask mask(g);
  for (std::size_t i = 0; i < mask.voxels.size(); ++i)
    mask.voxels[i] = static_cast<std::uint8_t>(i * 7 % 5);
  return mask;
}

/// The same voxels with axis `i` running the other way.
Geometry flipped(Geometry g, std::size_t i) {
  g.origin_mm = g.origin_mm + (g.size[i] - 1) * g.spacing_mm[i] * g.axes[i];
  g.axes[i] = -1.0 * g.axes[i];
  return g;
}

TEST(Regrid, EveryVoxelStaysAtItsPlaceInTheBodyInAll48Orders) {
  const Mask mask = oblique();
  const Geometry& g = mask.geometry;
  std::array<std::size_t, 3> order{0, 1, 2};
  int orders = 0;
  do {
    for (int flips = 0; flips < 8; ++flips) {
      Geometry grid;
      for (std::size_t i = 0; i < 3; ++i) {
        grid.size[i] = g.size[order[i]];
        grid.spacing_mm[i] = g.spacing_mm[order[i]];
        grid.axes[i] = g.axes[order[i]];
      }
      grid.origin_mm = g.origin_mm;
      for (std::size_t i = 0; i < 3; ++i) {
        if ((flips >> i & 1) != 0) grid = flipped(grid, i);
      }
      const auto moved = onGrid(mask, grid);
      ASSERT_TRUE(moved) << moved.error().message;
      EXPECT_EQ(moved->geometry, grid);
      for (int z = 0; z < g.size[2]; ++z) {
        for (int y = 0; y < g.size[1]; ++y) {
          for (int x = 0; x < g.size[0]; ++x) {
            // Found by its position, not by index arithmetic.
            const Vec3 from_origin = g.toWorld(x, y, z) - grid.origin_mm;
            std::array<int, 3> at{};
            for (std::size_t i = 0; i < 3; ++i) {
              at[i] = static_cast<int>(
                  std::lround(dot(from_origin, grid.axes[i]) / grid.spacing_mm[i]));
            }
            ASSERT_EQ(moved->at(at[0], at[1], at[2]), mask.at(x, y, z));
          }
        }
      }
      ++orders;
    }
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(orders, 48);
}

TEST(Regrid, AnotherGridIsRefusedWithBothNamed) {
  const Mask mask = oblique();
  Geometry shifted = mask.geometry;
  shifted.origin_mm[0] += 0.7;
  const auto apart = onGrid(mask, shifted);
  ASSERT_FALSE(apart);
  EXPECT_EQ(apart.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(apart.error().message.find("0.70 mm apart"), std::string::npos)
      << apart.error().message;
  Geometry finer = mask.geometry;
  finer.spacing_mm[0] = 1.15;
  EXPECT_FALSE(onGrid(mask, finer));
  Geometry smaller = mask.geometry;
  smaller.size[2] = 2;
  const auto size = onGrid(mask, smaller);
  ASSERT_FALSE(size);
  EXPECT_NE(size.error().message.find("5 x 4 x 3"), std::string::npos);
  EXPECT_NE(size.error().message.find("5 x 4 x 2"), std::string::npos);
  EXPECT_NE(size.error().message.find("labels outside"), std::string::npos);
  Geometry turned = mask.geometry;
  turned.axes = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  EXPECT_FALSE(onGrid(mask, turned));
}

TEST(Regrid, ABoxCutOutOfTheStackGoesBackToItsPlace) {
  const Mask box = oblique();
  Geometry grid = box.geometry;
  grid.size = {9, 7, 4};
  grid.origin_mm = box.geometry.toWorld(-3, -2, -1);
  const auto whole = onGrid(box, flipped(grid, 0));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_FALSE(coversAll(box.geometry, grid));
  EXPECT_TRUE(coversAll(grid, box.geometry));
  EXPECT_TRUE(coversAll(flipped(grid, 1), grid));
  Geometry wide = grid;  // more voxels than the stack, but a slice less
  wide.size = {40, 40, 3};
  EXPECT_FALSE(coversAll(wide, grid));
  int labelled = 0;
  for (int z = 0; z < 3; ++z)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 5; ++x) {
        EXPECT_EQ(whole->at(8 - (x + 3), y + 2, z + 1), box.at(x, y, z));
        labelled += box.at(x, y, z) != 0 ? 1 : 0;
      }
  EXPECT_EQ(std::ranges::count_if(whole->voxels, [](auto v) { return v != 0; }), labelled);
}

TEST(Regrid, WhatHeadersRoundIsTaken) {
  const Mask mask = oblique();
  Geometry rounded = mask.geometry;
  rounded.spacing_mm[1] += 1e-4;
  rounded.origin_mm[2] -= 1e-3;
  EXPECT_TRUE(onGrid(mask, rounded));
}

}  // namespace
}  // namespace gadolin
