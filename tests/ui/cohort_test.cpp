// The panels beside the cohort: splitting anew, and labels from masks.

#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTableView>

#include "database/labels.h"
#include "database/set_aside.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "tests/ui/window_fixture.h"
#include "ui/widgets/jobs.h"

namespace gadolin {
namespace {

class CohortPanels : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
  }
  template <class Widget>
  Widget& find(const char* name) {
    auto* found = window_->findChild<Widget*>(QString::fromLatin1(name));
    if (found == nullptr) qFatal("no %s", name);
    return *found;
  }
  std::vector<std::pair<std::string, dataset::Part>> parts() {
    auto database = disk();
    const auto split = db::split(database);
    EXPECT_TRUE(split.ok());
    std::vector<std::pair<std::string, dataset::Part>> all;
    if (split.ok())
      for (const auto& row : *split) all.emplace_back(row.patient, row.part);
    return all;
  }
  /// Asks for a split and answers the question; the seed that was drawn with.
  int splitAnew() {
    QTest::mouseClick(&find<QPushButton>("splitAnew"), Qt::LeftButton);
    auto* question = window_->findChild<QMessageBox*>(QStringLiteral("replaceSplit"));
    if (question != nullptr) {
      for (QAbstractButton* button : question->buttons())
        if (question->buttonRole(button) == QMessageBox::AcceptRole)
          QTest::mouseClick(button, Qt::LeftButton);
    }
    EXPECT_TRUE(QTest::qWaitFor([this] { return window_->jobs().running() == 0; }, 20'000));
    EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("The patients were split")))
        << window_->lastMessage().toStdString();
    QTest::qWait(400);  // the table reads a change a moment after it
    const auto seed = QRegularExpression(QStringLiteral("seed (\\d+)"))
                          .match(find<QLabel>("splitSeedText").text());
    return seed.captured(1).toInt();
  }
};

/// Nothing lies over it: a widget raised last is the last child.
bool inFront(const QWidget& hint, QWidget* behind) {
  const auto& order = hint.parentWidget()->children();
  return hint.isVisible() && order.indexOf(&hint) > order.indexOf(behind);
}

TEST_F(CohortPanels, AnEmptyTableSaysWhatToDo) {
  test::PhantomOptions options;
  options.patients = 0;
  ASSERT_NO_FATAL_FAILURE(openWindow(options));
  auto& hint = find<QLabel>("cohortHint");
  EXPECT_TRUE(inFront(hint, &find<QTableView>("cohortTable")));
  EXPECT_TRUE(hint.text().contains(QStringLiteral("Drop a folder")));
}

TEST_F(CohortPanels, AFilterThatNothingFitsSaysSo) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto& hint = find<QLabel>("cohortHint");
  EXPECT_FALSE(hint.isVisible());
  QTest::keyClicks(&find<QLineEdit>("cohortFilter"), QStringLiteral("zebra"));
  EXPECT_TRUE(inFront(hint, &find<QTableView>("cohortTable")));
  EXPECT_TRUE(hint.text().contains(QStringLiteral("filter")));
  find<QLineEdit>("cohortFilter").clear();
  EXPECT_FALSE(hint.isVisible());
}

TEST_F(CohortPanels, AStackThatDoesNotTellItsKindAsksUntilSomebodyAnswers) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  EXPECT_FALSE(find<QLabel>("kindQuestionText").isVisible())
      << "every stack of the phantom says what it is";
  std::vector<std::string> stacks;
  {
    auto database = db::Database::open(root_ / "project.sqlite", db::Mode::ReadWrite);
    ASSERT_TRUE(database.ok()) << database.error().message;
    const auto all = db::allStacks(*database).value();
    for (const auto& stack : all) stacks.push_back(stack.id);
    ASSERT_TRUE(db::setKind(*database, {stacks[0], stacks[1]}, ImageKind::Unknown, "ann").ok());
  }
  ASSERT_NO_FATAL_FAILURE(openNewWindow());
  ASSERT_TRUE(find<QLabel>("kindQuestionText").isVisible());
  EXPECT_TRUE(find<QLabel>("kindQuestionText").text().contains(QStringLiteral("2 stacks")))
      << find<QLabel>("kindQuestionText").text().toStdString();
  QTest::mouseClick(&find<QPushButton>("kindLater"), Qt::LeftButton);
  EXPECT_FALSE(find<QLabel>("kindQuestionText").isVisible());
  ASSERT_NO_FATAL_FAILURE(openNewWindow());
  auto& text = find<QLabel>("kindQuestionText");
  ASSERT_TRUE(text.isVisible()) << "what was put off is asked again";
  const auto* focus = QApplication::focusWidget();
  QTest::mouseClick(&find<QPushButton>("kindPsir"), Qt::LeftButton);
  EXPECT_EQ(QApplication::focusWidget(), focus);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !text.isVisible(); }, 10'000))
      << window_->lastMessage().toStdString();
  auto database = disk();
  for (const std::size_t i : {0U, 1U})
    EXPECT_EQ(db::stackById(database, stacks[i])->kind, ImageKind::Psir);
}

TEST_F(CohortPanels, SplittingAnewAsksBeforeItReplacesASplit) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const auto before = parts();
  ASSERT_EQ(before.size(), 4U);
  QTest::mouseClick(&find<QPushButton>("splitAnew"), Qt::LeftButton);
  auto* question = window_->findChild<QMessageBox*>(QStringLiteral("replaceSplit"));
  ASSERT_NE(question, nullptr) << "the split of four patients is gone without a word";
  EXPECT_TRUE(question->isVisible());
  EXPECT_TRUE(question->informativeText().contains(
      QStringLiteral("4 patients have a part now: 2 to train, 1 to validate, 1 to test")))
      << question->informativeText().toStdString();
  QTest::mouseClick(question->button(QMessageBox::Cancel), Qt::LeftButton);
  QTest::qWait(200);
  EXPECT_TRUE(window_->jobs().jobs().empty());
  EXPECT_EQ(parts(), before);
}

TEST_F(CohortPanels, EverySplitIsDrawnAnewAndItsSeedDrawsItAgain) {
  test::PhantomOptions options;
  options.patients = 8;
  ASSERT_NO_FATAL_FAILURE(openWindow(options));
  find<QSpinBox>("testPercent").setValue(25);
  find<QSpinBox>("validationPercent").setValue(25);
  const int first = splitAnew();
  const auto first_parts = parts();
  EXPECT_GT(first, 0) << find<QLabel>("splitSeedText").text().toStdString();
  EXPECT_EQ(first_parts.size(), 8U);
  const int second = splitAnew();
  EXPECT_GT(second, 0);
  EXPECT_NE(second, first) << "one chance in a million";
  find<QSpinBox>("splitSeed").setValue(first);
  EXPECT_EQ(splitAnew(), first);
  EXPECT_EQ(parts(), first_parts);
}

TEST_F(CohortPanels, MasksWithoutLabelsAreOfferedAsLabels) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto& derive = find<QPushButton>("deriveLabels");
  ASSERT_TRUE(derive.isVisible());
  QTest::mouseClick(&derive, Qt::LeftButton);
  EXPECT_EQ(window_->findChild<QMessageBox*>(QStringLiteral("replaceLabels")), nullptr)
      << "there is no label to lose";
  ASSERT_TRUE(QTest::qWaitFor([&] { return !derive.isVisible(); }, 20'000))
      << window_->lastMessage().toStdString();
  auto database = disk();
  const auto labels = db::allSliceLabels(database);
  ASSERT_TRUE(labels.ok());
  ASSERT_FALSE(labels->empty());
  for (const auto& label : *labels) EXPECT_EQ(label.label.reader, db::reference_reader);
}

TEST_F(CohortPanels, LabelsFromMasksAreNotOfferedWhereEveryMaskIsLabelled) {
  test::PhantomOptions options;
  options.labels_from_masks = true;
  ASSERT_NO_FATAL_FAILURE(openWindow(options));
  EXPECT_FALSE(find<QPushButton>("deriveLabels").isVisible());
}

}  // namespace
}  // namespace gadolin
