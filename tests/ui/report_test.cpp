// The Report workspace: from its figures to where they come from.

#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include "core/base/files.h"
#include "tests/ui/window_fixture.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/report_workspace.h"
#include "ui/widgets/stack_list.h"

namespace gadolin {
namespace {

class WindowReport : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
    test::PhantomOptions options;
    options.predictions = true;
    ASSERT_NO_FATAL_FAILURE(openWindow(options));
    show<widgets::ReportWorkspace>(widgets::Place::Report);
  }
  QPushButton& button(const char* name) {
    auto* found = window_->findChild<QPushButton*>(QLatin1String(name));
    EXPECT_NE(found, nullptr) << name;
    return *found;
  }
  /// Its first page is there, so its origin is too.
  bool shown() {
    auto* report = qobject_cast<widgets::ReportWorkspace*>(window_->workspace(widgets::Place::Report));
    return QTest::qWaitFor([&] { return report->settled() && report->hasPage(); }, 10'000);
  }
  void click(const char* name) {
    QTest::mouseClick(&button(name), Qt::LeftButton);
    settle();
  }
  /// The stack of the patient whose report is shown.
  std::string stackOf(int patient) const { return test::phantomSubject(patient).name + "-s1"; }
};

TEST_F(WindowReport, AClickLeadsFromTheFiguresToTheMaskAndToTheRun) {
  ASSERT_TRUE(shown());
  EXPECT_TRUE(button("originMeasured").isVisible());
  EXPECT_TRUE(button("originReference").isVisible());
  ASSERT_TRUE(button("originRun").isVisible());
  EXPECT_TRUE(button("originMeasured").text().contains(QStringLiteral("in Review")));

  click("originRun");
  EXPECT_EQ(window_->place(), widgets::Place::Train);
  auto* runs = window_->workspace(widgets::Place::Train)->findChild<widgets::StackList*>();
  ASSERT_NE(runs, nullptr);
  EXPECT_TRUE(QTest::qWaitFor([&] { return runs->current() == QStringLiteral("run-1"); }, 5000));

  window_->showPlace(widgets::Place::Report);
  ASSERT_TRUE(shown());
  click("originMeasured");
  EXPECT_EQ(window_->place(), widgets::Place::Review);
  auto* review = window_->workspace(widgets::Place::Review)->findChild<widgets::StackList*>();
  ASSERT_NE(review, nullptr);
  EXPECT_EQ(review->current().toStdString(), stackOf(0));
}

TEST_F(WindowReport, EverythingThatIsKnownIsThereToBeRead) {
  ASSERT_TRUE(shown());
  QTest::mouseClick(&button("originAll"), Qt::LeftButton);
  ASSERT_TRUE(QTest::qWaitFor(
      [this] { return window_->findChild<QDialog*>(QStringLiteral("provenance")) != nullptr; },
      5000));
  auto* dialog = window_->findChild<QDialog*>(QStringLiteral("provenance"));
  const QString text = dialog->findChild<QPlainTextEdit*>()->toPlainText();
  EXPECT_TRUE(text.contains(QStringLiteral("prediction of run run-1"))) << text.toStdString();
  EXPECT_TRUE(text.contains(QStringLiteral("imported, by phantom"))) << text.toStdString();
  EXPECT_TRUE(text.contains(QStringLiteral("Run run-1"))) << text.toStdString();
  EXPECT_TRUE(text.contains(QStringLiteral("Labels that count"))) << text.toStdString();
  dialog->close();
}

TEST_F(WindowReport, IsSavedOnTheChosenPaperInTheFormatOfItsName) {
  ASSERT_TRUE(shown());
  auto* paper = window_->findChild<QComboBox*>(QStringLiteral("paper"));
  ASSERT_NE(paper, nullptr);
  EXPECT_EQ(paper->currentData().toString(), QStringLiteral("a4"));
  paper->setCurrentIndex(paper->findData(QStringLiteral("letter")));
  ASSERT_TRUE(shown());
  EXPECT_EQ(widgets::memory::paper(), QStringLiteral("letter"));
  const auto save = [&](const char* name, const char* filter) {
    QTest::mouseClick(&button("saveReport"), Qt::LeftButton);
    auto* dialog = window_->findChild<QFileDialog*>();
    EXPECT_NE(dialog, nullptr);
    auto* edit = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    EXPECT_NE(edit, nullptr) << "not Qt's own dialog";
    EXPECT_TRUE(edit->text().endsWith(QStringLiteral(".pdf"))) << edit->text().toStdString();
    if (*filter != '\0') {
      Q_EMIT dialog->filterSelected(QString::fromLatin1(filter));
      EXPECT_TRUE(edit->text().endsWith(QStringLiteral(".html"))) << edit->text().toStdString();
    }
    edit->setText(QString::fromStdString((folder_.path() / name).string()));
    static_cast<QDialog*>(dialog)->accept();
    const auto done = [&] {
      std::error_code ignored;
      return window_->jobs().running() == 0 && std::filesystem::exists(folder_.path() / name, ignored);
    };
    EXPECT_TRUE(QTest::qWaitFor(done, 30'000)) << window_->lastMessage().toStdString();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    const auto text = readFile(folder_.path() / name);
    return text ? *text : std::string();
  };
  const std::string pdf = save("r.pdf", "");
  EXPECT_TRUE(pdf.starts_with("%PDF-"));
  EXPECT_NE(pdf.find("/MediaBox [0 0 612"), std::string::npos) << "not a Letter page";
  EXPECT_TRUE(save("r.html", "HTML, one file (*.html)").starts_with("<!DOCTYPE html>"));
}

}  // namespace
}  // namespace gadolin
