// The whole line as a person walks it, in the window and with the real programs behind it: a folder
// is dropped, labelled by keys, split, trained on with tiny nets, predicted, scored, reviewed and
// reported. What the figures are worth is measured elsewhere.

#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>
#include <QUrl>
#include <fstream>
#include <map>

#include "core/base/files.h"
#include "core/phantom/subject.h"
#include "database/predictions.h"
#include "tests/support/nifti_bytes.h"
#include "tests/ui/window_fixture.h"
#include "ui/view/image_view.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/label_workspace.h"
#include "ui/widgets/report_workspace.h"
#include "ui/widgets/review_workspace.h"
#include "ui/widgets/settings_dialog.h"
#include "ui/widgets/train_workspace.h"

namespace gadolin {
namespace {

constexpr int patients = 6;
constexpr const char* worker = GADOLIN_BIN_DIR "/gadolin-worker";

/// LPS to NIfTI's RAS, voxels as they are.
template <typename T>
std::string niftiOf(const Volume<T>& volume, std::int16_t type) {
  const Geometry& g = volume.geometry;
  test::NiftiSpec spec;
  spec.type = type;
  for (std::size_t i = 0; i < 3; ++i) {
    spec.dim[i + 1] = static_cast<std::int16_t>(g.size[i]);
    spec.pixdim[i + 1] = static_cast<float>(g.spacing_mm[i]);
    const double sign = i < 2 ? -1 : 1;
    for (std::size_t axis = 0; axis < 3; ++axis)
      spec.srow[i][axis] = static_cast<float>(sign * g.axes[axis][i] * g.spacing_mm[axis]);
    spec.srow[i][3] = static_cast<float>(sign * g.origin_mm[i]);
  }
  spec.voxels.assign(volume.voxels.begin(), volume.voxels.end());
  return test::niftiBytes(spec);
}

class WholeLine : public test::WindowFixture {
 protected:
  void SetUp() override {
    WindowFixture::SetUp();
    qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
    qputenv("GADOLIN_WORKER", worker);
  }
  void TearDown() override {
    window_.reset();
    qunsetenv("GADOLIN_WORKER");
  }

  void writeArchive() {
    const auto folder = folder_.path() / "archive";
    std::filesystem::create_directories(folder);
    for (int i = 0; i < patients; ++i) {
      const phantom::Subject subject = phantom::makeSubject(3, i);
      const std::string name = "Line-00" + std::to_string(i + 1);
      constexpr std::int16_t int16 = 4;
      constexpr std::int16_t uint8 = 2;
      std::ofstream(folder / (name + ".nii"), std::ios::binary)
          << niftiOf(subject.shown().image, int16);
      std::ofstream(folder / (name + "_mask.nii"), std::ios::binary)
          << niftiOf(subject.truth, uint8);
      for (int z = 0; z < subject.truth.geometry.size[2]; ++z) {
        const auto slice = subject.truth.slice(z);
        truth_[name].push_back(std::any_of(slice.begin(), slice.end(), isFibrosis));
      }
    }
  }
  void openEmptyProject() {
    root_ = folder_.path() / "line.gadolin";
    window_ = std::make_unique<widgets::MainWindow>();
    window_->resize(1400, 900);
    window_->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window_.get()));
    QApplication::setActiveWindow(window_.get());
    window_->createProject(QString::fromStdString(root_.string()));
    ASSERT_TRUE(opened(*window_));
  }
  bool said(const QString& words) {
    for (const QString& text : window_->notices().texts())
      if (text.contains(words)) return true;
    return false;
  }
  void waitSaid(const char* words, int limit_ms) {
    ASSERT_TRUE(QTest::qWaitFor([&] { return said(QLatin1String(words)); }, limit_ms))
        << "instead of '" << words << "': " << window_->lastMessage().toStdString();
  }
  template <class Widget>
  Widget& find(const char* name) {
    auto* found = window_->findChild<Widget*>(QString::fromLatin1(name));
    if (found == nullptr) qFatal("no %s", name);
    return *found;
  }
  void click(const char* name) {
    auto& button = find<QPushButton>(name);
    ASSERT_TRUE(QTest::qWaitFor([&] { return button.isVisible() && button.isEnabled(); }, 10'000))
        << name;
    QTest::mouseClick(&button, Qt::LeftButton);
  }
  static void clickText(QWidget& where, const QString& text) {
    for (auto* button : where.findChildren<QPushButton*>())
      if (button->text().startsWith(text)) {
        QTest::mouseClick(button, Qt::LeftButton);
        return;
      }
    ADD_FAILURE() << "no button " << text.toStdString();
  }

  void drop() {
    writeArchive();
    QMimeData data;
    data.setUrls(
        {QUrl::fromLocalFile(QString::fromStdString((folder_.path() / "archive").string()))});
    QDragEnterEvent enter({700, 450}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    QDropEvent event({700, 450}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &event);
    waitSaid("Import finished", 60'000);
    EXPECT_TRUE(said(QStringLiteral("6 patients, 6 stacks")))
        << window_->lastMessage().toStdString();
  }
  void labelByKeys() {
    auto& label = show<widgets::LabelWorkspace>(widgets::Place::Label);
    auto& name = *label.findChild<QLineEdit*>(QStringLiteral("readerName"));
    ASSERT_TRUE(name.isVisible());
    QTest::keyClicks(&name, QStringLiteral("AB"));
    QTest::keyClick(&name, Qt::Key_Return);
    auto& session = label.session();
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return session.idle() && session.stack() && session.worklist().size() == patients; },
        10'000));
    for (int keys = 0; session.progress().stacks_done < patients; ++keys) {
      ASSERT_LT(keys, 400) << "the keys lead nowhere";
      const auto& item = session.worklist()[static_cast<std::size_t>(session.position())];
      const std::vector<bool>& scarred = truth_.at(item.patient);
      const bool healthy = std::find(scarred.begin(), scarred.end(), true) == scarred.end();
      const bool here = scarred.at(static_cast<std::size_t>(session.slice()));
      QTest::keyClick(&label.imageView(), healthy ? Qt::Key_Space : here ? Qt::Key_1 : Qt::Key_0);
      ASSERT_TRUE(QTest::qWaitFor([&] { return session.idle(); }, 5'000));
    }
  }
  void split() {
    show<widgets::Workspace>(widgets::Place::Cohort);
    find<QSpinBox>("testPercent").setValue(34);
    find<QSpinBox>("validationPercent").setValue(17);
    find<QSpinBox>("splitSeed").setValue(1);
    click("splitAnew");
    waitSaid("3 to train, 1 to validate, 2 to test; seed 1", 20'000);
  }
  void train() {
    auto& workspace = show<widgets::TrainWorkspace>(widgets::Place::Train);
    clickText(workspace, QStringLiteral("More settings"));
    auto* dialog = window_->findChild<widgets::SettingsDialog*>();
    ASSERT_NE(dialog, nullptr);
    const std::map<QString, QString> tiny{
        {QStringLiteral("myocardium.epochs"), QStringLiteral("2")},
        {QStringLiteral("classifier.epochs"), QStringLiteral("2")},
        {QStringLiteral("fibrosis.epochs"), QStringLiteral("2")},
        {QStringLiteral("myocardium.minimum_steps"), QStringLiteral("0")},
        {QStringLiteral("fibrosis.minimum_steps"), QStringLiteral("0")},
        {QStringLiteral("classifier.minimum_steps"), QStringLiteral("0")},
        {QStringLiteral("myocardium.width"), QStringLiteral("4")},
        {QStringLiteral("fibrosis.width"), QStringLiteral("4")},
        {QStringLiteral("predict.flips"), QStringLiteral("1")},
        {QStringLiteral("predict.minimum_ml"), QStringLiteral("0")}};
    auto* table = dialog->findChild<QTreeWidget*>();
    std::size_t changed = 0;
    for (int i = 0; i < table->topLevelItemCount(); ++i) {
      QTreeWidgetItem* item = table->topLevelItem(i);
      if (const auto value = tiny.find(item->text(0)); value != tiny.end()) {
        item->setText(1, value->second);
        ++changed;
      }
    }
    ASSERT_EQ(changed, tiny.size());
    clickText(*dialog, QStringLiteral("Use these"));
    click("startTraining");
    const auto& state = find<QLabel>("runState");
    ASSERT_TRUE(QTest::qWaitFor(
        [&] {
          return state.text().contains(QStringLiteral("Finished")) ||
                 state.text().contains(QStringLiteral("Failed"));
        },
        150'000))
        << state.text().toStdString();
    ASSERT_TRUE(state.text().contains(QStringLiteral("Finished"))) << state.text().toStdString();
  }
  void predict() {
    click("predictAll");
    // The scores of the test patients follow by themselves.
    waitSaid("The test patients were scored", 90'000);
    EXPECT_TRUE(said(QStringLiteral("2 test patients"))) << window_->lastMessage().toStdString();
  }
  void accept() {
    auto& review = show<widgets::ReviewWorkspace>(widgets::Place::Review);
    ASSERT_NE(review.imageView().stack(), nullptr);
    QTest::keyClick(&review.imageView(), Qt::Key_A);
    ASSERT_NO_FATAL_FAILURE(settle());
    auto database = disk();
    const auto predictions = db::latestPredictions(database);
    ASSERT_TRUE(predictions.ok());
    EXPECT_EQ(predictions->size(), static_cast<std::size_t>(patients));
    int accepted = 0;
    for (const auto& prediction : *predictions) {
      const auto verdict = db::latestReview(database, prediction.id);
      ASSERT_TRUE(verdict.ok());
      if (!*verdict) continue;
      EXPECT_EQ((*verdict)->verdict, db::Verdict::Accepted);
      EXPECT_EQ((*verdict)->reader, "AB");
      ++accepted;
    }
    EXPECT_EQ(accepted, 1);
  }
  void saveReport() {
    auto& report = show<widgets::ReportWorkspace>(widgets::Place::Report);
    ASSERT_TRUE(QTest::qWaitFor([&] { return report.hasPage(); }, 20'000));
    const QString scores = find<QLabel>("cohortScores").text();
    EXPECT_TRUE(scores.contains(QStringLiteral("2 patients"))) << scores.toStdString();
    const auto file = folder_.path() / "report.pdf";
    click("saveReport");
    auto* dialog = window_->findChild<QFileDialog*>();
    ASSERT_NE(dialog, nullptr);
    auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    ASSERT_NE(name, nullptr) << "not Qt's own dialog";
    name->setText(QString::fromStdString(file.string()));
    static_cast<QDialog*>(dialog)->accept();
    waitSaid("Report saved", 30'000);
    const auto pdf = readFile(file);
    ASSERT_TRUE(pdf.ok());
    EXPECT_EQ(pdf->substr(0, 5), "%PDF-");
    EXPECT_GT(pdf->size(), 10'000U);
  }

  std::map<std::string, std::vector<bool>> truth_;  // fibrosis by patient and stored slice
};

TEST_F(WholeLine, FromADroppedFolderToASavedReport) {
  if (!std::filesystem::exists(worker)) GTEST_SKIP() << "gadolin-worker is not built here";
  ASSERT_NO_FATAL_FAILURE(openEmptyProject());
  ASSERT_NO_FATAL_FAILURE(drop());
  ASSERT_NO_FATAL_FAILURE(labelByKeys());
  ASSERT_NO_FATAL_FAILURE(split());
  ASSERT_NO_FATAL_FAILURE(train());
  ASSERT_NO_FATAL_FAILURE(predict());
  ASSERT_NO_FATAL_FAILURE(accept());
  ASSERT_NO_FATAL_FAILURE(saveReport());
}

}  // namespace
}  // namespace gadolin
