#include "core/imaging/image_kind.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/base/random.h"

namespace gadolin {
namespace {

/// A third of air, muscle near zero, blood and fat bright, a little fluid far below zero: the real part
/// and the magnitude of one scan.
std::vector<float> scan(bool magnitude, float offset) {
  Random random(3);
  std::vector<float> voxels;
  for (int i = 0; i < 30'000; ++i) {
    const double tissue = i % 200 == 0 ? -500
                          : i % 3 == 0 ? 0
                          : i % 3 == 1 ? random.uniform(-60, 50)
                                       : random.uniform(200, 600);
    const double real = tissue + 12 * random.normal(), imaginary = 12 * random.normal();
    voxels.push_back(static_cast<float>(magnitude ? std::hypot(real, imaginary) : real) + offset);
  }
  return voxels;
}

TEST(ImageKindTest, SignedValuesArePsir) {
  EXPECT_EQ(kindFromPixels(scan(false, 0)), ImageKind::Psir);
}

TEST(ImageKindTest, PsirStoredWithAnOffsetIsKnownByItsGreyAir) {
  EXPECT_EQ(kindFromPixels(scan(false, 4096)), ImageKind::Psir);
}

TEST(ImageKindTest, DarkAirIsMagnitude) {
  EXPECT_EQ(kindFromPixels(scan(true, 0)), ImageKind::Magnitude);
}

TEST(ImageKindTest, PaddingCountsForNothing) {
  auto voxels = scan(false, 4096);
  voxels.insert(voxels.end(), 10'000, 0.0F);
  EXPECT_EQ(kindFromPixels(voxels), ImageKind::Psir);
}

TEST(ImageKindTest, WholeNumbersAreJudgedAsTheSameNumbersInFloatingPoint) {
  for (const bool magnitude : {false, true}) {
    for (const float offset : {0.F, 60.F, 150.F, 400.F, 1000.F, 4096.F}) {
      std::vector<std::int16_t> whole;
      std::vector<float> same;
      for (const float value : scan(magnitude, offset)) {
        whole.push_back(static_cast<std::int16_t>(std::lround(value)));
        same.push_back(whole.back());
      }
      EXPECT_EQ(kindFromPixels(whole), kindFromPixels(same)) << magnitude << " " << offset;
    }
  }
}

TEST(ImageKindTest, FewValuesAreThoseOfAMask) {
  using Whole = std::vector<std::int16_t>;
  using Values = std::vector<float>;
  EXPECT_EQ(labelValues(Whole{2, 0, 1, 2}), (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(labelValues(Whole{0, -1, -2, 0}), (std::vector<double>{-2, -1, 0}));
  EXPECT_EQ(labelValues(Values{100'000, -0.0F, 0, 0.5F}), (std::vector<double>{0, 0.5, 100'000}));
  EXPECT_TRUE(labelValues(Whole{0, 1, 2, 3, 4, 5}).empty()) << "six values";
  EXPECT_TRUE(labelValues(Whole{3, 3}).empty()) << "one value says nothing";
  EXPECT_TRUE(labelValues(Whole{}).empty());
}

TEST(ImageKindTest, AFlatOrEmptyImageIsUnknown) {
  EXPECT_EQ(kindFromPixels(std::vector<float>(1000, 7)), ImageKind::Unknown);
  EXPECT_EQ(kindFromPixels(std::vector<float>()), ImageKind::Unknown);
  EXPECT_EQ(kindFromPixels(std::vector<std::int16_t>(1000, 7)), ImageKind::Unknown);
  EXPECT_EQ(kindFromPixels(std::vector<std::int16_t>()), ImageKind::Unknown);
}

}  // namespace
}  // namespace gadolin
