#include "core/analysis/surface_distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/analysis/distance_transform.h"
#include "core/base/random.h"

namespace gadolin::analysis {
namespace {

using Size = std::array<int, 3>;
using Spacing = std::array<double, 3>;
struct Point {
  int x, y, z;
};

std::size_t at(const Size& size, int x, int y, int z) {
  return static_cast<std::size_t>((z * size[1] + y) * size[0] + x);
}

double distance(const Point& a, const Point& b, const Spacing& spacing) {
  return std::sqrt(std::pow((a.x - b.x) * spacing[0], 2) + std::pow((a.y - b.y) * spacing[1], 2) +
                   std::pow((a.z - b.z) * spacing[2], 2));
}

std::vector<Point> surfaceByHand(const std::vector<std::uint8_t>& mask, const Size& size) {
  std::vector<Point> points;
  const auto inside = [&](int x, int y, int z) {
    return x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2] &&
           mask[at(size, x, y, z)] != 0;
  };
  for (int z = 0; z < size[2]; ++z)
    for (int y = 0; y < size[1]; ++y)
      for (int x = 0; x < size[0]; ++x)
        if (inside(x, y, z) &&
            !(inside(x - 1, y, z) && inside(x + 1, y, z) && inside(x, y - 1, z) &&
              inside(x, y + 1, z) && inside(x, y, z - 1) && inside(x, y, z + 1)))
          points.push_back({x, y, z});
  return points;
}

SurfaceDistances byHand(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b,
                        const Size& size, const Spacing& spacing) {
  const auto pa = surfaceByHand(a, size);
  const auto pb = surfaceByHand(b, size);
  std::vector<double> all;
  const auto directed = [&](const std::vector<Point>& from, const std::vector<Point>& to) {
    for (const Point& p : from) {
      double nearest = std::numeric_limits<double>::infinity();
      for (const Point& q : to) nearest = std::min(nearest, distance(p, q, spacing));
      all.push_back(nearest);
    }
  };
  directed(pa, pb);
  directed(pb, pa);
  std::sort(all.begin(), all.end());
  const double position = 0.95 * static_cast<double>(all.size() - 1);
  const auto low = static_cast<std::size_t>(position);
  const std::size_t high = std::min(low + 1, all.size() - 1);
  return {all.back(), all[low] + (position - static_cast<double>(low)) * (all[high] - all[low])};
}

std::vector<std::uint8_t> randomMask(Random& random, const Size& size, double density) {
  std::vector<std::uint8_t> mask(at(size, 0, 0, size[2]), 0);
  for (auto& value : mask) value = random.chance(density) ? 1 : 0;
  // A block, so that there is an inside.
  for (int z = 1; z < size[2] - 1; ++z)
    for (int y = 2; y < 6; ++y)
      for (int x = 2; x < 7; ++x) mask[at(size, x, y, z)] = 1;
  return mask;
}

TEST(DistanceTransform, AgreesWithBruteForceOnAnisotropicGrids) {
  Random random(3);
  const Size size{9, 7, 5};
  for (const Spacing& spacing :
       {Spacing{1, 1, 1}, Spacing{1.37, 0.9, 10.0}, Spacing{10, 0.7, 1.3}}) {
    std::vector<std::uint8_t> set(at(size, 0, 0, size[2]), 0);
    std::vector<Point> points;
    for (int i = 0; i < 6; ++i) {
      const Point p{static_cast<int>(random.below(9)), static_cast<int>(random.below(7)),
                    static_cast<int>(random.below(5))};
      set[at(size, p.x, p.y, p.z)] = 1;
      points.push_back(p);
    }
    const auto squared = squaredDistance_mm2(set, size, spacing);
    for (int z = 0; z < size[2]; ++z)
      for (int y = 0; y < size[1]; ++y)
        for (int x = 0; x < size[0]; ++x) {
          double nearest = std::numeric_limits<double>::infinity();
          for (const Point& q : points)
            nearest = std::min(nearest, distance({x, y, z}, q, spacing));
          ASSERT_NEAR(std::sqrt(squared[at(size, x, y, z)]), nearest, 1e-9);
        }
  }
}

TEST(DistanceTransform, NothingIsInfinitelyFar) {
  const auto squared = squaredDistance_mm2(std::vector<std::uint8_t>(8, 0), {2, 2, 2}, {1, 1, 1});
  EXPECT_TRUE(std::all_of(squared.begin(), squared.end(), [](double d) { return std::isinf(d); }));
}

TEST(SurfaceDistance, AgreesWithBruteForceOnAnisotropicGrids) {
  Random random(11);
  const Size size{12, 10, 6};
  for (int repeat = 0; repeat < 12; ++repeat) {
    const Spacing spacing{random.uniform(0.6, 2.0), random.uniform(0.6, 2.0),
                          random.uniform(5, 12)};
    const auto a = randomMask(random, size, 0.02);
    const auto b = randomMask(random, size, 0.05);
    const auto expected = byHand(a, b, size, spacing);
    const auto found = surfaceDistances(a, b, size, spacing);
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->hd_mm, expected.hd_mm, 1e-9);
    EXPECT_NEAR(found->hd95_mm, expected.hd95_mm, 1e-9);
  }
}

TEST(SurfaceDistance, TwoVoxelsApartAlongEachAxis) {
  const Size size{5, 5, 5};
  const Spacing spacing{1.5, 2.0, 10.0};
  const auto one = [&](int x, int y, int z) {
    std::vector<std::uint8_t> mask(125, 0);
    mask[at(size, x, y, z)] = 1;
    return mask;
  };
  EXPECT_DOUBLE_EQ(surfaceDistances(one(1, 2, 2), one(3, 2, 2), size, spacing)->hd_mm, 3.0);
  EXPECT_DOUBLE_EQ(surfaceDistances(one(2, 1, 2), one(2, 3, 2), size, spacing)->hd_mm, 4.0);
  EXPECT_DOUBLE_EQ(surfaceDistances(one(2, 2, 1), one(2, 2, 3), size, spacing)->hd_mm, 20.0);
  // The challenge's tool applies the slice distance to the columns.
  EXPECT_DOUBLE_EQ(surfaceDistancesAsEmidec(one(1, 2, 2), one(3, 2, 2), size, spacing)->hd_mm,
                   20.0);
  EXPECT_DOUBLE_EQ(surfaceDistancesAsEmidec(one(2, 2, 1), one(2, 2, 3), size, spacing)->hd_mm, 3.0);
}

TEST(SurfaceDistance, EqualMasksAreAtZeroAndEmptyOnesNowhere) {
  const Size size{12, 10, 6};
  Random random(1);
  const auto a = randomMask(random, size, 0.0);
  const std::vector<std::uint8_t> empty(a.size(), 0);
  EXPECT_DOUBLE_EQ(surfaceDistances(a, a, size, {1, 1, 8})->hd_mm, 0.0);
  EXPECT_FALSE(surfaceDistances(a, empty, size, {1, 1, 8}).has_value());
  EXPECT_FALSE(surfaceDistances(empty, a, size, {1, 1, 8}).has_value());
  EXPECT_FALSE(surfaceDistances(empty, empty, size, {1, 1, 8}).has_value());
}

}  // namespace
}  // namespace gadolin::analysis
