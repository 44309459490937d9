// Pseudo-masks as a person judges them: keys, the brush, and what is on the disk afterwards.

#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QWheelEvent>
#include <algorithm>
#include <array>

#include "core/base/files.h"
#include "core/run/pseudo_review.h"
#include "database/runs.h"
#include "tests/ui/window_fixture.h"
#include "ui/view/image_view.h"
#include "ui/widgets/pseudo_dialog.h"
#include "ui/widgets/train_workspace.h"

namespace gadolin {
namespace {

using run::PseudoVerdict;

class PseudoMasks : public test::WindowFixture {
 protected:
  static constexpr const char* run_id = "20261128-1716-slice-quick-ab12";

  /// A run that waits: two stacks, whose slices 1 and 2 have a block of 20 x 20 pixels for a mask.
  void SetUp() override {
    WindowFixture::SetUp();
    root_ = folder_.path() / "phantom.gadolin";
    ASSERT_TRUE(test::makePhantomProject(root_, {}).ok());
    {
      auto project = session::Project::open(root_);
      ASSERT_TRUE(project.ok());
      const auto stacks = db::allStacks((*project)->reader());
      ASSERT_TRUE(stacks.ok() && stacks->size() >= 2);
      auto written = (*project)->writeNow<int>([](db::Database& database) -> Result<int> {
        db::RunRecord row;
        row.id = run_id;
        row.supervision = "slice";
        row.preset = "quick";
        row.stage = "all";
        row.device = "cpu";
        GADOLIN_CHECK(db::addRun(database, row));
        GADOLIN_CHECK(db::setRunState(database, run_id, db::RunState::Cancelled, ""));
        return 0;
      });
      ASSERT_TRUE(written.ok()) << written.error().message;
      ASSERT_TRUE(makePrivateFolder(run().pseudoMasks()).ok());
      for (std::size_t k = 0; k < 2; ++k) addMasks((*stacks)[k]);
      ASSERT_TRUE(run::writePseudoReview(run(), {}).ok());
    }
    ASSERT_NO_FATAL_FAILURE(openNewWindow());
    widgets::memory::setReader(QStringLiteral("AB"));
  }
  void addMasks(const db::StackRecord& stack) {
    run::PseudoMaskFile file;
    file.size = stack.size;
    const auto columns = static_cast<std::size_t>(stack.size[0]);
    const auto area = columns * static_cast<std::size_t>(stack.size[1]);
    file.mask.assign(area * static_cast<std::size_t>(stack.size[2]), 0);
    file.use.assign(static_cast<std::size_t>(stack.size[2]), run::SliceUse::Background);
    for (std::size_t z = 1; z <= 2; ++z) {
      file.use[z] = run::SliceUse::PseudoMask;
      for (std::size_t y = 0; y < 20; ++y)
        for (std::size_t x = 0; x < 20; ++x) file.mask[z * area + (60 + y) * columns + 60 + x] = 1;
    }
    ASSERT_TRUE(run::writePseudoMasks(run(), stack.id, file).ok());
    names_.push_back(stack.id);
    sizes_.push_back(stack.size);
  }

  [[nodiscard]] run::RunFolder run() const { return {root_ / "runs" / run_id}; }
  run::PseudoReview review() const { return run::readPseudoReview(run()).value(); }

  void openDialog() {
    show<widgets::TrainWorkspace>(widgets::Place::Train);
    auto* button = window_->findChild<QPushButton*>(QStringLiteral("pseudoMasks"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return button->isVisible(); }, 5'000));
    EXPECT_TRUE(button->text().contains(QStringLiteral("Judge")));
    QTest::mouseClick(button, Qt::LeftButton);
    dialog_ = window_->findChild<widgets::PseudoDialog*>();
    ASSERT_NE(dialog_, nullptr);
    ASSERT_TRUE(QTest::qWaitForWindowExposed(dialog_));
    rest();
    ASSERT_NE(dialog_->image().stack(), nullptr);
  }
  void rest() {
    ASSERT_TRUE(QTest::qWaitFor([this] { return dialog_->settled(); }, 10'000));
    QTest::qWait(30);
  }
  void press(Qt::Key key) {
    QTest::keyClick(&dialog_->image(), key);
    rest();
  }
  QPushButton& button(const char* name) {
    return *dialog_->findChild<QPushButton*>(QString::fromLatin1(name));
  }

  /// A short stroke of the left button from this voxel on.
  void drag(double x, double y, int wheel_between = 0) {
    view::ImageView& image = dialog_->image();
    const auto point = image.plane().toScreen(x, y);
    const QPoint at(qRound(point.x), qRound(point.y));
    QTest::mousePress(&image, Qt::LeftButton, {}, at);
    if (wheel_between != 0) {
      QWheelEvent turn(at, image.mapToGlobal(at), {}, {0, wheel_between}, Qt::LeftButton, {},
                       Qt::NoScrollPhase, false);
      QApplication::sendEvent(&image, &turn);
    }
    QTest::mouseMove(&image, at + QPoint(2, 0));
    QTest::mouseRelease(&image, Qt::LeftButton, {}, at + QPoint(2, 0));
    rest();
  }

  std::vector<std::string> names_;
  std::vector<std::array<int, 3>> sizes_;
  widgets::PseudoDialog* dialog_ = nullptr;
};

TEST_F(PseudoMasks, OneKeyASliceJudgesThemAllAndTheTrainingMayGoOn) {
  ASSERT_NO_FATAL_FAILURE(openDialog());
  const int first = dialog_->image().slice();
  EXPECT_TRUE(first == 1 || first == 2) << "a slice with a pseudo-mask comes first, not " << first;
  press(Qt::Key_A);
  EXPECT_EQ(dialog_->image().slice(), 3 - first) << "and the other one next";
  press(Qt::Key_R);
  EXPECT_EQ(review().stacks.at(names_[0]).at(first), PseudoVerdict::Accepted);
  EXPECT_EQ(review().stacks.at(names_[0]).at(3 - first), PseudoVerdict::Rejected);
  EXPECT_EQ(review().reader, "AB");
  EXPECT_FALSE(button("pseudoDone").isEnabled()) << "the other stack is left";
  EXPECT_EQ(dialog_->image().stack()->image.geometry.size, sizes_[1]) << "and is shown";
  press(Qt::Key_Return);
  EXPECT_EQ(review().stacks.at(names_[1]).size(), 2U);
  EXPECT_EQ(review().stacks.at(names_[0]).at(3 - first), PseudoVerdict::Rejected);
  EXPECT_TRUE(button("pseudoDone").isEnabled());
  EXPECT_FALSE(review().complete);
  // Whatever the training then does, the review is done.
  QTest::mouseClick(&button("pseudoDone"), Qt::LeftButton);
  EXPECT_TRUE(QTest::qWaitFor([this] { return review().complete; }, 5'000));
}

TEST_F(PseudoMasks, TheBrushTakesPixelsAwayAndUndoBringsThemBack) {
  ASSERT_NO_FATAL_FAILURE(openDialog());
  const int z = dialog_->image().slice();
  drag(70, 70);
  EXPECT_EQ(review().stacks.at(names_[0]).at(z), PseudoVerdict::Trimmed);
  const auto file = run::readPseudoMasks(run(), names_[0]).value();
  const auto kept = run::readTrimmed(run(), names_[0], file.size);
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  const auto columns = static_cast<std::size_t>(file.size[0]);
  const auto area = columns * static_cast<std::size_t>(file.size[1]);
  const auto at = [&](std::size_t x, std::size_t y) {
    return (*kept)[static_cast<std::size_t>(z) * area + y * columns + x];
  };
  EXPECT_EQ(at(70, 70), 0);
  EXPECT_EQ(at(60, 60), 1) << "14 pixels away, and the brush is 4 mm";
  EXPECT_EQ(at(50, 70), 0) << "nothing is added";
  const auto left = std::ranges::count(*kept, 1);
  EXPECT_LT(left, 800);
  EXPECT_GT(left, 700);
  press(Qt::Key_U);
  EXPECT_FALSE(review().stacks.contains(names_[0])) << "as if it had not been judged";
  EXPECT_EQ(dialog_->shownPixels(z), 400U) << "whole again";
  press(Qt::Key_A);
  EXPECT_EQ(review().stacks.at(names_[0]).at(z), PseudoVerdict::Accepted);
}

TEST_F(PseudoMasks, WhatIsRejectedAndAcceptedAgainIsShownAsItIsStored) {
  ASSERT_NO_FATAL_FAILURE(openDialog());
  const int z = dialog_->image().slice();
  drag(70, 70);
  ASSERT_LT(dialog_->shownPixels(z), 400U);
  press(Qt::Key_R);
  dialog_->image().setSlice(z);
  EXPECT_EQ(dialog_->shownPixels(z), 400U);
  drag(70, 70);
  EXPECT_EQ(review().stacks.at(names_[0]).at(z), PseudoVerdict::Rejected)
      << "the brush does not take a rejection back";
  press(Qt::Key_A);
  EXPECT_EQ(review().stacks.at(names_[0]).at(z), PseudoVerdict::Accepted);
  EXPECT_EQ(dialog_->shownPixels(z), 400U);
}

TEST_F(PseudoMasks, TheWheelInTheMiddleOfAStrokeEndsItOnItsSlice) {
  ASSERT_NO_FATAL_FAILURE(openDialog());
  const int z = dialog_->image().slice();
  drag(70, 70, z == 1 ? -120 : 120);
  EXPECT_EQ(review().stacks.at(names_[0]).at(z), PseudoVerdict::Trimmed);
  EXPECT_EQ(review().stacks.at(names_[0]).size(), 1U) << "the other slice was not touched";
  EXPECT_LT(dialog_->shownPixels(z), 400U);
  EXPECT_EQ(dialog_->shownPixels(3 - z), 400U);
}

TEST_F(PseudoMasks, KeysThatAreTypedIntoTheFilterJudgeNothing) {
  ASSERT_NO_FATAL_FAILURE(openDialog());
  auto* filter = dialog_->findChild<QLineEdit*>();
  ASSERT_NE(filter, nullptr);
  filter->setFocus();
  for (const auto key : {Qt::Key_A, Qt::Key_Return}) QTest::keyClick(filter, key);
  rest();
  EXPECT_TRUE(review().stacks.empty());
  EXPECT_TRUE(dialog_->isVisible());
}

TEST_F(PseudoMasks, AreOnlyLookedAtOnceTheFibrosisNetworkHasLearnt) {
  ASSERT_TRUE(makePrivateFolder(run().checkpoints()).ok());
  ASSERT_TRUE(writeFileAtomically(run().checkpoint("fibrosis", "latest"), "x").ok());
  show<widgets::TrainWorkspace>(widgets::Place::Train);
  auto* open = window_->findChild<QPushButton*>(QStringLiteral("pseudoMasks"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return open->isVisible(); }, 5'000));
  QTest::mouseClick(open, Qt::LeftButton);
  dialog_ = window_->findChild<widgets::PseudoDialog*>();
  ASSERT_NE(dialog_, nullptr);
  rest();
  ASSERT_NE(dialog_->image().stack(), nullptr);
  EXPECT_EQ(dialog_->state().slices(), 4);
  EXPECT_EQ(dialog_->shownPixels(1), 400U) << "they can be looked at";
  EXPECT_FALSE(button("pseudoAccept").isEnabled());
  EXPECT_FALSE(dialog_->image().brush().has_value());
  press(Qt::Key_A);
  drag(70, 70);
  EXPECT_TRUE(review().stacks.empty());
}

}  // namespace
}  // namespace gadolin
