#include "core/analysis/thresholds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/analysis/infarct_zones.h"
#include "core/base/random.h"
#include "core/phantom/subject.h"

namespace gadolin::analysis {
namespace {

struct Heart {
  Stack stack;
  Mask mask;
};

/// A ring with a bright wedge (100 to 160 degrees), noise of sd 5 on 100 and 400.
Heart heartOf(int slices) {
  Geometry geometry;
  geometry.size = {64, 64, slices};
  geometry.spacing_mm = {1.5, 1.5, 8};
  Heart heart{{}, Mask(geometry)};
  heart.stack.image = Volume<float>(geometry);
  heart.stack.slices.resize(static_cast<std::size_t>(slices));
  Random random(4);
  for (int z = 0; z < slices; ++z) {
    heart.stack.slices[static_cast<std::size_t>(z)].extent_mm = 8;
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 64; ++x) {
        const double radius = std::hypot(x - 32, y - 32);
        const double angle = std::atan2(y - 32, x - 32);
        double value = 200;
        if (radius < 12) {
          heart.mask.at(x, y, z) = 1;
          value = 380;
        } else if (radius < 20) {
          const bool scar = angle > 1.75 && angle < 2.8;
          heart.mask.at(x, y, z) = scar ? 3 : 2;
          value = scar ? 400 : 100;
        }
        heart.stack.image.at(x, y, z) = static_cast<float>(random.normal(value, 5));
      }
    }
  }
  return heart;
}

TEST(Thresholds, RemoteRegionIsHealthyMyocardium) {
  const Heart heart = heartOf(1);
  const auto remote = remoteRegion(heart.stack, heart.mask, 0);
  ASSERT_TRUE(remote.has_value());
  EXPECT_NEAR(remote->mean, 100, 2);
  EXPECT_NEAR(remote->sd, 5, 1);
  EXPECT_GE(remote->pixels, 60);
}

TEST(Thresholds, FiveDeviationsAndHalfMaximumFindTheBrightWedge) {
  const Heart heart = heartOf(3);
  const std::vector<std::uint8_t> all(3, 1);
  for (const char* name : {"5sd", "6sd", "fwhm"}) {
    const auto found = thresholdScar(heart.stack, heart.mask, *thresholdRuleFromText(name), all);
    ASSERT_TRUE(found.ok());
    EXPECT_TRUE(found->skipped_slices.empty());
    EXPECT_EQ(found->mask.voxels, heart.mask.voxels) << name;
  }
}

TEST(Thresholds, UpperOtsuThresholdPartsThreeLevelsOfMyocardium) {
  Heart heart = heartOf(1);
  // A third level between healthy and scar, as partial volume has: not scar by the upper threshold.
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      if (heart.mask.at(x, y, 0) == 2 && std::atan2(y - 32, x - 32) < -1.5) {
        heart.stack.image.at(x, y, 0) += 150;
      }
    }
  }
  const auto found = thresholdScar(heart.stack, heart.mask, *thresholdRuleFromText("otsu"),
                                   std::vector<std::uint8_t>{1});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->mask.voxels, heart.mask.voxels);
}

TEST(Thresholds, ALowerNumberOfDeviationsNeverFindsLess) {
  const Heart heart = heartOf(2);
  const std::vector<std::uint8_t> all(2, 1);
  std::size_t before = heart.mask.voxels.size();
  for (const char* name : {"2sd", "3sd", "4sd", "5sd", "6sd"}) {
    const auto found = thresholdScar(heart.stack, heart.mask, *thresholdRuleFromText(name), all);
    const auto count = static_cast<std::size_t>(
        std::count(found->mask.voxels.begin(), found->mask.voxels.end(), 3));
    EXPECT_LE(count, before) << name;
    before = count;
  }
}

TEST(Thresholds, SlicesThatAReaderCalledFreeStayFree) {
  const Heart heart = heartOf(2);
  const std::vector<std::uint8_t> second_only{0, 1};
  const auto found =
      thresholdScar(heart.stack, heart.mask, *thresholdRuleFromText("5sd"), second_only);
  const auto first = found->mask.slice(0);
  EXPECT_EQ(std::count(first.begin(), first.end(), 3), 0);
  EXPECT_GT(std::count(first.begin(), first.end(), 2), 0);
  const auto second = found->mask.slice(1);
  EXPECT_GT(std::count(second.begin(), second.end(), 3), 0);
}

TEST(Thresholds, UnknownWordsAndEmptyContoursAreRefused) {
  for (const char* word : {"1sd", "7sd", "sd", "FWHM", ""}) {
    EXPECT_FALSE(thresholdRuleFromText(word).has_value()) << word;
  }
  const Heart heart = heartOf(1);
  const auto found = thresholdScar(heart.stack, Mask(heart.stack.image.geometry),
                                   *thresholdRuleFromText("fwhm"), std::vector<std::uint8_t>{1});
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::InvalidInput);
}

TEST(Thresholds, HalfMaximumFindsMostOfThePhantomsScar) {
  const auto subject = phantom::makeSubject(1, 0);
  ASSERT_FALSE(subject.healthy);
  std::vector<std::uint8_t> wanted;
  std::size_t truth = 0;
  for (int z = 0; z < subject.shown().sliceCount(); ++z) {
    const auto labels = subject.truth.slice(z);
    const auto scar = std::count_if(labels.begin(), labels.end(), isFibrosis);
    wanted.push_back(scar > 0);
    truth += static_cast<std::size_t>(scar);
  }
  const auto found =
      thresholdScar(subject.shown(), subject.truth, *thresholdRuleFromText("fwhm"), wanted);
  ASSERT_TRUE(found.ok());
  std::size_t both = 0;
  std::size_t all = 0;
  for (std::size_t i = 0; i < found->mask.voxels.size(); ++i) {
    all += found->mask.voxels[i] == 3;
    both += found->mask.voxels[i] == 3 && isFibrosis(subject.truth.voxels[i]);
  }
  EXPECT_GT(2.0 * static_cast<double>(both) / static_cast<double>(all + truth), 0.6);
}

TEST(InfarctZones, GreyRimOfABrightCoreIsGreyAndNoiseInHealthyMuscleIsNot) {
  Heart heart = heartOf(2);
  // The rim of the wedge, 0.3 radians on each side, is half bright; 100 and 400 make 250 the middle.
  std::size_t rim = 0, core = 0;
  Random random(9);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      if (!isMyocardium(heart.mask.at(x, y, 0))) continue;
      const double angle = std::atan2(y - 32, x - 32);
      if (heart.mask.at(x, y, 0) == 3) ++core;
      if ((angle > 1.45 && angle <= 1.75) || (angle >= 2.8 && angle < 3.1)) {
        heart.stack.image.at(x, y, 0) = static_cast<float>(random.normal(190, 5));
        ++rim;
      }
    }
  }
  heart.stack.image.at(32, 15, 0) = 190;  // a bright pixel on the other side
  const std::vector<std::uint8_t> wanted{1, 0};
  const auto zones = infarctZones(heart.stack, heart.mask, wanted);
  ASSERT_TRUE(zones.ok()) << zones.error().message;
  const double voxel_ml = heart.stack.voxelVolume_ml(0);
  EXPECT_NEAR(zones->core_ml, static_cast<double>(core) * voxel_ml, 1e-9);
  EXPECT_NEAR(zones->grey_ml, static_cast<double>(rim) * voxel_ml, 3 * voxel_ml);
  // A dark core that somebody drew as MVO belongs to the core.
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const double angle = std::atan2(y - 32, x - 32);
      if (heart.mask.at(x, y, 0) != 3 || angle < 2.1 || angle > 2.4) continue;
      heart.mask.at(x, y, 0) = 4;
      heart.stack.image.at(x, y, 0) = 100;
    }
  }
  const auto obstructed = infarctZones(heart.stack, heart.mask, wanted);
  ASSERT_TRUE(obstructed.ok());
  EXPECT_NEAR(obstructed->core_ml, static_cast<double>(core) * voxel_ml, 1e-9);
}

TEST(InfarctZones, WithoutRemoteMyocardiumAreUnknownAndNotZero) {
  Heart heart = heartOf(2);
  // Of slice 0 nine pixels of wall are left: no sector has ten.
  int left = 9;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      auto& label = heart.mask.at(x, y, 0);
      if (isMyocardium(label) && left-- <= 0) label = 0;
    }
  }
  const auto alone = infarctZones(heart.stack, heart.mask, std::vector<std::uint8_t>{1, 0});
  ASSERT_FALSE(alone.ok());
  EXPECT_EQ(alone.error().code, ErrorCode::NotFound);
  const auto both = infarctZones(heart.stack, heart.mask, std::vector<std::uint8_t>{1, 1});
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->skipped_slices, 1);
  EXPECT_EQ(both->slices, 1);
  EXPECT_GT(both->core_ml, 0);
}

}  // namespace
}  // namespace gadolin::analysis
