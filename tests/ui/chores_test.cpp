// What the window says when gadolinctl has done its work, all of it or a part; and what it does
// next.

#include <QFile>
#include <QLabel>
#include <QPushButton>

#include "core/base/files.h"
#include "tests/ui/window_fixture.h"
#include "ui/widgets/chores.h"
#include "ui/widgets/jobs.h"
#include "ui/widgets/report_workspace.h"

namespace gadolin {
namespace {

class WindowChores : public test::WindowFixture {
 protected:
  /// A gadolinctl that notes what it is asked and answers with these lines.
  void standIn(const std::string& says, int exit_status) {
    const auto program = folder_.path() / "stand-in";
    const std::string script = "#!/bin/sh\necho \"$@\" >> '" + (folder_.path() / "asked").string() +
                               "'\ncat <<'END'\n" + says + "\nEND\nexit " +
                               std::to_string(exit_status) + "\n";
    ASSERT_TRUE(writeFileAtomically(program, script).ok());
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    qputenv("GADOLINCTL", program.c_str());
  }
  std::string asked() {
    const auto text = readFile(folder_.path() / "asked");
    return text.ok() ? *text : std::string();
  }
  widgets::Chores& chores() { return window_->chores(); }
  bool idle() {
    return QTest::qWaitFor([this] { return window_->jobs().running() == 0; }, 20'000);
  }
  QString project() const { return QString::fromStdString(root_.string()); }
};

TEST_F(WindowChores, WhatWasDoneInPartIsNotAnnouncedAsWhole) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  ASSERT_NO_FATAL_FAILURE(
      standIn(R"({"type":"summary","stacks":3,"imported":1,"unchanged":0,"refused":[)"
              R"({"path":"P1-s1","reason":"The mask does not fit its stack.","code":"corrupt"},)"
              R"({"path":"P2-s1","reason":"The disk is full.","code":"no-space"}]})",
              1));
  const QString run = QStringLiteral("run-1");
  const std::vector<std::pair<QString, std::function<void()>>> all{
      {QStringLiteral("Prediction"), [&] { chores().predict(run); }},
      {QStringLiteral("Scores of the test patients"), [&] { chores().evaluate(run); }},
      {QStringLiteral("Import"), [&] { chores().importPaths({QStringLiteral("/nowhere")}); }},
      {QStringLiteral("Labels from masks"), [&] { chores().deriveLabels(); }},
      {QStringLiteral("Split"), [&] { chores().split(0.2, 0.1, 1); }},
      {QStringLiteral("Export"), [&] { chores().exportTo(QStringLiteral("csv"), project()); }},
      {QStringLiteral("Report"),
       [&] { chores().report({QStringLiteral("--cohort")}, project()); }}};
  for (const auto& [title, begin] : all) {
    bool in_part = false;
    QString last;
    begin();
    // A prediction is followed by its scores: the notice in question need not be the newest.
    EXPECT_TRUE(QTest::qWaitFor(
        [&] {
          for (const QString& text : window_->notices().texts())
            if (text.startsWith(title + QStringLiteral(": done in part"))) {
              in_part = true;
              last = text;
            }
          return in_part;
        },
        10'000))
        << title.toStdString() << ": " << window_->lastMessage().toStdString();
    EXPECT_TRUE(last.contains(QStringLiteral("2 were refused:"))) << last.toStdString();
    EXPECT_TRUE(last.contains(QStringLiteral("P2-s1: The disk is full."))) << last.toStdString();
    ASSERT_TRUE(idle());
    QTest::qWait(100);
  }
}

TEST_F(WindowChores, AWholeSuccessSaysHowManyStacksItWas) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  ASSERT_NO_FATAL_FAILURE(
      standIn(R"({"type":"summary","stacks":4,"imported":3,"unchanged":1,"refused":[]})", 0));
  chores().predict(QStringLiteral("run-1"));
  EXPECT_TRUE(QTest::qWaitFor(
      [&] {
        return window_->notices().texts().join(u'\n').contains(
            QStringLiteral("Predictions are there\n4 of 4 stacks."));
      },
      10'000))
      << window_->lastMessage().toStdString();
}

TEST_F(WindowChores, AfterAPredictionTheTestPatientsAreScoredByThemselves) {
  ASSERT_NO_FATAL_FAILURE(openWindow());
  ASSERT_NO_FATAL_FAILURE(
      standIn(R"({"type":"summary","stacks":4,"imported":4,"unchanged":0,"refused":[]})", 0));
  chores().predict(QStringLiteral("run-7"));
  const std::string wanted = "evaluate " + root_.string() + " --run run-7 --split test";
  EXPECT_TRUE(QTest::qWaitFor([&] { return asked().find(wanted) != std::string::npos; }, 10'000))
      << asked();
  EXPECT_TRUE(idle());
}

TEST_F(WindowChores, WithoutMasksOfTestPatientsThereIsNothingToScore) {
  test::PhantomOptions options;
  options.reference_masks = false;
  ASSERT_NO_FATAL_FAILURE(openWindow(options));
  ASSERT_NO_FATAL_FAILURE(
      standIn(R"({"type":"summary","stacks":4,"imported":4,"unchanged":0,"refused":[]})", 0));
  chores().predict(QStringLiteral("run-7"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return !asked().empty(); }, 10'000));
  ASSERT_TRUE(idle());
  QTest::qWait(500);
  EXPECT_EQ(asked().find("evaluate"), std::string::npos) << asked();
}

TEST_F(WindowChores, TheScoresOfTheTestPatientsStandInReport) {
  qputenv("GADOLINCTL", GADOLIN_BIN_DIR "/gadolinctl");
  test::PhantomOptions options;
  options.predictions = true;
  ASSERT_NO_FATAL_FAILURE(openWindow(options));
  std::filesystem::create_directories(root_ / "runs" / "run-1");
  show<widgets::ReportWorkspace>(widgets::Place::Report);
  auto* scores = window_->findChild<QLabel*>(QStringLiteral("cohortScores"));
  auto* score = window_->findChild<QPushButton*>(QStringLiteral("scoreTest"));
  ASSERT_TRUE(scores != nullptr && score != nullptr);
  EXPECT_TRUE(scores->text().contains(QStringLiteral("not scored yet")))
      << scores->text().toStdString();
  ASSERT_TRUE(score->isEnabled());
  QTest::mouseClick(score, Qt::LeftButton);
  // The predictions of the phantom project are the truth.
  EXPECT_TRUE(QTest::qWaitFor(
      [&] { return scores->text().contains(QStringLiteral("Dice, fibrosis: 1.00")); }, 20'000))
      << scores->text().toStdString() << window_->lastMessage().toStdString();
  EXPECT_TRUE(scores->text().contains(QStringLiteral("part \"test\": 1 patient\n")))
      << scores->text().toStdString();
  EXPECT_TRUE(window_->lastMessage().contains(QStringLiteral("The test patients were scored")))
      << window_->lastMessage().toStdString();
}

}  // namespace
}  // namespace gadolin
