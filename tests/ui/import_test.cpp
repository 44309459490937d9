// Folders dropped on the window come into the project, by the same program as on the command line.

#include <QAction>
#include <QDropEvent>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QHeaderView>
#include <QTreeWidget>
#include <QUrl>
#include <fstream>

#include "database/journal.h"
#include "tests/support/dicom_bytes.h"
#include "tests/support/nifti_bytes.h"
#include "tests/ui/window_fixture.h"

namespace gadolin {
namespace {

namespace fs = std::filesystem;

class DroppedFolder : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
    ASSERT_NO_FATAL_FAILURE(openWindow());
    write("Case_P001/Images/Case_P001.nii", test::niftiBytes(test::emidecSpec()));
    write("broken.nii", test::niftiBytes(test::emidecSpec()).substr(0, 360));
  }
  void write(const fs::path& below, const std::string& bytes) {
    const fs::path path = folder_.path() / "archive" / below;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  void drop() {
    QMimeData data;
    data.setUrls(
        {QUrl::fromLocalFile(QString::fromStdString((folder_.path() / "archive").string()))});
    QDragEnterEvent enter({700, 450}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    ASSERT_TRUE(enter.isAccepted());
    QDropEvent event({700, 450}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &event);
  }
};

TEST_F(DroppedFolder, IsImportedAndWhatCannotBeReadIsARowWithItsReason) {
  auto* table = window_->findChild<QTableView*>(QStringLiteral("cohortTable"));
  auto* refused = window_->findChild<QTreeWidget*>(QStringLiteral("refusedFiles"));
  ASSERT_NE(table, nullptr);
  ASSERT_NE(refused, nullptr);
  ASSERT_EQ(table->model()->rowCount(), 4);
  ASSERT_NO_FATAL_FAILURE(drop());
  ASSERT_TRUE(QTest::qWaitFor(
      [&] { return window_->lastMessage().contains(QStringLiteral("Import: done in part")); },
      30'000))
      << window_->lastMessage().toStdString();
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("1 was refused:")));
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("cut off")));
  EXPECT_TRUE(QTest::qWaitFor([&] { return table->model()->rowCount() == 5; }, 5'000));
  ASSERT_EQ(refused->topLevelItemCount(), 2) << "a reason, and the notes";
  const auto* reason = refused->topLevelItem(0);
  EXPECT_TRUE(reason->text(0).startsWith(QStringLiteral("is cut off"))) << reason->text(0).toStdString();
  ASSERT_EQ(reason->childCount(), 1);
  EXPECT_EQ(reason->child(0)->text(0), QStringLiteral("broken.nii"));
  const auto* notes = refused->topLevelItem(1);
  ASSERT_EQ(notes->childCount(), 1);
  EXPECT_TRUE(notes->child(0)->text(0).contains(QStringLiteral("pixdim")))
      << notes->child(0)->text(0).toStdString();
}

TEST_F(DroppedFolder, AReasonOfManyFilesIsOneRowThatIsNotCutOff) {
  auto* refused = window_->findChild<QTreeWidget*>(QStringLiteral("refusedFiles"));
  auto& chores = window_->chores();
  Q_EMIT chores.importStarted({QStringLiteral("/archive")});
  const QString why = QStringLiteral("PixelSpacing is '0,9375\\0,9375', which is not a number (decimal comma?). Correct the header.");
  for (int i = 0; i < 7; ++i)
    Q_EMIT chores.importRefused(QStringLiteral("sax/IM%1.dcm").arg(i), QStringLiteral("IM%1.dcm: ").arg(i) + why, QStringLiteral("invalid-input"));
  Q_EMIT chores.importRefused(QStringLiteral("b/empty.nii"), QStringLiteral("The file is empty."), QStringLiteral("corrupt"));
  ASSERT_EQ(refused->topLevelItemCount(), 2);
  const auto* row = refused->topLevelItem(0);
  EXPECT_EQ(row->text(0), why);
  EXPECT_EQ(row->text(1), QStringLiteral("7"));
  EXPECT_EQ(row->child(6)->text(0), QStringLiteral("sax/IM6.dcm"));
  QTest::qWait(50);
  const int line = refused->visualItemRect(refused->topLevelItem(1)).height();
  EXPECT_GE(refused->visualItemRect(row).height(), 2 * QFontMetrics(refused->font()).height()) << line;
  const int width = refused->header()->sectionSize(0) - refused->indentation();
  const auto needed = QFontMetrics(refused->font()).boundingRect(QRect(0, 0, width - 8, 1000), Qt::TextWordWrap, why);
  EXPECT_GE(refused->visualItemRect(row).height(), needed.height());
}

/// A dropped archive with a stack of late enhancement and a T1 map.
class DroppedSeries : public DroppedFolder {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(DroppedFolder::SetUp());
    fs::remove_all(folder_.path() / "archive");
    for (int i = 0; i < 3; ++i) {
      test::DicomSpec spec;
      spec.position = "1\\2\\" + std::to_string(100 - 10 * i);
      spec.sop += "." + std::to_string(i);
      write("lge/im" + std::to_string(i), test::dicomBytes(spec));
      spec.series += ".7";
      spec.sop += ".7";
      spec.description = "T1 map SAX";
      spec.pixels[0] = 99;
      write("map/im" + std::to_string(i), test::dicomBytes(spec));
    }
  }
};

TEST_F(DroppedSeries, OfAnotherKindIsLeftWithReasonsUntilAPersonTicksIt) {
  auto* table = window_->findChild<QTableView*>(QStringLiteral("cohortTable"));
  auto* series = window_->findChild<QTreeWidget*>(QStringLiteral("seriesList"));
  auto* again = window_->findChild<QPushButton*>(QStringLiteral("importAgainButton"));
  ASSERT_NE(series, nullptr);
  ASSERT_NE(again, nullptr);
  ASSERT_EQ(table->model()->rowCount(), 4);
  ASSERT_NO_FATAL_FAILURE(drop());
  ASSERT_TRUE(QTest::qWaitFor(
      [&] { return window_->lastMessage().contains(QStringLiteral("Import finished")); }, 30'000))
      << window_->lastMessage().toStdString();
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("1 series was left")))
      << window_->lastMessage().toStdString();
  EXPECT_TRUE(QTest::qWaitFor([&] { return table->model()->rowCount() == 5; }, 5'000));
  ASSERT_EQ(series->topLevelItemCount(), 2);
  const auto* map = series->topLevelItem(1);
  EXPECT_EQ(map->text(0), QStringLiteral("T1 map SAX"));
  EXPECT_EQ(map->checkState(0), Qt::Unchecked);
  EXPECT_EQ(series->topLevelItem(0)->checkState(0), Qt::Checked);
  ASSERT_GT(map->childCount(), 0);
  EXPECT_TRUE(map->isExpanded());
  EXPECT_EQ(map->child(0)->text(0), QStringLiteral("'map' in the description"));
  EXPECT_EQ(map->child(0)->text(1), QStringLiteral("-8"));
  EXPECT_FALSE(again->isVisible());

  // The box at the beginning of the row, by the mouse.
  const QRect row = series->visualItemRect(map);
  QTest::mouseClick(series->viewport(), Qt::LeftButton, {}, {row.left() + 16, row.center().y()});
  EXPECT_EQ(map->checkState(0), Qt::Checked);
  ASSERT_TRUE(again->isVisible());
  QTest::mouseClick(again, Qt::LeftButton);
  EXPECT_TRUE(QTest::qWaitFor([&] { return table->model()->rowCount() == 6; }, 30'000));
  EXPECT_TRUE(QTest::qWaitFor([&] { return series->topLevelItemCount() == 2; }, 5'000));
  EXPECT_EQ(series->topLevelItem(1)->checkState(0), Qt::Checked);
  EXPECT_EQ(series->topLevelItem(1)->child(0)->text(0), QStringLiteral("decided by a person"));
}

class ImportPanelTest : public test::WindowFixture {
 protected:
  template <class Widget>
  Widget& find(const char* name) {
    auto* found = window_->findChild<Widget*>(QString::fromLatin1(name));
    if (found == nullptr) qFatal("no %s", name);
    return *found;
  }
  static QJsonObject series(const char* description, bool taken) {
    return {{QStringLiteral("series"), QString::fromUtf8(description)},
            {QStringLiteral("name"), QString::fromUtf8(description)},
            {QStringLiteral("path"), QStringLiteral("<u>a</u>/im1")},
            {QStringLiteral("slices"), 3},
            {QStringLiteral("points"), taken ? 5 : -5},
            {QStringLiteral("taken"), taken}};
  }
};

TEST_F(ImportPanelTest, SeriesThatCameByNetworkAndWereLeftCanBeTickedForTheNextTime) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  window_->chores().tellReceived(
      {{QStringLiteral("series"), QJsonArray{series("LGE SAX", true), series("T1 map 4", false)}}});
  auto& list = find<QTreeWidget>("seriesList");
  auto& remember = find<QPushButton>("importAgainButton");
  ASSERT_EQ(list.topLevelItemCount(), 2);
  EXPECT_FALSE(remember.isVisible());
  list.topLevelItem(1)->setCheckState(0, Qt::Checked);
  ASSERT_TRUE(remember.isVisible());
  EXPECT_EQ(remember.text(), QStringLiteral("Remember these choices"));
  QTest::mouseClick(&remember, Qt::LeftButton);
  ASSERT_TRUE(QTest::qWaitFor(
      [&] { return window_->lastMessage().contains(QStringLiteral("choices are remembered")); },
      10'000))
      << window_->lastMessage().toStdString();
  auto database = disk();
  const auto decisions = db::settingsBelow(database, "series.").value();
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions.begin()->second, "take");
  EXPECT_FALSE(remember.isVisible());
}

TEST_F(ImportPanelTest, WhichImagesARepeatHoldsComesBeforeWhatIsElided) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto earlier = series("LGE PSIR short axis stack breath hold <b>late</b>", false);
  earlier[QStringLiteral("repeat")] = QStringLiteral("Slice 3 was acquired again");
  earlier[QStringLiteral("rank")] = 1;
  Q_EMIT window_->chores().importJudged(earlier);
  const auto* row = find<QTreeWidget>("seriesList").topLevelItem(0);
  ASSERT_NE(row, nullptr);
  EXPECT_TRUE(row->text(0).startsWith(QStringLiteral("Earlier images: ")))
      << row->text(0).toStdString();
  EXPECT_FALSE(row->toolTip(0).contains(QStringLiteral("<b>late"))) << "a tag is text";
}

TEST_F(ImportPanelTest, SaysWhenIdentitiesAreKept) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto& text = find<QLabel>("identitiesText");
  EXPECT_FALSE(text.isVisible());
  find<QAction>("keepIdentities").setChecked(true);
  EXPECT_TRUE(text.isVisible());
  find<QAction>("keepIdentities").setChecked(false);
  EXPECT_FALSE(text.isVisible());
}

TEST_F(ImportPanelTest, DuringTheFirstImportTheEmptyTableDoesNotAskForOne) {
  test::PhantomOptions options;
  options.patients = 0;
  ASSERT_NO_FATAL_FAILURE(openWindow(options));
  auto& hint = find<QLabel>("cohortHint");
  Q_EMIT window_->chores().importStarted({QStringLiteral("/archive")});
  EXPECT_TRUE(hint.text().startsWith(QStringLiteral("Importing."))) << hint.text().toStdString();
  Q_EMIT window_->chores().importEnded(true, {});
  EXPECT_TRUE(hint.text().contains(QStringLiteral("Drop a folder")));
}

}  // namespace
}  // namespace gadolin
