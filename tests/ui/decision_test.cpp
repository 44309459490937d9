// Blind second reading and third decisions in the Label workspace, by real keys and clicks.

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>

#include "database/consensus.h"
#include "tests/support/two_readers.h"
#include "tests/ui/window_fixture.h"
#include "ui/session/label_agreement.h"
#include "ui/view/contact_sheet.h"
#include "ui/view/image_view.h"
#include "ui/widgets/agreement_page.h"
#include "ui/widgets/cohort_workspace.h"
#include "ui/widgets/label_session.h"
#include "ui/widgets/label_workspace.h"
#include "ui/widgets/review_workspace.h"

namespace gadolin {
namespace {

using namespace Qt::StringLiterals;

class Decisions : public test::WindowFixture {
 protected:
  void openProject(const char* reader, int patients = 4) {
    widgets::memory::setReader(QString::fromLatin1(reader));
    test::PhantomOptions options;
    options.patients = patients;
    options.reference_masks = false;
    root_ = folder_.path() / "phantom.gadolin";
    ASSERT_TRUE(test::makePhantomProject(root_, options).ok());
    {
      auto project = session::Project::open(root_);
      ASSERT_TRUE(project.ok());
      const auto added = test::addTwoReaders(**project, patients, false);
      ASSERT_TRUE(added.ok()) << added.error().message;
    }
    ASSERT_NO_FATAL_FAILURE(openNewWindow());
  }
  void openLabel() {
    label_ = &show<widgets::LabelWorkspace>(widgets::Place::Label);
    ASSERT_TRUE(QTest::qWaitFor([this] { return label_->session().stack() != nullptr; }, 10000));
    ASSERT_NO_FATAL_FAILURE(settle());
  }
  void chooseWorklist(session::Worklist worklist) {
    auto* box = label_->findChild<QComboBox*>(u"worklistKind"_s);
    // Popups of boxes are windows of their own; the keys of the box do the same.
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Home);
    while (box->currentData().toInt() != static_cast<int>(worklist)) {
      const int before = box->currentIndex();
      box->setFocus();
      QTest::keyClick(box, Qt::Key_Down);
      ASSERT_NE(box->currentIndex(), before);
    }
    ASSERT_NO_FATAL_FAILURE(settle());
  }
  void press(Qt::Key key) { QTest::keyClick(&label_->imageView(), key); }
  void waitIdle() {
    ASSERT_TRUE(QTest::qWaitFor([this] { return label_->session().idle(); }, 5000));
    ASSERT_NO_FATAL_FAILURE(settle());
  }
  std::string stack() {
    auto& session = label_->session();
    return session.worklist()[static_cast<std::size_t>(session.position())].stack;
  }
  std::vector<session::Disagreement> disagreements() {
    auto database = disk();
    const auto all = session::labelAgreement(database);
    EXPECT_TRUE(all.ok());
    return all.ok() ? all->disagreements : std::vector<session::Disagreement>{};
  }

  widgets::LabelWorkspace* label_ = nullptr;
};

TEST_F(Decisions, AReaderSeesNobodysLabelsButTheirOwn) {
  ASSERT_NO_FATAL_FAILURE(openProject("EF"));
  ASSERT_NO_FATAL_FAILURE(openLabel());
  const auto& labels = label_->session().labels();
  EXPECT_EQ(labels, std::vector<SliceLabel>(labels.size(), SliceLabel::Unlabelled));
  EXPECT_TRUE(label_->session().disagreements().empty());
  EXPECT_FALSE(label_->findChild<QLabel*>(u"decisionSaid"_s)->isVisible());
}

TEST_F(Decisions, TheReaderIsSwitchedByTwoClicksAndSeesTheirLabels) {
  ASSERT_NO_FATAL_FAILURE(openProject("AB"));
  ASSERT_NO_FATAL_FAILURE(openLabel());
  auto* reader = label_->findChild<QPushButton*>(u"labelReader"_s);
  EXPECT_EQ(reader->text(), u"AB"_s);
  const std::string here = stack();
  const auto ours = label_->session().labels();
  QTest::mouseClick(reader, Qt::LeftButton);
  auto* menu = label_->findChild<QMenu*>(u"readerMenu"_s);
  ASSERT_NE(menu, nullptr);
  ASSERT_TRUE(QTest::qWaitForWindowExposed(menu));
  ASSERT_EQ(menu->actions().size(), 4);  // AB, CD, a line, another reader
  QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().at(1)).center());
  ASSERT_NO_FATAL_FAILURE(settle());
  EXPECT_EQ(reader->text(), u"CD"_s);
  EXPECT_EQ(widgets::memory::reader(), u"CD"_s);
  label_->session().openStack(here);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_NE(label_->session().labels(), ours) << "the first patient is labelled differently";
  // What is labelled now is CD's.
  label_->session().goToSlice(0);
  press(Qt::Key_X);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  auto database = disk();
  EXPECT_EQ(db::sliceLabels(database, here, "CD")->at(0).label, SliceLabel::NotDiagnostic);
  EXPECT_NE(db::sliceLabels(database, here, "AB")->at(0).label, SliceLabel::NotDiagnostic);
}

TEST_F(Decisions, KeysDecideOneDisagreementAfterTheOther) {
  ASSERT_NO_FATAL_FAILURE(openProject("EF"));
  const auto before = disagreements();
  ASSERT_GE(before.size(), 3U);
  ASSERT_NO_FATAL_FAILURE(openLabel());
  ASSERT_NO_FATAL_FAILURE(chooseWorklist(session::Worklist::Disagreements));
  std::set<std::string> stacks;
  for (const auto& one : before) stacks.insert(one.stack);
  EXPECT_EQ(label_->session().worklist().size(), stacks.size());
  auto* said = label_->findChild<QLabel*>(u"decisionSaid"_s);
  ASSERT_TRUE(said->isVisible());
  EXPECT_TRUE(said->text().contains(u"AB: "_s)) << said->text().toStdString();
  EXPECT_TRUE(said->text().contains(u"CD: "_s));
  EXPECT_TRUE(label_->findChild<QLabel*>(u"decisionMade"_s)->text().contains(u"as EF"_s));

  const std::string first = stack();
  const int slice = label_->session().slice();
  ASSERT_NE(label_->session().disagreement(), nullptr) << "a slice that differs is in front";
  press(Qt::Key_1);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_FALSE(stack() == first && label_->session().slice() == slice) << "the next one follows";
  ASSERT_NE(label_->session().disagreement(), nullptr);
  {
    auto database = disk();
    const auto decisions = db::consensusDecisions(database);
    ASSERT_EQ(decisions->size(), 1U);
    EXPECT_EQ(decisions->at(0).stack, first);
    EXPECT_EQ(decisions->at(0).slice, slice);
    EXPECT_EQ(decisions->at(0).label, SliceLabel::Fibrosis);
    EXPECT_EQ(decisions->at(0).author, "EF");
    EXPECT_TRUE(db::sliceLabels(database, first, "EF")->empty()) << "a decision is no label";
    EXPECT_EQ(db::consensusLabels(database, first)->at(static_cast<std::size_t>(slice)),
              SliceLabel::Fibrosis);
  }
  press(Qt::Key_Backspace);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_EQ(stack(), first);
  EXPECT_EQ(label_->session().slice(), slice);
  {
    auto database = disk();
    EXPECT_TRUE(db::consensusDecisions(database)->empty());
    EXPECT_EQ(db::consensusHistory(database, first)->size(), 2U);
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    press(i % 2 == 0 ? Qt::Key_1 : Qt::Key_0);
    ASSERT_NO_FATAL_FAILURE(waitIdle());
  }
  EXPECT_TRUE(window_->lastMessage().contains(u"Every disagreement is decided"_s))
      << window_->lastMessage().toStdString();
  for (const auto& one : disagreements()) {
    EXPECT_NE(one.decided, SliceLabel::Unlabelled) << one.stack << " " << one.slice;
    EXPECT_EQ(one.decided_by, "EF");
  }
}

TEST_F(Decisions, ASliceOnWhichReadersAgreeIsNotDecided) {
  ASSERT_NO_FATAL_FAILURE(openProject("EF"));
  ASSERT_NO_FATAL_FAILURE(openLabel());
  ASSERT_NO_FATAL_FAILURE(chooseWorklist(session::Worklist::Disagreements));
  for (int z = 0; label_->session().disagreement() != nullptr; ++z) {
    label_->session().goToSlice(z);
    ASSERT_NO_FATAL_FAILURE(settle());
  }
  press(Qt::Key_1);
  press(Qt::Key_Space);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  auto database = disk();
  EXPECT_TRUE(db::consensusDecisions(database)->empty());
  EXPECT_EQ(db::readers(database)->size(), 2U) << "no label of EF either";
}

TEST_F(Decisions, ASliceOfTheAgreementPageIsDecidedInLabel) {
  ASSERT_NO_FATAL_FAILURE(openProject("EF"));
  auto& review = show<widgets::ReviewWorkspace>(widgets::Place::Review);
  auto* tabs = review.findChild<QTabBar*>(u"reviewTabs"_s);
  QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
  ASSERT_NO_FATAL_FAILURE(settle());
  auto* page = review.findChild<widgets::AgreementPage*>();
  const auto all = disagreements();
  const std::size_t last = all.size() - 1;
  page->findChild<QListWidget*>(u"agreementCases"_s)->setCurrentRow(static_cast<int>(last));
  ASSERT_NO_FATAL_FAILURE(settle());
  QTest::mouseClick(page->findChild<QPushButton*>(u"decide"_s), Qt::LeftButton);
  EXPECT_EQ(window_->place(), widgets::Place::Label);
  label_ = qobject_cast<widgets::LabelWorkspace*>(window_->workspace(widgets::Place::Label));
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_TRUE(label_->session().deciding());
  EXPECT_EQ(stack(), all[last].stack);
  EXPECT_EQ(label_->session().slice(), all[last].slice);
  press(Qt::Key_2);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  // Back in Review the page knows.
  show<widgets::ReviewWorkspace>(widgets::Place::Review);
  ASSERT_TRUE(QTest::qWaitFor([&] { return page->settled(); }, 5000));
  auto* cases = page->findChild<QListWidget*>(u"agreementCases"_s);
  EXPECT_TRUE(cases->item(static_cast<int>(last))->text().contains(u"✓ unsure"_s))
      << cases->item(static_cast<int>(last))->text().toStdString();
  EXPECT_TRUE(
      page->findChild<QLabel*>(u"agreementCaption"_s)->text().endsWith(u"Decided by EF: unsure"_s));
}

TEST_F(Decisions, ASliceThatDiffersSinceTheListWasReadIsTheOneThatIsDecided) {
  ASSERT_NO_FATAL_FAILURE(openProject("EF"));
  const auto wanted = disagreements().back();
  const auto relabel = [&](SliceLabel label) {
    auto database = db::Database::open(root_ / "project.sqlite", db::Mode::ReadWrite);
    ASSERT_TRUE(database.ok());
    std::vector<db::SliceChange> changes;
    const auto of_first = db::sliceLabels(*database, wanted.stack, "AB");
    for (const auto& one : *of_first) changes.push_back({one.slice, one.label});
    for (db::SliceChange& change : changes)
      if (change.slice == wanted.slice && label != SliceLabel::Unlabelled) change.label = label;
    ASSERT_TRUE(db::setSliceLabels(*database, wanted.stack, changes, "CD", 0, "import").ok());
  };
  ASSERT_NO_FATAL_FAILURE(relabel(SliceLabel::Unlabelled));  // CD says what AB says
  ASSERT_NO_FATAL_FAILURE(openLabel());
  ASSERT_NO_FATAL_FAILURE(chooseWorklist(session::Worklist::Disagreements));
  const auto listed = [&] {
    return std::ranges::count(label_->session().worklist(), wanted.stack,
                              &widgets::WorkItem::stack) > 0;
  };
  ASSERT_FALSE(listed());
  ASSERT_NO_FATAL_FAILURE(relabel(SliceLabel::NotDiagnostic));
  label_->beginDecision(QString::fromStdString(wanted.stack), wanted.slice);
  ASSERT_TRUE(QTest::qWaitFor(listed, 5000));
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_EQ(stack(), wanted.stack);
  EXPECT_EQ(label_->session().slice(), wanted.slice);
  ASSERT_NE(label_->session().disagreement(), nullptr);
  EXPECT_TRUE(window_->lastMessage().isEmpty()) << window_->lastMessage().toStdString();

  // A slice that nobody sees differently any more is told of, not replaced by another.
  ASSERT_NO_FATAL_FAILURE(relabel(SliceLabel::Unlabelled));
  label_->beginDecision(u"nowhere-s1"_s, 0);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !window_->lastMessage().isEmpty(); }, 5000));
  EXPECT_TRUE(window_->lastMessage().contains(u"not in this worklist"_s));
  EXPECT_EQ(stack(), wanted.stack);
}

TEST_F(Decisions, WhoGivesTheirNameFirstStillDecidesTheSliceThatWasAskedFor) {
  ASSERT_NO_FATAL_FAILURE(openProject(""));
  ASSERT_NO_FATAL_FAILURE(openLabel());
  const auto all = disagreements();
  const auto& wanted = all.back();
  label_->beginDecision(QString::fromStdString(wanted.stack), wanted.slice);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  auto* name = label_->findChild<QLineEdit*>(u"readerName"_s);
  ASSERT_TRUE(name->isVisible());
  QTest::keyClicks(name, u"GH"_s);
  QTest::keyClick(name, Qt::Key_Return);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_EQ(stack(), wanted.stack);
  EXPECT_EQ(label_->session().slice(), wanted.slice);
  press(Qt::Key_0);
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  auto database = disk();
  const auto decisions = db::consensusDecisions(database, wanted.stack);
  ASSERT_EQ(decisions->size(), 1U);
  EXPECT_EQ(decisions->at(0).slice, wanted.slice);
  EXPECT_EQ(decisions->at(0).author, "GH");
}

TEST_F(Decisions, WorklistsHoldTheirStacksInLabelAndCohort) {
  ASSERT_NO_FATAL_FAILURE(openProject("AB"));
  ASSERT_NO_FATAL_FAILURE(openLabel());
  EXPECT_EQ(label_->session().worklist().size(), 4U);
  ASSERT_NO_FATAL_FAILURE(chooseWorklist(session::Worklist::Unlabelled));
  EXPECT_TRUE(label_->session().worklist().empty());
  EXPECT_EQ(label_->session().stack(), nullptr);
  ASSERT_NO_FATAL_FAILURE(chooseWorklist(session::Worklist::Unsure));
  ASSERT_EQ(label_->session().worklist().size(), 1U) << "the second patient";
  EXPECT_EQ(stack(), test::phantomSubject(1).name + "-s1");
  ASSERT_NO_FATAL_FAILURE(chooseWorklist(session::Worklist::Mine));
  EXPECT_EQ(label_->session().worklist().size(), 4U);

  auto& cohort = show<widgets::CohortWorkspace>(widgets::Place::Cohort);
  auto* box = cohort.findChild<QComboBox*>(u"cohortWorklist"_s);
  auto* table = cohort.findChild<QTableView*>(u"cohortTable"_s);
  box->setCurrentIndex(box->findData(static_cast<int>(session::Worklist::Unsure)));
  ASSERT_TRUE(QTest::qWaitFor([&] { return table->model()->rowCount() == 1; }, 5000));
  box->setCurrentIndex(box->findData(static_cast<int>(session::Worklist::All)));
  EXPECT_EQ(table->model()->rowCount(), 4);
}

TEST_F(Decisions, AStackFromTheCohortIsShownWhateverTheWorklist) {
  ASSERT_NO_FATAL_FAILURE(openProject("AB"));
  ASSERT_NO_FATAL_FAILURE(openLabel());
  ASSERT_NO_FATAL_FAILURE(chooseWorklist(session::Worklist::Unsure));
  const std::string wanted = test::phantomSubject(3).name + "-s1";
  label_->showStack(QString::fromStdString(wanted));
  ASSERT_NO_FATAL_FAILURE(waitIdle());
  EXPECT_EQ(stack(), wanted);
  EXPECT_EQ(label_->findChild<QComboBox*>(u"worklistKind"_s)->currentData().toInt(),
            static_cast<int>(session::Worklist::All));
}

}  // namespace
}  // namespace gadolin
