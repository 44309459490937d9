// The dialog of the exports: what it asks gadolinctl for, and that the real one answers.

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

#include "tests/ui/window_fixture.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/export_dialog.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/report_workspace.h"

namespace gadolin {
namespace {

class WindowExport : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
  }
  widgets::ExportDialog* open(const char* button) {
    auto* press = window_->findChild<QPushButton*>(QLatin1String(button));
    if (press == nullptr) return nullptr;
    QTest::mouseClick(press, Qt::LeftButton);
    auto* dialog = window_->findChild<widgets::ExportDialog*>();
    if (dialog != nullptr) {
      EXPECT_TRUE(QTest::qWaitForWindowExposed(dialog));
    }
    return dialog;
  }
  template <class Widget>
  static Widget& part(QWidget* dialog, const char* name) {
    auto* found = dialog->findChild<Widget*>(QLatin1String(name));
    EXPECT_NE(found, nullptr) << name;
    return *found;
  }
  static void choose(QWidget* dialog, const QString& title) {
    auto& list = part<QListWidget>(dialog, "exportFormats");
    for (int row = 0; row < list.count(); ++row)
      if (list.item(row)->text() == title) list.setCurrentRow(row);
    EXPECT_EQ(list.currentItem()->text(), title);
  }
  void start(QWidget* dialog) {
    QTest::mouseClick(&part<QPushButton>(dialog, "exportStart"), Qt::LeftButton);
    EXPECT_TRUE(QTest::qWaitFor([this] { return window_->jobs().running() == 0; }, 60'000));
  }
  QString at(const char* name) const {
    return QString::fromStdString((folder_.path() / name).string());
  }
};

TEST_F(WindowExport, EveryFormatThatTheDialogOffersComesOutOfTheRealProgram) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  show<widgets::ReportWorkspace>(widgets::Place::Report);
  const std::vector<std::pair<const char*, const char*>> formats{
      {"Tables (CSV)", "labels.csv"},
      {"Images and masks (NIfTI)", "images"},
      {"Data set for nnU-Net", "dataset.json"},
      {"Data set as EMIDEC has it", "cases.csv"},
      {"Masks (DICOM SEG)", ""},
      {"Masks and measurements (DICOM SEG, SR)", ""},
      {"Patients' reports (DICOM PDF)", ""}};
  int number = 0;
  for (const auto& [title, file] : formats) {
    auto* dialog = open("exportData");
    ASSERT_NE(dialog, nullptr);
    EXPECT_EQ(part<QListWidget>(dialog, "exportFormats").count(),
              static_cast<int>(formats.size()) + 1);
    choose(dialog, QString::fromUtf8(title));
    const bool dicom = QString::fromUtf8(title).contains(QStringLiteral("DICOM"));
    EXPECT_EQ(part<QLineEdit>(dialog, "exportImages").isVisible(), dicom) << title;
    const QString place = at(("out-" + std::to_string(++number)).c_str());
    part<QLineEdit>(dialog, "exportPlace").setText(place);
    start(dialog);
    EXPECT_TRUE(QFile::exists(place + QLatin1Char('/') + QLatin1String(file)))
        << title << ": " << window_->lastMessage().toStdString();
    EXPECT_TRUE(QTest::qWaitFor([this] { return !window_->findChild<widgets::ExportDialog*>(); }));
  }
}

TEST_F(WindowExport, TheProjectGoesIntoAFileAndAProjectIsMadeOfIt) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto* dialog = open("exportCohort");
  ASSERT_NE(dialog, nullptr);
  choose(dialog, QStringLiteral("The whole project as one file"));
  EXPECT_TRUE(part<QLineEdit>(dialog, "exportPlace").text().endsWith(QStringLiteral(".tar.zst")));
  part<QLineEdit>(dialog, "exportPlace").setText(QString());
  EXPECT_FALSE(part<QPushButton>(dialog, "exportStart").isEnabled()) << "nowhere is no place";
  part<QLineEdit>(dialog, "exportPlace").setText(at("p.tar.zst"));
  start(dialog);
  ASSERT_TRUE(QFile::exists(at("p.tar.zst"))) << window_->lastMessage().toStdString();
  bool made = false;
  window_->chores().openArchive(at("p.tar.zst"), at("again.gadolin"), [&made] { made = true; });
  EXPECT_TRUE(QTest::qWaitFor([&made] { return made; }, 20'000));
  EXPECT_TRUE(QFile::exists(at("again.gadolin/project.sqlite")));
}

TEST_F(WindowExport, TheSecondExportOfAFormatGetsANameThatIsFree) {
  ASSERT_TRUE(QDir().mkpath(at("home")));
  const QByteArray home = qgetenv("HOME");
  qputenv("HOME", at("home").toLocal8Bit());
  ASSERT_NO_FATAL_FAILURE(openWindow());
  const auto place = [this](widgets::ExportDialog* dialog, const char* title) {
    choose(dialog, QString::fromUtf8(title));
    return part<QLineEdit>(dialog, "exportPlace").text().mid(at("home").size() + 1);
  };
  const auto becomes = [&](widgets::ExportDialog* dialog, const char* title, const char* name) {
    EXPECT_TRUE(
        QTest::qWaitFor([&] { return place(dialog, title) == QLatin1String(name); }, 10'000))
        << place(dialog, title).toStdString();
  };
  for (const char* name : {"tables-phantom", "tables-phantom-2"}) {
    auto* dialog = open("exportCohort");
    ASSERT_NE(dialog, nullptr);
    becomes(dialog, "Tables (CSV)", name);
    start(dialog);
    EXPECT_TRUE(QFile::exists(at("home") + QLatin1Char('/') + QLatin1String(name) +
                              QStringLiteral("/labels.csv")))
        << window_->lastMessage().toStdString();
    EXPECT_TRUE(QTest::qWaitFor([this] { return !window_->findChild<widgets::ExportDialog*>(); }));
  }
  ASSERT_TRUE(QDir().mkpath(at("home/Dataset501_phantom")));
  ASSERT_TRUE(QFile(at("home/phantom.gadolin.tar.zst")).open(QIODevice::WriteOnly));
  auto* dialog = open("exportCohort");
  ASSERT_NE(dialog, nullptr);
  becomes(dialog, "Tables (CSV)", "tables-phantom-3");
  becomes(dialog, "Data set for nnU-Net", "Dataset502_phantom");
  becomes(dialog, "The whole project as one file", "phantom-2.gadolin.tar.zst");
  becomes(dialog, "Images and masks (NIfTI)", "nifti-phantom");
  dialog->reject();
  qputenv("HOME", home);
}

TEST_F(WindowExport, AnExportThatFailsIsSaid) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  auto* dialog = open("exportCohort");
  ASSERT_NE(dialog, nullptr);
  choose(dialog, QStringLiteral("Masks (DICOM SEG)"));
  part<QLineEdit>(dialog, "exportPlace").setText(at("seg"));
  part<QLineEdit>(dialog, "exportImages").setText(at("nowhere"));
  start(dialog);
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("is no folder with images")))
      << window_->lastMessage().toStdString();
  EXPECT_FALSE(QFile::exists(at("seg")));
}

}  // namespace
}  // namespace gadolin
