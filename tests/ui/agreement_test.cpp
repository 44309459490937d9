// The agreement page of Review: figures, confusion table, plot and slices of two readers.

#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTabBar>
#include <QTableWidget>

#include "core/base/files.h"
#include "database/masks.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "tests/database/raw_sql.h"
#include "tests/support/two_readers.h"
#include "tests/ui/window_fixture.h"
#include "ui/plots/bland_altman_plot.h"
#include "ui/session/label_agreement.h"
#include "ui/view/image_view.h"
#include "ui/widgets/agreement_page.h"
#include "ui/widgets/confusion_table.h"
#include "ui/widgets/review_workspace.h"

namespace gadolin {
namespace {

using namespace Qt::StringLiterals;

class AgreementPageTest : public test::WindowFixture {
 protected:
  void openPage(int patients, bool two_readers, bool masks) {
    widgets::memory::setReader(u"EF"_s);
    test::PhantomOptions options;
    options.patients = patients;
    options.reference_masks = false;
    root_ = folder_.path() / "phantom.gadolin";
    ASSERT_TRUE(test::makePhantomProject(root_, options).ok());
    if (two_readers) {
      auto project = session::Project::open(root_);
      ASSERT_TRUE(project.ok());
      const auto added = test::addTwoReaders(**project, patients, masks);
      ASSERT_TRUE(added.ok()) << added.error().message;
    }
    ASSERT_NO_FATAL_FAILURE(openNewWindow());
    review_ = &show<widgets::ReviewWorkspace>(widgets::Place::Review);
    auto* tabs = review_->findChild<QTabBar*>(u"reviewTabs"_s);
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
    page_ = review_->findChild<widgets::AgreementPage*>();
    ASSERT_TRUE(page_->isVisible());
    ASSERT_NO_FATAL_FAILURE(settle());
  }
  template <class Widget>
  Widget* child(const QString& name) {
    auto* found = page_->findChild<Widget*>(name);
    EXPECT_NE(found, nullptr) << name.toStdString();
    return found;
  }
  /// Clicks the comparison whose text has this word.
  void choose(const QString& word) {
    auto* pairs = child<QListWidget>(u"agreementPairs"_s);
    for (int i = 0; i < pairs->count(); ++i) {
      if (!pairs->item(i)->text().contains(word)) continue;
      QTest::mouseClick(pairs->viewport(), Qt::LeftButton, {},
                        pairs->visualItemRect(pairs->item(i)).center());
      ASSERT_NO_FATAL_FAILURE(settle());
      return;
    }
    FAIL() << "no comparison with " << word.toStdString();
  }
  QString figure(const QString& name) {
    auto* table = child<QTableWidget>(u"agreementFigures"_s);
    for (int row = 0; row < table->rowCount(); ++row)
      if (table->item(row, 0)->text().startsWith(name)) return table->item(row, 1)->text();
    return {};
  }

  widgets::ReviewWorkspace* review_ = nullptr;
  widgets::AgreementPage* page_ = nullptr;
};

TEST_F(AgreementPageTest, WithoutASecondReaderSaysWhatToDo) {
  ASSERT_NO_FATAL_FAILURE(openPage(2, false, false));
  auto* empty = child<QLabel>(u"agreementEmpty"_s);
  EXPECT_TRUE(empty->isVisible());
  EXPECT_TRUE(empty->text().contains(u"Nobody has labelled a slice yet."_s))
      << empty->text().toStdString();
  EXPECT_TRUE(empty->text().contains(u"Switch the reader in Label"_s));
}

TEST_F(AgreementPageTest, ShowsTheFiguresThatTheProjectHas) {
  ASSERT_NO_FATAL_FAILURE(openPage(4, true, false));
  auto database = disk();
  const auto expected = session::labelAgreement(database);
  ASSERT_TRUE(expected.ok());
  ASSERT_EQ(expected->pairs.size(), 1U);
  const auto& decided = expected->pairs[0].decided;
  ASSERT_TRUE(decided.kappa && decided.kappa_ci95);
  EXPECT_EQ(figure(u"Slices, fibrosis or none, Cohen's kappa"_s),
            u"%1 [%2, %3]"_s.arg(*decided.kappa, 0, 'f', 2)
                .arg(decided.kappa_ci95->low, 0, 'f', 2)
                .arg(decided.kappa_ci95->high, 0, 'f', 2));
  EXPECT_EQ(child<QListWidget>(u"agreementCases"_s)->count(),
            static_cast<int>(expected->disagreements.size()));
}

TEST_F(AgreementPageTest, ACellOfTheTableListsItsSlicesAndALineShowsTheSlice) {
  ASSERT_NO_FATAL_FAILURE(openPage(4, true, false));
  auto database = disk();
  const auto agreement = session::labelAgreement(database);
  ASSERT_TRUE(agreement.ok());
  const auto wanted = agreement->pairs[0].table.at(0, 2);  // AB none, CD fibrosis
  ASSERT_GT(wanted, 0U);
  auto* confusion = child<widgets::ConfusionTable>(u"confusionTable"_s);
  QTest::mouseClick(confusion, Qt::LeftButton, {}, confusion->rectOf({0, 2}).center());
  auto* cases = child<QListWidget>(u"agreementCases"_s);
  ASSERT_EQ(cases->count(), static_cast<int>(wanted));
  // The cell is seen: agreement is filled, an empty cell is not.
  const QImage picture = confusion->grab().toImage();
  const auto at = [&](int i, int j) {
    const QPoint corner = confusion->rectOf({i, j}).topLeft() + QPoint(9, 9);
    return picture.pixelColor(corner * picture.devicePixelRatio());
  };
  EXPECT_NE(at(0, 0), at(3, 3));
  EXPECT_NE(at(0, 0), at(0, 2)) << "agreement and disagreement differ in colour";

  QTest::mouseClick(cases->viewport(), Qt::LeftButton, {},
                    cases->visualItemRect(cases->item(cases->count() - 1)).center());
  ASSERT_NO_FATAL_FAILURE(settle());
  const auto last = std::ranges::find_if(
      agreement->disagreements.rbegin(), agreement->disagreements.rend(), [](const auto& one) {
        return one.said[0].second == SliceLabel::None && one.said[1].second == SliceLabel::Fibrosis;
      });
  EXPECT_EQ(page_->imageView().slice(), last->slice);
  ASSERT_NE(page_->imageView().stack(), nullptr);
  EXPECT_TRUE(child<QLabel>(u"agreementCaption"_s)->text().contains(u"CD: fibrosis"_s));
}

TEST_F(AgreementPageTest, ACellOfAgreementListsItsSlicesToo) {
  ASSERT_NO_FATAL_FAILURE(openPage(4, true, false));
  auto database = disk();
  const auto agreement = session::labelAgreement(database);
  ASSERT_TRUE(agreement.ok());
  const auto wanted = agreement->pairs[0].table.at(2, 2);  // both fibrosis
  ASSERT_GT(wanted, 0U);
  auto* confusion = child<widgets::ConfusionTable>(u"confusionTable"_s);
  QTest::mouseClick(confusion, Qt::LeftButton, {}, confusion->rectOf({2, 2}).center());
  ASSERT_NO_FATAL_FAILURE(settle());
  auto* cases = child<QListWidget>(u"agreementCases"_s);
  ASSERT_EQ(cases->count(), static_cast<int>(wanted));
  EXPECT_TRUE(
      child<QLabel>(u"agreementCaption"_s)->text().contains(u"AB: fibrosis \u00b7 CD: fibrosis"_s))
      << child<QLabel>(u"agreementCaption"_s)->text().toStdString();
  EXPECT_NE(page_->imageView().stack(), nullptr);
  EXPECT_FALSE(child<QPushButton>(u"decide"_s)->isEnabled()) << "there is nothing to decide";
  QTest::mouseClick(confusion, Qt::LeftButton, {}, confusion->rectOf({0, 2}).center());
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_TRUE(child<QPushButton>(u"decide"_s)->isEnabled());
}

TEST_F(AgreementPageTest, LabelsThatCannotBeReadAreToldInsteadOfComparingForEver) {
  ASSERT_NO_FATAL_FAILURE(openPage(2, false, false));
  ASSERT_NO_FATAL_FAILURE(openNewWindow());  // the page has read nothing yet
  ASSERT_TRUE(db::test::execute(root_ / "project.sqlite", "DROP TABLE consensus_event"));
  review_ = &show<widgets::ReviewWorkspace>(widgets::Place::Review);
  auto* tabs = review_->findChild<QTabBar*>(u"reviewTabs"_s);
  QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
  page_ = review_->findChild<widgets::AgreementPage*>();
  ASSERT_NO_FATAL_FAILURE(settle());
  auto* empty = child<QLabel>(u"agreementEmpty"_s);
  ASSERT_TRUE(empty->isVisible());
  EXPECT_FALSE(empty->text().contains(u"Comparing"_s)) << empty->text().toStdString();
  EXPECT_TRUE(empty->text().contains(u"consensus_event"_s)) << empty->text().toStdString();
}

TEST_F(AgreementPageTest, AModelIsComparedOverTestPatientsUnlessOthersAreChosen) {
  ASSERT_NO_FATAL_FAILURE(openPage(4, true, true));
  {
    auto project = db::Database::open(root_ / "project.sqlite", db::Mode::ReadWrite);
    ASSERT_TRUE(project.ok());
    db::RunRecord run;
    run.id = "run-1";
    run.state = db::RunState::Finished;
    ASSERT_TRUE(db::addRun(*project, run).ok());
    std::vector<db::SplitRecord> split;
    for (int i = 0; i < 4; ++i) {
      const std::string& patient = test::phantomSubject(i).name;
      split.push_back({patient, i == 0 ? dataset::Part::Test : dataset::Part::Train, {}});
      const auto masks = db::masksOfStack(*project, patient + "-s1");
      ASSERT_TRUE(masks.ok());
      db::MaskRecord mask = masks->front();
      mask.source = db::MaskSource::Prediction;
      mask.run = mask.author = "run-1";
      const auto id = db::addMask(*project, mask);
      ASSERT_TRUE(id.ok()) << id.error().message;
      db::PredictionRecord prediction;
      prediction.run = "run-1";
      prediction.stack = patient + "-s1";
      prediction.mask = *id;
      ASSERT_TRUE(db::addPrediction(*project, prediction).ok());
    }
    ASSERT_TRUE(db::replaceSplit(*project, split).ok());
  }
  ASSERT_NO_FATAL_FAILURE(openNewWindow());
  review_ = &show<widgets::ReviewWorkspace>(widgets::Place::Review);
  auto* tabs = review_->findChild<QTabBar*>(u"reviewTabs"_s);
  QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
  page_ = review_->findChild<widgets::AgreementPage*>();
  ASSERT_NO_FATAL_FAILURE(settle());
  ASSERT_NO_FATAL_FAILURE(choose(u"CD \u00b7 model"_s));
  auto* notes = child<QLabel>(u"agreementNotes"_s);
  EXPECT_TRUE(notes->text().startsWith(u"1 stack."_s)) << notes->text().toStdString();
  EXPECT_TRUE(notes->text().contains(u"3 stacks of patients of other parts"_s));
  auto* part = child<QComboBox>(u"agreementPart"_s);
  ASSERT_TRUE(part->isVisible());
  part->setCurrentIndex(part->findData(u"all"_s));
  QTest::qWait(400);
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_TRUE(notes->text().startsWith(u"4 stacks."_s)) << notes->text().toStdString();
  EXPECT_TRUE(notes->text().contains(u"3 stacks of patients from whom the model learnt"_s));
}

TEST_F(AgreementPageTest, APointOfThePlotShowsItsPatientWithBothMasks) {
  ASSERT_NO_FATAL_FAILURE(openPage(4, true, true));
  ASSERT_NO_FATAL_FAILURE(choose(u"masks"_s));
  auto* plot = child<plots::BlandAltmanPlot>(u"blandAltman"_s);
  ASSERT_EQ(plot->data().points.size(), 4U);
  EXPECT_TRUE(plot->data().bias.has_value());
  // The second patient has less scar by CD: the farthest below the line.
  int lowest = 0;
  for (int i = 1; i < 4; ++i)
    if (plot->positionOf(i).y() > plot->positionOf(lowest).y()) lowest = i;
  const auto& point = plot->data().points[static_cast<std::size_t>(lowest)];
  EXPECT_LT(point.second, point.first);
  auto* canvas = plot->findChild<QWidget*>();
  QTest::mouseMove(canvas, canvas->mapFrom(plot, plot->positionOf(lowest)));
  QTest::qWait(20);
  EXPECT_TRUE(plot->readout().startsWith(point.name)) << plot->readout().toStdString();
  QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFrom(plot, plot->positionOf(lowest)));
  ASSERT_NO_FATAL_FAILURE(settle());
  auto* cases = child<QListWidget>(u"agreementCases"_s);
  ASSERT_GE(cases->currentRow(), 0);
  EXPECT_TRUE(cases->currentItem()->text().startsWith(point.name));
  const auto agreement = [this] {
    auto database = disk();
    return session::maskAgreement(session::ProjectPaths(root_), database, {});
  }();
  ASSERT_TRUE(agreement.ok());
  const auto& scar = agreement->pairs[0].measures[1].patients;
  const auto patient =
      std::ranges::find(scar, point.name.toStdString(), &session::MeasuredPatient::patient);
  ASSERT_NE(patient, scar.end());
  EXPECT_EQ(page_->imageView().slice(), patient->slice);
  EXPECT_EQ(child<QLabel>(u"agreementCaption"_s)->text(), u"Filled: AB. Outlined: CD."_s);

  auto* measure = child<QComboBox>(u"agreementMeasure"_s);
  measure->setCurrentIndex(measure->findText(u"Scar share of the LV"_s));
  EXPECT_EQ(plot->data().unit, u"%"_s);
  EXPECT_NEAR(plot->data().points[0].first, agreement->pairs[0].measures[2].patients[0].first,
              1e-9);
}

TEST_F(AgreementPageTest, IsSavedAsTableAndPicture) {
  ASSERT_NO_FATAL_FAILURE(openPage(3, true, true));
  const QString table = QString::fromStdString((folder_.path() / "agreement.csv").string());
  page_->exportFigures(table);
  ASSERT_NO_FATAL_FAILURE(settle());
  const auto csv = readFile(table.toStdString());
  ASSERT_TRUE(csv.ok());
  EXPECT_TRUE(csv->starts_with("data,first,second,subject,figure,unit,n,value,ci95_low"));
  EXPECT_NE(csv->find("labels,AB,CD,slices,kappa,"), std::string::npos);
  EXPECT_NE(csv->find("masks,AB,CD,scar_ml,bias,ml,3,"), std::string::npos) << *csv;
  ASSERT_NO_FATAL_FAILURE(choose(u"masks"_s));
  const QString picture = QString::fromStdString((folder_.path() / "plot.png").string());
  ASSERT_TRUE(page_->exportPlot(picture).ok());
  EXPECT_EQ(QImage(picture).width(), 1600);
  const QString document = QString::fromStdString((folder_.path() / "plot.pdf").string());
  ASSERT_TRUE(page_->exportPlot(document).ok());
  EXPECT_TRUE(readFile(document.toStdString())->starts_with("%PDF-"));
  EXPECT_FALSE(page_->exportPlot(u"/nowhere/plot.png"_s).ok());
}

TEST_F(AgreementPageTest, KeysOfPredictionsDecideNothingHere) {
  ASSERT_NO_FATAL_FAILURE(openPage(2, true, false));
  page_->imageView().setFocus();
  QTest::keyClick(&page_->imageView(), Qt::Key_R);
  QTest::keyClick(&page_->imageView(), Qt::Key_E);
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_EQ(window_->place(), widgets::Place::Review);
  EXPECT_TRUE(page_->isVisible());
  EXPECT_TRUE(window_->lastMessage().isEmpty()) << window_->lastMessage().toStdString();
}

}  // namespace
}  // namespace gadolin
