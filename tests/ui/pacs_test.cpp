// "From PACS…": an archive is entered, asked and fetched from, and receiving is switched on and
// off, by mouse and keys. The archive is DCMTK's.

#include <unistd.h>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTreeWidget>
#include <fstream>

#include "tests/support/dicom_bytes.h"
#include "tests/support/free_port.h"
#include "tests/ui/window_fixture.h"

namespace gadolin {
namespace {

namespace fs = std::filesystem;

class FromPacs : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
    qputenv("XDG_CONFIG_HOME", QByteArray::fromStdString((folder_.path() / "config").string()));
    for (int i = 0; i < 3; ++i) {
      test::DicomSpec spec;
      spec.position = "1\\2\\" + std::to_string(100 - 10 * i);
      spec.sop += "." + std::to_string(i);
      fs::create_directories(images());
      std::ofstream(images() / std::to_string(i), std::ios::binary) << test::dicomBytes(spec);
    }
    port_ = test::freePort();
    fs::create_directory(folder_.path() / "store");
    const fs::path config = folder_.path() / "archive.cfg";
    std::ofstream(config)
        << "MaxPDUSize = 16384\nMaxAssociations = 16\nHostTable BEGIN\nHostTable END\nVendorTable "
           "BEGIN\nVendorTable END\nAETable BEGIN\nARCHIVE "
        << (folder_.path() / "store").string() << " RW (200, 1024mb) ANY\nAETable END\n";
    archive_.start(QStringLiteral("dcmqrscp"),
                   {QStringLiteral("-c"), path(config), QString::number(port_)});
    ASSERT_TRUE(archive_.waitForStarted());
    ASSERT_TRUE(QTest::qWaitFor([this] { return send(port_, "ARCHIVE"); }, 10'000));
    ASSERT_NO_FATAL_FAILURE(openWindow());
  }
  void TearDown() override {
    window_.reset();
    archive_.kill();
    archive_.waitForFinished();
  }
  [[nodiscard]] fs::path images() const { return folder_.path() / "images"; }
  static QString path(const fs::path& file) { return QString::fromStdString(file.string()); }
  bool send(int port, const char* called) {
    QProcess sender;
    sender.start(QStringLiteral("storescu"),
                 {QStringLiteral("-aec"), QLatin1String(called), QStringLiteral("+sd"),
                  QStringLiteral("127.0.0.1"), QString::number(port), path(images())});
    return sender.waitForFinished() && sender.exitCode() == 0;
  }
  template <class Widget>
  Widget* part(const char* name) {
    auto* found = window_->findChild<Widget*>(QLatin1String(name));
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  void click(const char* button) { QTest::mouseClick(part<QPushButton>(button), Qt::LeftButton); }
  void type(const char* edit, const QString& text) {
    part<QLineEdit>(edit)->setText(QString());
    QTest::keyClicks(part<QLineEdit>(edit), text);
  }
  bool says(const char* label, const char* words) {
    auto* state = part<QLabel>(label);
    return QTest::qWaitFor([&] { return state->text().contains(QLatin1String(words)); }, 20'000);
  }
  void enterArchive() {
    click("pacsButton");
    ASSERT_TRUE(says("pacsState", "No archive is known yet"));
    click("pacsAdd");
    type("peerName", QStringLiteral("Our archive"));
    type("peerHost", QStringLiteral("127.0.0.1"));
    part<QSpinBox>("peerPort")->setValue(port_);
    click("savePeer");
    ASSERT_TRUE(says("peerFault", "AE title of Our archive"));  // it is missing
    type("peerAeTitle", QStringLiteral("ARCHIVE"));
    click("savePeer");
    ASSERT_TRUE(
        QTest::qWaitFor([this] { return part<QComboBox>("pacsPeers")->count() == 1; }, 10'000));
  }

  QProcess archive_;
  int port_ = 0;
};

TEST_F(FromPacs, AnArchiveIsEnteredTestedSearchedAndFetchedFrom) {
  ASSERT_NO_FATAL_FAILURE(enterArchive());
  click("pacsTest");
  EXPECT_TRUE(says("pacsState", "Our archive answers"));
  type("pacsPatient", QStringLiteral("9999"));
  click("pacsSearch");
  EXPECT_TRUE(says("pacsState", "No MR series fits."));
  type("pacsPatient", QStringLiteral("4711"));
  QTest::keyClick(part<QLineEdit>("pacsPatient"), Qt::Key_Return);
  ASSERT_TRUE(says("pacsState", "1 series in 1 studies."));
  auto* results = part<QTreeWidget>("pacsResults");
  ASSERT_EQ(results->topLevelItemCount(), 1);
  auto* series = results->topLevelItem(0)->child(0);
  // This archive tells no descriptions: nothing is ticked for the person.
  EXPECT_EQ(series->checkState(0), Qt::Unchecked);
  EXPECT_FALSE(part<QPushButton>("pacsFetch")->isEnabled());
  series->setCheckState(0, Qt::Checked);
  ASSERT_TRUE(part<QPushButton>("pacsFetch")->isEnabled());
  auto* table = part<QTableView>("cohortTable");
  ASSERT_EQ(table->model()->rowCount(), 4);
  click("pacsFetch");
  EXPECT_TRUE(says("pacsState", "1 patient, 1 stack, 3 slices"))
      << part<QLabel>("pacsState")->text().toStdString();
  EXPECT_TRUE(QTest::qWaitFor([&] { return table->model()->rowCount() == 5; }, 10'000));
}

TEST_F(FromPacs, ReceivingIsOffUntilSwitchedOnAndImportsWhatCame) {
  click("pacsButton");
  auto* on = part<QCheckBox>("receiveSwitch");
  EXPECT_FALSE(on->isChecked());
  const int port = test::freePort();
  EXPECT_FALSE(send(port, "GADOLIN"));
  part<QSpinBox>("receivePort")->setValue(port);
  QTest::mouseClick(on, Qt::LeftButton, {}, {8, on->height() / 2});
  ASSERT_TRUE(says("receiveState", "Receiving on 127.0.0.1:"));
  ASSERT_TRUE(send(port, "GADOLIN"));
  EXPECT_TRUE(says("receiveState", "1 series, 3 images"));
  EXPECT_TRUE(says("receivingText", "as GADOLIN"));
  QTest::mouseClick(on, Qt::LeftButton, {}, {8, on->height() / 2});
  EXPECT_TRUE(says("receiveState", "Off."));
  auto* table = part<QTableView>("cohortTable");
  EXPECT_TRUE(QTest::qWaitFor([&] { return table->model()->rowCount() == 5; }, 10'000));
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("Received and imported")))
      << window_->lastMessage().toStdString();
  EXPECT_FALSE(send(port, "GADOLIN"));
}

TEST_F(FromPacs, APortThatIsTakenIsSaidWhereItWasAsked) {
  click("pacsButton");
  part<QSpinBox>("receivePort")->setValue(port_);
  auto* on = part<QCheckBox>("receiveSwitch");
  QTest::mouseClick(on, Qt::LeftButton, {}, {8, on->height() / 2});
  EXPECT_TRUE(says("receiveState", "is taken by another program"));
  EXPECT_FALSE(on->isChecked());
}

}  // namespace
}  // namespace gadolin
