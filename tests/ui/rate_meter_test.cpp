#include "ui/widgets/rate_meter.h"

#include <gtest/gtest.h>

namespace gadolin::widgets {
namespace {

using namespace std::chrono_literals;
const RateMeter::Time begin{};

TEST(RateMeterTest, TheRateIsThatOfTheLastSecondsAndTheRestFollowsFromIt) {
  RateMeter meter;
  for (int second = 0; second <= 20; ++second) meter.add(1000 * second, begin + second * 1s);
  EXPECT_NEAR(*meter.rate(), 1000, 1e-9);
  for (int second = 21; second <= 40; ++second) meter.add(20'000 + 10 * (second - 20), begin + second * 1s);
  EXPECT_NEAR(*meter.rate(), 10, 1e-9) << "what was fast is long ago";
  EXPECT_EQ(meter.secondsLeft(20'200), 0);
  EXPECT_EQ(meter.secondsLeft(20'305), 11);
}

TEST(RateMeterTest, NothingIsToldBeforeItIsKnown) {
  RateMeter meter;
  EXPECT_FALSE(meter.rate());
  meter.add(0, begin);
  meter.add(5, begin + 100ms);
  EXPECT_FALSE(meter.rate());
  EXPECT_FALSE(meter.secondsLeft(10));
  meter.add(5, begin + 9s);
  meter.add(5, begin + 18s);
  EXPECT_EQ(meter.rate(), 0);
  EXPECT_FALSE(meter.secondsLeft(10)) << "it stands still";
  meter.add(2, begin + 19s);  // another phase counts from its own beginning
  EXPECT_FALSE(meter.rate());
}

}  // namespace
}  // namespace gadolin::widgets
