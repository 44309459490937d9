#include "core/imaging/io/dicom_time.h"

#include <gtest/gtest.h>

namespace gadolin::io {
namespace {

TEST(DicomTimeTest, DatesAndTimesAreSecondsAcrossMidnight) {
  const auto evening = secondsFrom("20240229", "235959.25");
  const auto morning = secondsFrom("20240301", "0001");
  ASSERT_TRUE(evening && morning);
  EXPECT_NEAR(*morning - *evening, 60.75, 1e-6);
  EXPECT_EQ(secondsFrom("", "101530"), 36'930);
  EXPECT_EQ(secondsFrom("19700102", "000000"), 86'400);
  const auto with_offset = secondsFrom("20240229235959.250000+0100");
  ASSERT_TRUE(with_offset);
  EXPECT_NEAR(*with_offset, *evening, 1e-6);
}

TEST(DicomTimeTest, WhatIsNoTimeIsNone) {
  EXPECT_FALSE(secondsFrom("20240229", ""));
  EXPECT_FALSE(secondsFrom("20230229", "1015"));
  EXPECT_FALSE(secondsFrom("2023", "1015"));
  EXPECT_FALSE(secondsFrom("", "2515"));
  EXPECT_FALSE(secondsFrom("", "10:15"));
  EXPECT_FALSE(secondsFrom("20240229"));
  EXPECT_FALSE(secondsFrom(""));
}

}  // namespace
}  // namespace gadolin::io
