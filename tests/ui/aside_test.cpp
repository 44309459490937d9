// Stacks set aside from the cohort, and back.

#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTreeWidget>

#include "database/set_aside.h"
#include "database/stacks.h"
#include "tests/ui/window_fixture.h"
#include "ui/widgets/aside_dialog.h"

namespace gadolin {
namespace {

class AsideStacks : public test::WindowFixture {
 protected:
  template <class Widget>
  Widget* find(const char* name) {
    return window_->findChild<Widget*>(QString::fromLatin1(name));
  }
  QTableView& table() { return *find<QTableView>("cohortTable"); }
  bool rowsBecome(int rows) {
    return QTest::qWaitFor([&] { return table().model()->rowCount() == rows; }, 5'000);
  }
  /// The menu that is open on the screen.
  static QMenu* openMenu() { return qobject_cast<QMenu*>(QApplication::activePopupWidget()); }
};

TEST_F(AsideStacks, DeleteSetsAStackAsideAndTheListTakesItBack) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const int rows = table().model()->rowCount();
  ASSERT_EQ(rows, 4);
  table().setFocus();
  table().selectRow(1);
  const std::string stack = table().model()->index(1, 1).data().toString().toStdString();
  QTest::keyClick(&table(), Qt::Key_Delete);
  ASSERT_TRUE(QTest::qWaitFor([] { return openMenu() != nullptr; }, 2'000));
  for (int i = 0; i < 3; ++i) QTest::keyClick(openMenu(), Qt::Key_Down);  // the third reason
  QTest::keyClick(openMenu(), Qt::Key_Return);
  ASSERT_TRUE(rowsBecome(rows - 1));
  {
    auto database = disk();
    const auto aside = db::asideStacks(database).value();
    ASSERT_EQ(aside.size(), 1U);
    EXPECT_EQ(aside[0].stack.id, stack);
    EXPECT_EQ(aside[0].reason, "poor quality");
  }

  auto* button = find<QPushButton>("asideButton");
  ASSERT_TRUE(QTest::qWaitFor([&] { return button->isVisible(); }, 2'000));
  EXPECT_EQ(button->text(), QStringLiteral("1 set aside"));
  QTest::mouseClick(button, Qt::LeftButton);
  auto* list = find<QTreeWidget>("asideList");
  ASSERT_NE(list, nullptr);
  ASSERT_TRUE(QTest::qWaitFor([&] { return list->topLevelItemCount() == 1; }, 2'000));
  EXPECT_EQ(list->topLevelItem(0)->text(0).toStdString(), stack);
  auto* back = find<QPushButton>("takeBackButton");
  EXPECT_FALSE(back->isEnabled());
  list->topLevelItem(0)->setSelected(true);
  QTest::mouseClick(back, Qt::LeftButton);
  EXPECT_TRUE(rowsBecome(rows));
  EXPECT_TRUE(QTest::qWaitFor([&] { return !button->isVisible(); }, 2'000));
  find<widgets::AsideDialog>("asideDialog")->close();
}

TEST_F(AsideStacks, ARightClickSaysWhatAnImageIs) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  table().selectRow(0);
  const std::string stack = table().model()->index(0, 1).data().toString().toStdString();
  Q_EMIT table().customContextMenuRequested(table().visualRect(table().model()->index(0, 0)).center());
  ASSERT_TRUE(QTest::qWaitFor([] { return openMenu() != nullptr; }, 2'000));
  QMenu* kinds = nullptr;
  for (QAction* action : openMenu()->actions())
    if (action->menu() != nullptr && action->text() == QStringLiteral("The image is")) kinds = action->menu();
  ASSERT_NE(kinds, nullptr);
  const auto is = [&](ImageKind kind) {
    auto database = disk();
    return db::stackById(database, stack)->kind == kind;
  };
  const bool psir = is(ImageKind::Psir);
  kinds->actions().at(psir ? 1 : 0)->trigger();
  openMenu()->close();
  EXPECT_TRUE(QTest::qWaitFor([&] { return is(psir ? ImageKind::Magnitude : ImageKind::Psir); }, 5'000));
}

}  // namespace
}  // namespace gadolin
