// A foreign table comes in through the Cohort workspace: shown first, then taken.

#include <QCheckBox>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QTreeWidget>
#include <QUrl>
#include <fstream>

#include "database/clinical.h"
#include "database/labels.h"
#include "database/stacks.h"
#include "tests/ui/window_fixture.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/table_dialog.h"

namespace gadolin {
namespace {

class DroppedTable : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
    ASSERT_NO_FATAL_FAILURE(openWindow());
  }
  /// Drops a table of this text on the window and waits until it was read.
  void drop(const std::string& text) {
    const auto path = folder_.path() / "table.csv";
    std::ofstream(path, std::ios::binary) << text;
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(path.string()))});
    QDragEnterEvent enter({700, 450}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    ASSERT_TRUE(enter.isAccepted());
    QDropEvent event({700, 450}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &event);
    dialog_ = window_->findChild<widgets::TableDialog*>();
    ASSERT_NE(dialog_, nullptr);
    wait();
  }
  void wait() {
    ASSERT_TRUE(QTest::qWaitFor([this] { return dialog_->settled(); }, 20'000));
  }
  template <class Widget>
  Widget& find(const char* name) {
    auto* found = dialog_->findChild<Widget*>(QString::fromUtf8(name));
    if (found == nullptr) qFatal("no %s", name);
    return *found;
  }
  void choose(const char* combo, const char* data) {
    auto& box = find<QComboBox>(combo);
    box.setCurrentIndex(box.findData(QString::fromLatin1(data)));
    Q_EMIT box.activated(box.currentIndex());
    ASSERT_NO_FATAL_FAILURE(wait());
  }
  void take() {
    QTest::mouseClick(&find<QPushButton>("takeTable"), Qt::LeftButton);
    ASSERT_TRUE(QTest::qWaitFor(
        [this] { return window_->jobs().running() == 0 && !window_->lastMessage().isEmpty(); },
        20'000));
  }
  std::string patient() {
    auto database = disk();
    return db::patients(database)->front();
  }

  widgets::TableDialog* dialog_ = nullptr;
};

TEST_F(DroppedTable, EveryChoiceFitsASmallScreen) {
  // Contradictions, a list, identities and an open decimal sign: all choices are in sight.
  ASSERT_NO_FATAL_FAILURE(drop("id;fibrosis_slices;Name;dose\n" + patient() +
                               ";1-2;Müller;1.234\nnobody;3;Meier;2.500\n"));
  const QSize least = dialog_->minimumSizeHint();
  EXPECT_LE(least.width(), 1000);
  EXPECT_LE(least.height(), 650);
}

TEST_F(DroppedTable, ClinicalColumnsBecomeColumnsOfTheCohort) {
  ASSERT_NO_FATAL_FAILURE(drop("id;weight [kg];Name;sex\n" + patient() + ";70,5;Müller;f\n"));
  EXPECT_EQ(find<QComboBox>("role:weight [kg]").currentData().toString(), QStringLiteral("number"));
  EXPECT_EQ(find<QComboBox>("role:Name").currentData().toString(), QStringLiteral("ignored"));
  ASSERT_NO_FATAL_FAILURE(choose("role:sex", "ignored"));
  EXPECT_EQ(find<QComboBox>("role:sex").currentData().toString(), QStringLiteral("ignored"));
  ASSERT_NO_FATAL_FAILURE(take());
  auto database = disk();
  ASSERT_EQ(db::clinicalValues(database)->size(), 1U);
  EXPECT_EQ(db::clinicalValues(database)->front().number, 70.5);
  // What another process wrote is noticed within a second.
  auto* table = window_->findChild<QTableView*>(QStringLiteral("cohortTable"));
  const int before = table->model()->columnCount();
  ASSERT_TRUE(QTest::qWaitFor([&] { return table->model()->columnCount() == before + 1; }, 10'000));
  const int last = before;
  EXPECT_EQ(table->model()->headerData(last, Qt::Horizontal).toString(),
            QStringLiteral("weight (kg)"));
  EXPECT_EQ(table->model()->index(0, last).data().toString(), QStringLiteral("70.5"));
  EXPECT_EQ(table->model()->index(1, last).data().toString(), QStringLiteral("–"));
}

TEST_F(DroppedTable, OpenQuestionKeepsImportAwayUntilItIsAnswered) {
  ASSERT_NO_FATAL_FAILURE(drop("id;slice;scar\n" + patient() + ";2;ja\n"));
  EXPECT_FALSE(find<QPushButton>("takeTable").isEnabled());
  EXPECT_TRUE(find<QTreeWidget>("tableProblems")
                  .topLevelItem(0)
                  ->text(0)
                  .contains(QStringLiteral("0 or 1?")));
  ASSERT_NO_FATAL_FAILURE(choose("firstSlice", "1"));
  EXPECT_TRUE(find<QPushButton>("takeTable").isEnabled());
  ASSERT_NO_FATAL_FAILURE(take());
  auto database = disk();
  ASSERT_EQ(db::allSliceLabels(database)->size(), 1U);
  EXPECT_EQ(db::allSliceLabels(database)->front().label.slice, 1);
}

TEST_F(DroppedTable, RowsThatContradictComeInOnlyWhenTheyAreLeftOut) {
  ASSERT_NO_FATAL_FAILURE(drop("id;slice;scar\n" + patient() + ";0;ja\nnobody;1;ja\n"));
  EXPECT_FALSE(find<QPushButton>("takeTable").isEnabled());
  EXPECT_TRUE(
      find<QLabel>("tableProblemsTitle").text().contains(QStringLiteral("1 contradiction")));
  find<QCheckBox>("skipContradictions").setChecked(true);
  EXPECT_TRUE(find<QPushButton>("takeTable").isEnabled());
  ASSERT_NO_FATAL_FAILURE(take());
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("nobody")))
      << window_->lastMessage().toStdString();
  auto database = disk();
  EXPECT_EQ(db::allSliceLabels(database)->size(), 1U);
}

TEST_F(DroppedTable, WhatCannotBeReadIsSaidAndNotImported) {
  ASSERT_NO_FATAL_FAILURE(drop("PK\x03\x04 a workbook"));
  EXPECT_TRUE(find<QLabel>("tableAbout").text().contains(QStringLiteral("workbook")));
  EXPECT_FALSE(find<QPushButton>("takeTable").isEnabled());
}

}  // namespace
}  // namespace gadolin
