// The copy of a database that is in use.

#include <filesystem>

#include "database/mask_edits.h"
#include "tests/database/sample.h"

namespace gadolin::db {
namespace {

namespace fs = std::filesystem;

class Copy : public test::Sample {
 protected:
  void SetUp() override {
    ASSERT_TRUE(addStack(database, test::sampleStack("P1", 1)).ok());
    ASSERT_TRUE(draw(database, std::string(24'000'000, 'x')).ok());
  }
  static Result<std::int64_t> draw(Database& to, const std::string& delta) {
    MaskEditRecord edit;
    edit.stack = "P1-s1";
    edit.reader = "ann";
    edit.tool = "brush";
    edit.delta = delta;
    return addMaskEdit(to, edit);
  }
  [[nodiscard]] fs::path copy() const { return folder.path() / "copy.sqlite"; }
  [[nodiscard]] int filesThere() const {
    return static_cast<int>(
        std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
  }
};

TEST_F(Copy, IsHeardWhenItIsStoppedInTheMiddleAndLeavesNothing) {
  const int before = filesThere();
  int asked = 0;
  const auto copied = database.copyTo(copy(), [&asked] { return ++asked == 3; });
  ASSERT_FALSE(copied.ok());
  EXPECT_EQ(copied.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(filesThere(), before);
}

TEST_F(Copy, IsOfOneMomentThoughAnotherProgramWritesBetweenItsSteps) {
  auto other = Database::open(folder.path() / "project.sqlite", Mode::ReadWrite);
  ASSERT_TRUE(other.ok());
  int asked = 0;
  const auto copied = database.copyTo(copy(), [&] {
    EXPECT_TRUE(draw(*other, "meanwhile").ok());
    return ++asked > 50;  // begins anew each time
  });
  ASSERT_TRUE(copied.ok()) << copied.error().message;
  EXPECT_GT(asked, 3);
  auto made = Database::open(copy(), Mode::ReadOnly);
  ASSERT_TRUE(made.ok());
  const auto there = pendingMaskEdits(*made, "P1-s1", "ann");
  const auto here = pendingMaskEdits(database, "P1-s1", "ann");
  ASSERT_TRUE(there.ok() && here.ok());
  EXPECT_EQ(here->size(), 1U + static_cast<std::size_t>(asked));
  // The snapshot is taken before the first question.
  EXPECT_EQ(there->size(), 1U);
  EXPECT_EQ(there->front().delta.size(), 24'000'000U);
}

}  // namespace
}  // namespace gadolin::db
