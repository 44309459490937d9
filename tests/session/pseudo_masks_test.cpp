// What may be said of pseudo-masks, and when.

#include "ui/session/pseudo_masks.h"

#include <gmock/gmock.h>

#include "core/base/files.h"
#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"

namespace gadolin::session {
namespace {

using run::PseudoVerdict;
using ::testing::HasSubstr;

class PseudoMasksTest : public ::testing::Test {
 protected:
  /// Stack "a" has pseudo-masks in slices 0 and 2 of three, of 2 x 2 pixels, all bright.
  PseudoMasksTest() {
    run::PseudoMaskFile file;
    file.size = {2, 2, 3};
    file.mask = {1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1};
    file.use = {run::SliceUse::PseudoMask, run::SliceUse::Background, run::SliceUse::PseudoMask};
    if (!makePrivateFolder(run().pseudoMasks()) || !run::writePseudoMasks(run(), "a", file))
      std::abort();
  }
  void wait() { ASSERT_TRUE(run::writePseudoReview(run(), {}).ok()); }
  [[nodiscard]] run::RunFolder run() const { return paths_.run("r"); }
  Result<void> judge(int slice, std::optional<PseudoVerdict> verdict) {
    return judgePseudoMasks(paths_, "r", "AB", {{"a", {{slice, verdict}}}});
  }

  test::TempFolder folder_;
  ProjectPaths paths_{folder_.path()};
};

TEST_F(PseudoMasksTest, AreNotJudgedBeforeTheyAreAllDrawn) {
  const auto judged = judge(0, PseudoVerdict::Accepted);
  ASSERT_FALSE(judged.ok());
  EXPECT_EQ(judged.error().code, ErrorCode::Conflict);
  EXPECT_FALSE(std::filesystem::exists(run().pseudoReview()));
  EXPECT_FALSE(pseudoState(paths_, "r")->open);
  wait();
  EXPECT_TRUE(judge(0, PseudoVerdict::Accepted).ok());
}

TEST_F(PseudoMasksTest, ASliceWithoutOneIsNamedAndNothingIsStored) {
  wait();
  const auto judged = judge(1, PseudoVerdict::Rejected);
  ASSERT_FALSE(judged.ok());
  EXPECT_EQ(judged.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(judged.error().message, HasSubstr("Slice 1"));
  EXPECT_EQ(
      judgePseudoMasks(paths_, "r", "AB", {{"b", {{0, PseudoVerdict::Accepted}}}}).error().code,
      ErrorCode::InvalidInput);
  EXPECT_TRUE(run::readPseudoReview(run())->stacks.empty());
}

TEST_F(PseudoMasksTest, TheReviewIsDoneWhenAllAreJudgedAndAChangeOpensItAgain) {
  wait();
  ASSERT_TRUE(judge(0, PseudoVerdict::Accepted).ok());
  const auto early = finishPseudoReview(paths_, "r", "AB");
  ASSERT_FALSE(early.ok());
  EXPECT_THAT(early.error().message, HasSubstr("1 of 2"));
  ASSERT_TRUE(judge(2, PseudoVerdict::Rejected).ok());
  ASSERT_TRUE(finishPseudoReview(paths_, "r", "AB").ok());
  EXPECT_FALSE(run::waitsForReview(run()));
  ASSERT_TRUE(judge(2, PseudoVerdict::Rejected).ok());
  EXPECT_FALSE(run::waitsForReview(run())) << "said already";
  ASSERT_TRUE(judge(2, std::nullopt).ok());
  EXPECT_TRUE(run::waitsForReview(run()));
  EXPECT_EQ(pseudoState(paths_, "r")->judged(), 1);
}

TEST_F(PseudoMasksTest, TrimmingTakesPixelsAwayAndAddsNone) {
  wait();
  const std::vector<std::uint8_t> all(4, 1), some{1, 0, 1, 1}, small(3, 1);
  EXPECT_EQ(judge(0, PseudoVerdict::Trimmed).error().code, ErrorCode::Conflict) << "nobody did";
  EXPECT_EQ(trimPseudoMask(paths_, "r", "AB", "a", 0, small).error().code, ErrorCode::InvalidInput);
  ASSERT_TRUE(trimPseudoMask(paths_, "r", "AB", "a", 0, some).ok());
  EXPECT_EQ(run::readPseudoReview(run())->stacks.at("a").at(0), PseudoVerdict::Trimmed);
  ASSERT_TRUE(trimPseudoMask(paths_, "r", "AB", "a", 2, all).ok());
  EXPECT_EQ(run::readPseudoReview(run())->stacks.at("a").at(2), PseudoVerdict::Accepted)
      << "nothing was taken away";
  EXPECT_THAT(*run::readTrimmed(run(), "a", {2, 2, 3}),
              ::testing::ElementsAre(1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1));
}

TEST_F(PseudoMasksTest, OnceTheFibrosisNetworkHasLearntNothingIsChanged) {
  wait();
  ASSERT_TRUE(makePrivateFolder(run().checkpoints()).ok());
  ASSERT_TRUE(writeFileAtomically(run().checkpoint("fibrosis", "latest"), "x").ok());
  EXPECT_EQ(judge(0, PseudoVerdict::Accepted).error().code, ErrorCode::Conflict);
  EXPECT_EQ(finishPseudoReview(paths_, "r", "AB").error().code, ErrorCode::Conflict);
}

TEST_F(PseudoMasksTest, AReviewThatIsNoneIsRefusedAndNotOverwritten) {
  for (const char* text :
       {"", "[]", "{\"version\":1}",
        R"({"version":1,"complete":false,"reader":"x","stacks":{"a":{"0":"perhaps"}}})",
        R"({"version":1,"complete":false,"reader":"x","stacks":{"a":{"-1":"accepted"}}})"}) {
    ASSERT_TRUE(writeFileAtomically(run().pseudoReview(), text).ok());
    EXPECT_EQ(judge(0, PseudoVerdict::Accepted).error().code, ErrorCode::Corrupt) << text;
    EXPECT_EQ(*readFile(run().pseudoReview(), 1024), text);
  }
  ASSERT_TRUE(writeFileAtomically(run().pseudoReview(),
                                  R"({"version":2,"complete":true,"reader":"x","stacks":{}})")
                  .ok());
  EXPECT_EQ(judge(0, PseudoVerdict::Accepted).error().code, ErrorCode::NewerVersion);
}

}  // namespace
}  // namespace gadolin::session

GADOLIN_QT_TEST_MAIN();
