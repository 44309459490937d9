// The window around the workspaces: switching, filter, two windows, read-only, undo of verdicts.

#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QTableView>
#include <QThreadPool>
#include <QToolButton>
#include <algorithm>

#include "database/masks.h"
#include "database/predictions.h"
#include "tests/ui/window_fixture.h"
#include "ui/view/image_view.h"
#include "ui/widgets/cohort_model.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/label_workspace.h"
#include "ui/widgets/review_workspace.h"
#include "ui/widgets/small_parts.h"
#include "ui/widgets/theme.h"

namespace gadolin {
namespace {

class Shell : public test::WindowFixture {
 protected:
  /// The folder of one more project, which no window has open.
  QString otherProject(const std::string& name) {
    const auto root = folder_.path() / (name + ".gadolin");
    EXPECT_TRUE(test::makePhantomProject(root, {}).ok());
    return QString::fromStdString(root.string());
  }
};

TEST_F(Shell, ControlAndANumberSwitchWorkspaces) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  for (int i = widgets::place_count - 1; i >= 0; --i) {
    QTest::keyClick(window_.get(), static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
    EXPECT_EQ(window_->place(), static_cast<widgets::Place>(i));
    EXPECT_TRUE(window_->workspace(static_cast<widgets::Place>(i))->isVisible());
  }
}

TEST_F(Shell, ControlQClosesTheWindow) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  ASSERT_TRUE(window_->isVisible());
  QTest::keyClick(window_.get(), Qt::Key_Q, Qt::ControlModifier);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !window_->isVisible(); }, 2000));
  EXPECT_FALSE(window_->hasProject()) << "what it held is free for the next window";
}

TEST_F(Shell, IconsOfButtonsFollowTheThemeWithoutARestart) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto* button = window_->findChild<QToolButton*>(QStringLiteral("importOptions"));
  ASSERT_NE(button, nullptr);
  const auto brightest = [button] {
    const QImage image = button->icon().pixmap(32, 32).toImage();
    int most = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x)
        if (qAlpha(image.pixel(x, y)) > 200) most = std::max(most, qGray(image.pixel(x, y)));
    return most;
  };
  const widgets::Scheme before = widgets::scheme();
  widgets::applyTheme(*qApp, widgets::Scheme::Dark);
  EXPECT_GT(brightest(), 180) << "near white on dark";
  widgets::applyTheme(*qApp, widgets::Scheme::Light);
  EXPECT_LT(brightest(), 100) << "near black on light";
  widgets::applyTheme(*qApp, before);
}

TEST_F(Shell, AWindowThatIsKilledComesBackToItsWorkspaceAndStack) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  widgets::memory::setReader(QStringLiteral("AB"));
  auto& label = show<widgets::LabelWorkspace>(widgets::Place::Label);
  QTest::keyClick(&label.imageView(), Qt::Key_Space);
  ASSERT_NO_FATAL_FAILURE(settle());
  const auto& session = label.session();
  const auto stack = QString::fromStdString(
      session.worklist()[static_cast<std::size_t>(session.position())].stack);
  const QString project = QString::fromStdString(root_.string());
  // Nothing is closed here: it is written by itself, soon after the last key.
  EXPECT_TRUE(QTest::qWaitFor([&] { return widgets::memory::lastStack(project) == stack; }, 2000));
  EXPECT_EQ(widgets::memory::lastPlace(project), widgets::Place::Label);
}

TEST_F(Shell, AProgressBarWaitsForTheNextFrame) {
  struct Paints : QObject {
    int count = 0;
    bool eventFilter(QObject*, QEvent* event) override {
      count += event->type() == QEvent::Paint ? 1 : 0;
      return false;
    }
  } paints;
  QProgressBar bar;
  bar.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&bar));
  QTest::qWait(50);
  bar.installEventFilter(&paints);
  widgets::showProgress(&bar, 500, 1000);
  EXPECT_EQ(paints.count, 0) << "a key that moves it would compose the window twice";
  EXPECT_TRUE(QTest::qWaitFor([&] { return paints.count > 0; }, 1000));
  EXPECT_EQ(bar.value(), 500);
  EXPECT_EQ(bar.maximum(), 1000);
  widgets::showProgress(&bar, 0, 0);
  EXPECT_EQ(bar.maximum(), 0);
}

TEST_F(Shell, TheCohortFilterShowsWhatWasTyped) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto* table = window_->findChild<QTableView*>(QStringLiteral("cohortTable"));
  auto* filter = window_->findChild<QLineEdit*>(QStringLiteral("cohortFilter"));
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->model()->rowCount(), 4);
  QTest::keyClicks(filter, QStringLiteral("phantom-004 test"));
  ASSERT_EQ(table->model()->rowCount(), 1) << "patients are Phantom-001 .. 004, the fourth is test";
  QTest::keyClick(filter, Qt::Key_Escape);
}

TEST_F(Shell, ASecondWindowOpensTheProjectForReadingOnly) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  EXPECT_FALSE(window_->readOnly());
  widgets::MainWindow second;
  second.show();
  second.openProject(QString::fromStdString(root_.string()));
  ASSERT_TRUE(opened(second));
  EXPECT_TRUE(second.readOnly());
  auto* banner = second.findChild<QLabel*>(QStringLiteral("banner"));
  EXPECT_TRUE(banner->isVisible());
  EXPECT_TRUE(banner->text().contains(QStringLiteral("Another window")));
}

TEST_F(Shell, OpeningAProjectDoesNotStopTheWindow) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const QString other = otherProject("other");
  window_->openProject(other);
  EXPECT_TRUE(window_->isOpening()) << "it was opened in the call";
  EXPECT_TRUE(window_->windowTitle().startsWith(QStringLiteral("phantom")));
  ASSERT_TRUE(opened(*window_));
  EXPECT_TRUE(window_->windowTitle().startsWith(QStringLiteral("other")));
}

TEST_F(Shell, TheDatabaseOfAProjectOpensTheProject) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const QString other = otherProject("other");
  window_->openProject(other + QStringLiteral("/project.sqlite"));
  ASSERT_TRUE(opened(*window_));
  EXPECT_TRUE(window_->windowTitle().startsWith(QStringLiteral("other")));
}

TEST_F(Shell, OfTwoProjectsOpenedAtOnceTheLastOneIsShown) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const QString one = otherProject("one");
  const QString two = otherProject("two");
  window_->openProject(one);
  window_->openProject(two);
  ASSERT_TRUE(opened(*window_));
  EXPECT_TRUE(window_->windowTitle().startsWith(QStringLiteral("two")));
  EXPECT_FALSE(window_->readOnly());
  // Nothing holds the other one.
  widgets::MainWindow second;
  second.openProject(one);
  ASSERT_TRUE(opened(second));
  EXPECT_FALSE(second.readOnly());
}

TEST_F(Shell, AWindowThatClosesWhileItOpensAProjectLetsGoOfIt) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const QString other = otherProject("other");
  window_->openProject(other);
  window_->close();
  window_.reset();
  QThreadPool::globalInstance()->waitForDone();
  QTest::qWait(50);
  widgets::MainWindow second;
  second.openProject(other);
  ASSERT_TRUE(opened(second));
  EXPECT_FALSE(second.readOnly());
}

TEST_F(Shell, AFolderThatIsNoProjectIsRefusedInWords) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const auto empty = folder_.path() / "empty";
  std::filesystem::create_directory(empty);
  window_->openProject(QString::fromStdString(empty.string()));
  ASSERT_TRUE(opened(*window_)) << "the open project stays open";
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("cannot be opened")));
  EXPECT_TRUE(std::filesystem::is_empty(empty))
      << "nothing may be left in a folder that is refused";
}

class ReviewKeys : public test::WindowFixture {
 protected:
  void openReview() {
    widgets::memory::setReader(QStringLiteral("CD"));
    test::PhantomOptions options;
    options.predictions = true;
    options.labels_from_masks = true;
    ASSERT_NO_FATAL_FAILURE(openWindow(options));
    workspace_ = &show<widgets::ReviewWorkspace>(widgets::Place::Review);
    ASSERT_NE(workspace_->imageView().stack(), nullptr);
  }
  widgets::ReviewWorkspace* workspace_ = nullptr;
};

TEST_F(ReviewKeys, AcceptWritesTheVerdictAndANewRevisionWithThePredictionAsParent) {
  ASSERT_NO_FATAL_FAILURE(openReview());
  QTest::keyClick(&workspace_->imageView(), Qt::Key_A);
  ASSERT_NO_FATAL_FAILURE(settle());
  auto database = disk();
  const auto predictions = db::latestPredictions(database);
  ASSERT_TRUE(predictions.ok());
  int accepted = 0;
  for (const auto& prediction : *predictions) {
    const auto review = db::latestReview(database, prediction.id);
    ASSERT_TRUE(review.ok());
    if (!*review) continue;
    ++accepted;
    // The most uncertain comes first: the last phantom.
    EXPECT_EQ(prediction.stack, "Phantom-004-s1");
    EXPECT_EQ((*review)->verdict, db::Verdict::Accepted);
    EXPECT_EQ((*review)->reader, "CD");
    const auto mask = db::latestMask(database, prediction.stack, db::MaskSource::Reader);
    ASSERT_TRUE(mask.ok() && mask->has_value());
    EXPECT_EQ((*mask)->parent, prediction.mask);
    EXPECT_EQ((*mask)->author, "CD");
  }
  EXPECT_EQ(accepted, 1);
}

TEST_F(ReviewKeys, RejectThenUndoLeavesNoVerdict) {
  ASSERT_NO_FATAL_FAILURE(openReview());
  QTest::keyClick(&workspace_->imageView(), Qt::Key_R);
  ASSERT_NO_FATAL_FAILURE(settle());
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  ASSERT_NO_FATAL_FAILURE(settle());
  auto database = disk();
  const auto predictions = db::latestPredictions(database);
  ASSERT_TRUE(predictions.ok());
  std::size_t events = 0;
  for (const auto& prediction : *predictions) {
    const auto history = db::reviewHistory(database, prediction.id);
    ASSERT_TRUE(history.ok());
    events += history->size();
    if (!history->empty()) {
      EXPECT_EQ(history->back().verdict, db::Verdict::None);
    }
  }
  EXPECT_EQ(events, 2U);
}

TEST_F(ReviewKeys, HoldingHHidesTheOverlays) {
  ASSERT_NO_FATAL_FAILURE(openReview());
  auto& image = workspace_->imageView();
  EXPECT_TRUE(image.overlayStyle().visible);
  QTest::keyPress(&image, Qt::Key_H);
  EXPECT_FALSE(image.overlayStyle().visible);
  QTest::keyRelease(&image, Qt::Key_H);
  EXPECT_TRUE(image.overlayStyle().visible);
}

}  // namespace
}  // namespace gadolin
