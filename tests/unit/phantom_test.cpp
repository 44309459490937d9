#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/imaging/stack_file.h"
#include "core/phantom/subject.h"

namespace gadolin::phantom {
namespace {

std::array<double, 5> volumes_ml(const Mask& mask) {
  std::array<double, 5> result{};
  for (const auto label : mask.voxels) result.at(label) += mask.geometry.voxelVolume_ml();
  return result;
}

/// Nine subjects hold both kinds of image, all kinds of scar and three healthy ones.
const std::vector<Subject>& nine() {
  static const std::vector<Subject> subjects = cohort(1, 9);
  return subjects;
}

TEST(PhantomTest, SameSeedSameBytes) {
  const Subject a = makeSubject(5, 4), b = makeSubject(5, 4), other = makeSubject(6, 4);
  EXPECT_EQ(contentHash(a.magnitude), contentHash(b.magnitude));
  EXPECT_EQ(contentHash(*a.psir), contentHash(*b.psir));
  EXPECT_EQ(contentHash(a.truth), contentHash(b.truth));
  EXPECT_NE(contentHash(a.magnitude), contentHash(other.magnitude));
}

TEST(PhantomTest, HealthySubjectHasNoScarAndTheOthersDo) {
  for (const Subject& s : nine()) {
    const auto ml = volumes_ml(s.truth);
    EXPECT_EQ(s.healthy, s.index % 3 == 2);
    if (s.healthy) {
      EXPECT_EQ(ml[3] + ml[4], 0.0) << s.name;
    } else {
      EXPECT_GE(ml[3] + ml[4], 2.0) << s.name;
      EXPECT_LT(ml[3] + ml[4], 0.6 * (ml[2] + ml[3] + ml[4])) << s.name;
    }
    // A left ventricle of an adult: 40 to 220 ml of blood, 50 to 180 ml of muscle.
    EXPECT_GT(ml[1], 40) << s.name;
    EXPECT_LT(ml[1], 220) << s.name;
    EXPECT_GT(ml[2] + ml[3] + ml[4], 50) << s.name;
    EXPECT_LT(ml[2] + ml[3] + ml[4], 180) << s.name;
  }
}

// Scar never lies on background, and obstruction lies in scar: each island of label 4 is touched by
// label 3 or reaches the cavity, never the outside.
TEST(PhantomTest, MasksNest) {
  for (const Subject& s : nine()) {
    const auto& g = s.truth.geometry;
    int outside = 0, obstructed = 0;
    for (int z = 0; z < g.size[2]; ++z) {
      for (int y = 1; y + 1 < g.size[1]; ++y) {
        for (int x = 1; x + 1 < g.size[0]; ++x) {
          if (s.truth.at(x, y, z) != 4) continue;
          ++obstructed;
          for (const auto neighbour : {s.truth.at(x - 1, y, z), s.truth.at(x + 1, y, z),
                                       s.truth.at(x, y - 1, z), s.truth.at(x, y + 1, z)}) {
            outside += neighbour == 0;
          }
        }
      }
    }
    EXPECT_LE(outside, obstructed / 20) << s.name;
  }
}

TEST(PhantomTest, GridsDifferAndTruthSharesThem) {
  std::set<std::pair<int, int>> matrices;
  std::set<double> distances;
  bool square = false, not_square = false, psir = false, magnitude = false;
  for (int i = 0; i < 9; ++i) {
    const Subject& s = nine()[static_cast<std::size_t>(i)];
    const Geometry& g = s.magnitude.image.geometry;
    matrices.insert({g.size[0], g.size[1]});
    distances.insert(g.spacing_mm[2]);
    (g.spacing_mm[0] == g.spacing_mm[1] ? square : not_square) = true;
    (s.psir ? psir : magnitude) = true;
    EXPECT_EQ(s.truth.geometry, g);
    if (s.psir) {
      EXPECT_EQ(s.psir->image.geometry, g);
    }
    EXPECT_GE(g.size[2], 7);
    EXPECT_LE(g.size[2], 11);
    EXPECT_NEAR(norm(g.axes[0]), 1, 1e-9);
    EXPECT_NEAR(dot(g.axes[0], g.axes[1]), 0, 1e-9);
    EXPECT_NEAR(dot(cross(g.axes[0], g.axes[1]), g.axes[2]), 1, 1e-9);
    // Double oblique: no axis runs along the patient's.
    for (const double component : g.axes[2]) EXPECT_LT(std::abs(component), 0.9);
    // The long axis points to the left, to the front and down; the flag says which end comes first.
    EXPECT_EQ(s.magnitude.apex_first, g.axes[2][0] < 0) << s.name;
  }
  EXPECT_GE(matrices.size(), 3U);
  EXPECT_GE(distances.size(), 2U);
  EXPECT_TRUE(square && not_square && psir && magnitude);
}

// The mean of healthy muscle is the darkest of the heart, scar and blood are close to each other.
TEST(PhantomTest, MuscleIsNulledAndScarIsAsBrightAsBlood) {
  for (const Subject& s : nine()) {
    const Stack& stack = s.shown();
    std::array<double, 5> sum{}, count{};
    for (std::size_t i = 0; i < s.truth.voxels.size(); ++i) {
      sum[s.truth.voxels[i]] += double{stack.image.voxels[i]};
      ++count[s.truth.voxels[i]];
    }
    const double blood = sum[1] / count[1], muscle = sum[2] / count[2];
    EXPECT_LT(muscle, 0.6 * blood) << s.name;
    if (!s.healthy) {
      EXPECT_GT(sum[3] / count[3], 0.5 * (blood + muscle)) << s.name;
    }
    if (!s.healthy) {
      EXPECT_LT(sum[3] / count[3], 1.4 * blood) << s.name;
    }
    const auto [low, high] =
        std::minmax_element(stack.image.voxels.begin(), stack.image.voxels.end());
    EXPECT_GE(*low, s.psir ? -4096 : 0);
    EXPECT_LE(*high, 4095);
    if (s.psir) {
      EXPECT_LT(*low, -20) << "PSIR keeps the sign";
    }
  }
}

}  // namespace
}  // namespace gadolin::phantom
