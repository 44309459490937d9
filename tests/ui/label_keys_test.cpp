// Keys pressed on the real Label workspace end in the database.

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <latch>
#include <thread>

#include "database/labels.h"
#include "tests/ui/window_fixture.h"
#include "ui/view/image_view.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/label_workspace.h"

namespace gadolin {
namespace {

/// Another program in the middle of a write: keys wait for it.
class WriteLock {
 public:
  explicit WriteLock(const std::filesystem::path& project)
      : thread_([this, file = project / "project.sqlite"] {
          auto database = db::Database::open(file, db::Mode::ReadWrite);
          const auto held = database->transaction([this]() -> Result<void> {
            taken_.count_down();
            end_.wait();
            return {};
          });
          EXPECT_TRUE(held.ok());
        }) {
    taken_.wait();
  }
  ~WriteLock() {
    if (thread_.joinable()) release();
  }
  void release() {
    end_.count_down();
    thread_.join();
  }

 private:
  std::latch taken_{1};
  std::latch end_{1};
  std::thread thread_;
};

class LabelKeys : public test::WindowFixture {
 protected:
  void openLabel() {
    widgets::memory::setReader(QStringLiteral("AB"));
    ASSERT_NO_FATAL_FAILURE(openWindow());
    workspace_ = &show<widgets::LabelWorkspace>(widgets::Place::Label);
    ASSERT_TRUE(
        QTest::qWaitFor([this] { return workspace_->session().stack() != nullptr; }, 10000));
  }
  void press(Qt::Key key) { QTest::keyClick(&workspace_->imageView(), key); }
  void waitIdle() {
    ASSERT_TRUE(QTest::qWaitFor([this] { return workspace_->session().idle(); }, 5000));
  }
  void chooseUnlabelled() {
    auto* box = workspace_->findChild<QComboBox*>(QStringLiteral("worklistKind"));
    box->setCurrentIndex(box->findData(static_cast<int>(session::Worklist::Unlabelled)));
    ASSERT_NO_FATAL_FAILURE(settle());
  }
  bool listHas(const std::string& stack) {
    return std::ranges::count(workspace_->session().worklist(), stack, &widgets::WorkItem::stack) >
           0;
  }
  std::string stack() {
    return workspace_->session()
        .worklist()[static_cast<std::size_t>(workspace_->session().position())]
        .stack;
  }
  std::vector<db::SliceLabelRecord> labels(const std::string& stack) {
    auto database = disk();
    auto records = db::sliceLabels(database, stack, "AB");
    EXPECT_TRUE(records.ok());
    return records.ok() ? *records : std::vector<db::SliceLabelRecord>{};
  }

  widgets::LabelWorkspace* workspace_ = nullptr;
};

TEST_F(LabelKeys, OneIsFibrosisOnDiskBeforeTheNextSliceShows) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  auto& session = workspace_->session();
  const std::string here = stack();
  const int slice = session.slice();
  // The most basal slice comes first, whichever way the stack is stored.
  EXPECT_EQ(slice, session.stack()->apex_first ? session.stack()->sliceCount() - 1 : 0);
  std::vector<db::SliceLabelRecord> at_change;
  QObject::connect(&session, &widgets::LabelSession::sliceChanged, &session,
                   [&](int) { at_change = labels(here); });
  press(Qt::Key_1);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  ASSERT_EQ(at_change.size(), 1U) << "the view moved on before the label was on disk";
  EXPECT_EQ(at_change[0].slice, slice);
  EXPECT_EQ(at_change[0].label, SliceLabel::Fibrosis);
  EXPECT_EQ(at_change[0].reader, "AB");
  EXPECT_NE(session.slice(), slice);
  EXPECT_EQ(workspace_->imageView().slice(), session.slice());
}

TEST_F(LabelKeys, FourKeysPressedAtOnceLabelFourSlices) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  const std::string here = stack();
  for (const Qt::Key key : {Qt::Key_1, Qt::Key_0, Qt::Key_2, Qt::Key_X}) press(key);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  std::map<SliceLabel, int> counts;
  for (const auto& label : labels(here)) ++counts[label.label];
  EXPECT_EQ(counts[SliceLabel::Fibrosis], 1);
  EXPECT_EQ(counts[SliceLabel::None], 1);
  EXPECT_EQ(counts[SliceLabel::Unsure], 1);
  EXPECT_EQ(counts[SliceLabel::NotDiagnostic], 1);
}

TEST_F(LabelKeys, AKeyAndAStackChangeInOneBreathLabelTheSliceThatWasInFront) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  auto& session = workspace_->session();
  const std::string here = stack();
  const int slice = session.slice();
  press(Qt::Key_1);
  press(Qt::Key_PageDown);  // long before the label is on disk
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_NE(stack(), here);
  EXPECT_EQ(session.labels(),
            std::vector<SliceLabel>(session.labels().size(), SliceLabel::Unlabelled))
      << "the label of one stack is shown on another";
  const auto on_disk = labels(here);
  ASSERT_EQ(on_disk.size(), 1U);
  EXPECT_EQ(on_disk[0].slice, slice);
  EXPECT_TRUE(labels(stack()).empty());
}

TEST_F(LabelKeys, SpaceCountsTheTimeOfTheLookThroughTheWholeStack) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  for (int i = 0; i < 3; ++i) {
    press(Qt::Key_Right);
    QTest::qWait(120);
  }
  press(Qt::Key_Space);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  auto database = disk();
  const auto efforts = db::labelEffort(database);
  ASSERT_TRUE(efforts.ok());
  double seconds = 0;
  for (const auto& effort : *efforts) seconds += effort.seconds;
  EXPECT_GE(seconds, 0.36);
}

TEST_F(LabelKeys, SpaceFillsTheRestWithNoneAndShowsTheNextStack) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  const std::string here = stack();
  const auto slices = static_cast<std::size_t>(workspace_->session().stack()->sliceCount());
  press(Qt::Key_1);
  press(Qt::Key_Space);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  const auto written = labels(here);
  ASSERT_EQ(written.size(), slices);
  std::size_t none = 0;
  for (const auto& label : written) none += label.label == SliceLabel::None ? 1U : 0U;
  EXPECT_EQ(none, slices - 1);
  EXPECT_NE(stack(), here);
  EXPECT_EQ(workspace_->imageView().stack(), workspace_->session().stack());
}

TEST_F(LabelKeys, BackspaceTakesTheLastLabelBackAcrossStacks) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  const std::string here = stack();
  const int slice = workspace_->session().slice();
  press(Qt::Key_1);
  press(Qt::Key_Space);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  ASSERT_NE(stack(), here);
  press(Qt::Key_Backspace);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_EQ(stack(), here);
  ASSERT_EQ(labels(here).size(), 1U);
  EXPECT_EQ(labels(here)[0].label, SliceLabel::Fibrosis);
  press(Qt::Key_Backspace);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_TRUE(labels(here).empty());
  EXPECT_EQ(workspace_->session().slice(), slice);
  // And forward again.
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  ASSERT_EQ(labels(here).size(), 1U);
}

TEST_F(LabelKeys, AKeyThatWaitsForTheDiskWhileTheWorklistIsReadIsShownOnItsOwnStack) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  ASSERT_NO_FATAL_FAILURE(chooseUnlabelled());
  auto& session = workspace_->session();
  const std::string here = stack();
  press(Qt::Key_1);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  ASSERT_EQ(labels(here).size(), 1U);
  const int slice = session.slice();
  {
    WriteLock lock(root_);
    press(Qt::Key_2);
    // There and back: the stack is begun now, so the list on disk has it no more.
    window_->showPlace(widgets::Place::Cohort);
    window_->showPlace(widgets::Place::Label);
    QTest::qWait(400);
    EXPECT_EQ(labels(here).size(), 1U) << "the key still waits";
    lock.release();
  }
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  ASSERT_EQ(stack(), here);
  const auto on_disk = labels(here);
  ASSERT_EQ(on_disk.size(), 2U);
  ASSERT_EQ(session.labels().size(), static_cast<std::size_t>(session.stack()->sliceCount()));
  EXPECT_EQ(session.labels()[static_cast<std::size_t>(slice)], SliceLabel::Unsure);
  for (const auto& label : on_disk)
    EXPECT_EQ(session.labels()[static_cast<std::size_t>(label.slice)], label.label);
}

TEST_F(LabelKeys, AHalfLabelledStackStaysInTheWorklistUntilItIsLeft) {
  ASSERT_NO_FATAL_FAILURE(openLabel());
  ASSERT_NO_FATAL_FAILURE(chooseUnlabelled());
  const std::string here = stack();
  press(Qt::Key_1);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  const auto shown = workspace_->session().labels();
  show<widgets::Workspace>(widgets::Place::Cohort);
  show<widgets::LabelWorkspace>(widgets::Place::Label);
  EXPECT_EQ(stack(), here);
  EXPECT_EQ(workspace_->session().labels(), shown);
  EXPECT_EQ(workspace_->imageView().stack(), workspace_->session().stack());
  press(Qt::Key_PageDown);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  if (stack() == here) press(Qt::Key_PageUp);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  ASSERT_NE(stack(), here);
  show<widgets::Workspace>(widgets::Place::Cohort);
  show<widgets::LabelWorkspace>(widgets::Place::Label);
  EXPECT_TRUE(QTest::qWaitFor([&] { return !listHas(here); }, 5000));
  EXPECT_NE(stack(), here);
}

TEST_F(LabelKeys, TheReaderIsAskedOnceAndStandsOnEveryLabel) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  workspace_ = &show<widgets::LabelWorkspace>(widgets::Place::Label);
  auto* name = workspace_->findChild<QLineEdit*>(QStringLiteral("readerName"));
  ASSERT_NE(name, nullptr);
  ASSERT_TRUE(name->isVisible());
  QTest::keyClicks(name, QStringLiteral("model"));
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_TRUE(name->isVisible()) << "tables call predictions so";
  EXPECT_TRUE(workspace_->findChild<QLabel*>(QStringLiteral("readerFault"))
                  ->text()
                  .contains(QStringLiteral("predictions")));
  EXPECT_TRUE(widgets::memory::reader().isEmpty());
  name->clear();
  QTest::keyClicks(name, QStringLiteral("AB"));
  QTest::keyClick(name, Qt::Key_Return);
  EXPECT_FALSE(name->isVisible());
  EXPECT_EQ(widgets::memory::reader(), QStringLiteral("AB"));
  ASSERT_NO_FATAL_FAILURE(settle());
  const std::string here = stack();
  press(Qt::Key_0);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  ASSERT_EQ(labels(here).size(), 1U);
  EXPECT_EQ(labels(here)[0].reader, "AB");
  show<widgets::Workspace>(widgets::Place::Cohort);
  show<widgets::LabelWorkspace>(widgets::Place::Label);
  EXPECT_FALSE(name->isVisible());
}

}  // namespace
}  // namespace gadolin
