#include "app/files/pacs_inbox.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_folder.h"

namespace gadolin::ctl {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class InboxTest : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path place() const { return folder_.path() / "received"; }
  void put(const std::string& study, const std::string& file) const {
    fs::create_directories(place() / study);
    std::ofstream(place() / study / file) << "x";
  }
  test::TempFolder folder_;
};

TEST_F(InboxTest, AStudyIsReadyWhenNobodySendsItAnyMore) {
  auto inbox = Inbox::open(place());
  ASSERT_TRUE(inbox.ok()) << inbox.error().message;
  inbox->stored("a", "study-1");
  inbox->stored("b", "study-1");
  inbox->ended("a");
  EXPECT_FALSE(inbox->ready(seconds(0)));
  EXPECT_EQ(inbox->ready(seconds(0), true), "study-1");
  inbox->ended("b");
  EXPECT_FALSE(inbox->ready(seconds(60)));
  EXPECT_EQ(inbox->ready(seconds(0)), "study-1");
}

TEST_F(InboxTest, WhatAnEarlierOneLeftIsFoundAndHalfObjectsAreNot) {
  put("study-1", "a.dcm");
  put("importing", "b.dcm");
  put(".arriving-x", "c.dcm");
  auto inbox = Inbox::open(place());
  ASSERT_TRUE(inbox.ok());
  EXPECT_FALSE(fs::exists(place() / ".arriving-x"));
  EXPECT_EQ(inbox->unfinished(), place() / "importing");
  EXPECT_FALSE(inbox->empty());
  ASSERT_TRUE(inbox->finish().ok());
  EXPECT_EQ(inbox->ready(seconds(3600)), "study-1");
  ASSERT_EQ(*inbox->take("study-1"), place() / "importing");
  EXPECT_TRUE(fs::exists(place() / "importing" / "a.dcm"));
  ASSERT_TRUE(inbox->finish().ok());
  EXPECT_TRUE(inbox->empty());
}

TEST_F(InboxTest, TwoDoNotReceiveForOneProject) {
  const auto first = Inbox::open(place());
  ASSERT_TRUE(first.ok());
  const auto second = Inbox::open(place());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::Busy);
}

}  // namespace
}  // namespace gadolin::ctl
