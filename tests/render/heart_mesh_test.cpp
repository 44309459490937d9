#include "ui/view/heart_mesh.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/phantom/subject.h"

namespace gadolin::view {
namespace {

Vec3 pointOf(const Mesh& mesh, std::uint32_t index) {
  return {mesh.points[3 * index], mesh.points[3 * index + 1], mesh.points[3 * index + 2]};
}

/// By the divergence theorem; positive when the triangles run counter-clockwise from outside.
double enclosed_ml(const Mesh& mesh) {
  double volume = 0;
  for (std::size_t i = 0; i < mesh.triangles.size(); i += 3) {
    const Vec3 a = pointOf(mesh, mesh.triangles[i]), b = pointOf(mesh, mesh.triangles[i + 1]),
               c = pointOf(mesh, mesh.triangles[i + 2]);
    volume += dot(a, cross(b, c)) / 6;
  }
  return volume / 1000;
}

Vec3 middleOf(const Mesh& mesh) {
  Vec3 sum{0, 0, 0};
  const std::size_t count = mesh.points.size() / 3;
  for (std::size_t i = 0; i < count; ++i) sum = sum + pointOf(mesh, static_cast<std::uint32_t>(i));
  return (1.0 / static_cast<double>(count)) * sum;
}

struct Ball {
  Stack stack;
  Mask mask;
};

/// A ball of 34 mm with a cavity of 24 mm around a place in the patient, slices 6 mm apart; scar is the
/// wall where `side` is positive.
Ball ballOf(const std::array<Vec3, 3>& axes, const Vec3& side) {
  Geometry grid;
  grid.axes = axes;
  grid.size = {64, 56, 14};
  grid.spacing_mm = {1.4, 1.6, 6};
  const Vec3 centre{20, -40, 60};
  grid.origin_mm = centre - (31.5 * 1.4) * axes[0] - (27.5 * 1.6) * axes[1] - (6.5 * 6) * axes[2];
  Ball ball{{}, Mask(grid)};
  ball.stack.image = Volume<float>(grid);
  for (int z = 0; z < 14; ++z) {
    SliceInfo slice;
    slice.origin_mm = grid.toWorld(0, 0, z);
    ball.stack.slices.push_back(slice);
    for (int y = 0; y < 56; ++y) {
      for (int x = 0; x < 64; ++x) {
        const Vec3 v = grid.toWorld(x, y, z) - centre;
        const double r = norm(v);
        if (r < 34) ball.mask.at(x, y, z) = r < 24 ? 1 : dot(v, side) > 12 ? 3 : 2;
      }
    }
  }
  setExtentsFromPositions(ball.stack);
  return ball;
}

TEST(HeartMesh, EnclosesTheVolumeOfTheMaskWithItsSurfaceOutwardInEveryAxisOrder) {
  const Vec3 a{0.8, 0.6, 0}, b{-0.6, 0.8, 0}, c{0, 0, 1};
  for (const std::array<Vec3, 3>& axes :
       {std::array{a, b, c}, std::array{b, a, c}, std::array{c, a, -1.0 * b}}) {
    const Ball ball = ballOf(axes, {1, 0, 0});
    const auto heart = heartMeshes(ball.stack, ball.mask);
    ASSERT_TRUE(heart.has_value());
    const double ball_ml = 4.0 / 3 * std::numbers::pi * 34 * 34 * 34 / 1000;
    EXPECT_NEAR(enclosed_ml(heart->wall), ball_ml, 0.05 * ball_ml);
    const double cavity_ml = 4.0 / 3 * std::numbers::pi * 24 * 24 * 24 / 1000;
    EXPECT_NEAR(enclosed_ml(heart->cavity), cavity_ml, 0.06 * cavity_ml);
    EXPECT_LT(norm(heart->centre_mm - Vec3{20, -40, 60}), 2) << "in the patient, not in the picture";
    EXPECT_GT(middleOf(heart->scar)[0], 20 + 12) << "scar lies to the patient's left";
    EXPECT_TRUE(heart->mvo.empty());
    for (std::size_t i = 0; i < heart->wall.normals.size() / 3; i += 97) {
      const auto at = static_cast<std::uint32_t>(i);
      const Vec3 normal{heart->wall.normals[3 * i], heart->wall.normals[3 * i + 1],
                        heart->wall.normals[3 * i + 2]};
      EXPECT_GT(dot(normal, pointOf(heart->wall, at) - Vec3{20, -40, 60}), 0);
    }
  }
}

TEST(HeartMesh, OfAPhantomIsAsLargeAsItsMask) {
  const phantom::Subject subject = phantom::makeSubject(3, 0);
  const auto heart = heartMeshes(subject.shown(), subject.truth);
  ASSERT_TRUE(heart.has_value());
  const double voxel_ml = subject.truth.geometry.voxelVolume_ml();
  const auto count = [&](auto&& belongs) {
    return static_cast<double>(std::ranges::count_if(subject.truth.voxels, belongs)) * voxel_ml;
  };
  const double wall_ml = count([](std::uint8_t label) { return label != 0; });
  EXPECT_NEAR(enclosed_ml(heart->wall), wall_ml, 0.08 * wall_ml);
  EXPECT_FALSE(heart->scar.empty());
  EXPECT_EQ(heart->slices.size(), static_cast<std::size_t>(subject.shown().sliceCount()));
}

TEST(HeartMesh, WithoutMyocardiumThereIsNone) {
  Ball ball = ballOf({Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}}, {1, 0, 0});
  std::ranges::replace(ball.mask.voxels, std::uint8_t{2}, std::uint8_t{0});
  EXPECT_FALSE(heartMeshes(ball.stack, ball.mask).has_value());
  std::ranges::fill(ball.mask.voxels, std::uint8_t{0});
  EXPECT_FALSE(heartMeshes(ball.stack, ball.mask).has_value());
}

}  // namespace
}  // namespace gadolin::view
