// Folders dropped on the window come into the project, by the same program as on the command line.

#include <QDropEvent>
#include <QMimeData>
#include <QTableView>
#include <QTreeWidget>
#include <QUrl>
#include <fstream>

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
  ASSERT_EQ(refused->topLevelItemCount(), 1);
  EXPECT_TRUE(refused->topLevelItem(0)->text(0).contains(QStringLiteral("broken.nii")));
  EXPECT_TRUE(refused->topLevelItem(0)->text(1).contains(QStringLiteral("cut off")))
      << refused->topLevelItem(0)->text(1).toStdString();
}

}  // namespace
}  // namespace gadolin
