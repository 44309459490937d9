// The pseudo-masks of a run wait for a person, and only what was accepted trains.

#include <algorithm>

#include "core/run/pseudo_review.h"
#include "tests/ml/cascade_fixture.h"

namespace gadolin::ml {
namespace {

using run::PseudoVerdict;
using run::Supervision;
using test::CascadeTest;
using test::expectSameWeights;
using test::ScriptedReporter;

class PseudoReviewTest : public CascadeTest {
 protected:
  PseudoReviewTest() {
    if (!config_.settings.set("pseudo.review", "on")) std::abort();
  }

  /// Trains until the pseudo-masks wait.
  void begin(const std::string& name) {
    ScriptedReporter reporter;
    const auto trained = train(name, config_, reporter);
    ASSERT_FALSE(trained);
    ASSERT_EQ(trained.error().code, ErrorCode::Cancelled) << trained.error().message;
    const auto warnings = reporter.all<run::Warning>();
    ASSERT_FALSE(warnings.empty());
    EXPECT_EQ(warnings.back().code, "review-pseudo-masks");
  }

  /// Every slice with a pseudo-mask gets the verdict that `judge` gives it, and the review is done.
  template <typename Judge>
  void review(const std::string& name, Judge&& judge) {
    run::PseudoReview review;
    review.complete = true;
    for (const auto& stack : cohort().stacks) {
      if (stack.part == dataset::Part::Test) continue;
      const auto file = run::readPseudoMasks(folder(name), stack.stack);
      ASSERT_TRUE(file) << file.error().message;
      for (std::size_t z = 0; z < file->use.size(); ++z)
        if (file->use[z] == run::SliceUse::PseudoMask)
          review.stacks[stack.stack][static_cast<int>(z)] = judge(stack.stack, static_cast<int>(z));
    }
    ASSERT_TRUE(run::writePseudoReview(folder(name), review));
  }

  void finish(const std::string& name) {
    ScriptedReporter reporter;
    const auto trained = train(name, config_, reporter);
    ASSERT_TRUE(trained) << trained.error().message;
  }

  run::RunConfig config_ = test::ringConfig(Supervision::Slice);
};

TEST_F(PseudoReviewTest, StageCWaitsForAPerson) {
  begin("run");
  EXPECT_TRUE(run::waitsForReview(folder("run")));
  EXPECT_FALSE(run::fibrosisHasBegun(folder("run")));
  const auto file = run::readPseudoMasks(folder("run"), "s0");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->use, std::vector<run::SliceUse>(3, run::SliceUse::PseudoMask));
  EXPECT_GT(std::ranges::count(file->mask, 1), 0);
  EXPECT_EQ(run::readPseudoMasks(folder("run"), "s1")->use,
            std::vector<run::SliceUse>(3, run::SliceUse::Background))
      << "a healthy patient has nothing to judge";
  // Resumed too early it waits again, and draws nothing anew.
  const auto drawn_at = std::filesystem::last_write_time(folder("run").pseudoMask("s0"));
  begin("run");
  EXPECT_EQ(std::filesystem::last_write_time(folder("run").pseudoMask("s0")), drawn_at);
}

TEST_F(PseudoReviewTest, AcceptingAllIsAsIfNobodyHadBeenAsked) {
  auto unasked = config_;
  ASSERT_TRUE(unasked.settings.set("pseudo.review", "off"));
  ScriptedReporter reporter;
  ASSERT_TRUE(train("unasked", unasked, reporter));
  begin("asked");
  review("asked", [](const std::string&, int) { return PseudoVerdict::Accepted; });
  EXPECT_FALSE(run::waitsForReview(folder("asked")));
  finish("asked");
  expectSameWeights(folder("unasked"), folder("asked"), "fibrosis");
}

TEST_F(PseudoReviewTest, ARejectedPseudoMaskTeachesNothing) {
  begin("rejected");
  review("rejected", [](const std::string& stack, int z) {
    return stack == "s0" && z == 0 ? PseudoVerdict::Rejected : PseudoVerdict::Accepted;
  });
  finish("rejected");
  // As if nobody had said anything of that slice, and not as if it were free of fibrosis.
  const auto trainWith = [&](const std::string& name, run::SliceUse use) {
    begin(name);
    review(name, [](const std::string&, int) { return PseudoVerdict::Accepted; });
    auto file = run::readPseudoMasks(folder(name), "s0");
    ASSERT_TRUE(file);
    file->use[0] = use;
    std::fill_n(file->mask.begin(), file->mask.size() / 3, std::uint8_t{0});
    ASSERT_TRUE(run::writePseudoMasks(folder(name), "s0", *file));
    finish(name);
  };
  trainWith("unsaid", run::SliceUse::Nothing);
  expectSameWeights(folder("rejected"), folder("unsaid"), "fibrosis");
  trainWith("negative", run::SliceUse::Background);
  const auto weights = [&](const std::string& name) {
    return readFile(folder(name).checkpoint("fibrosis", "latest")).value();
  };
  EXPECT_NE(weights("rejected"), weights("negative"));
}

TEST_F(PseudoReviewTest, OfATrimmedPseudoMaskWhatWasLeftTeaches) {
  const auto second_of_s2 = [](const std::string& stack, int z) {
    return stack == "s2" && z == 1 ? PseudoVerdict::Trimmed : PseudoVerdict::Accepted;
  };
  begin("trimmed");
  review("trimmed", second_of_s2);
  auto file = run::readPseudoMasks(folder("trimmed"), "s2");
  ASSERT_TRUE(file);
  const std::size_t area = file->mask.size() / 3;
  std::vector<std::uint8_t> kept(file->mask.size(), 1);
  std::size_t taken = 0;
  for (std::size_t i = area; i < 2 * area && taken < 10; ++i)
    if (file->mask[i] == 1) {
      kept[i] = 0;
      ++taken;
    }
  ASSERT_EQ(taken, 10U);
  ASSERT_TRUE(makePrivateFolder(folder("trimmed").trimmedPseudoMask("s2").parent_path()));
  ASSERT_TRUE(run::writeTrimmed(folder("trimmed"), "s2", file->size, kept));
  finish("trimmed");
  // The same as a mask that was drawn like that.
  begin("drawn");
  review("drawn", [](const std::string&, int) { return PseudoVerdict::Accepted; });
  for (std::size_t i = area; i < 2 * area; ++i) file->mask[i] &= kept[i];
  ASSERT_TRUE(run::writePseudoMasks(folder("drawn"), "s2", *file));
  finish("drawn");
  expectSameWeights(folder("trimmed"), folder("drawn"), "fibrosis");
}

TEST_F(PseudoReviewTest, WithNothingAcceptedTheTrainingSaysSo) {
  begin("run");
  review("run", [](const std::string&, int) { return PseudoVerdict::Rejected; });
  ScriptedReporter reporter;
  const auto trained = train("run", config_, reporter);
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(trained.error().message.find("No pseudo-mask"), std::string::npos);
  EXPECT_FALSE(run::fibrosisHasBegun(folder("run"))) << "the review can be taken up again";
}

}  // namespace
}  // namespace gadolin::ml
