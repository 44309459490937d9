// A cross-validation and a learning curve through the real programs, killed in the middle.

#include <signal.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <filesystem>
#include <memory>
#include <tuple>

#include "core/base/files.h"
#include "tests/e2e/ctl.h"
#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"

namespace gadolin {
namespace {

using test::Answer;
using test::answerOf;

class CampaignLine : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<test::TempFolder>();
    project = QString::fromStdString((folder->path() / "lab.gadolin").string());
    ctl(QStringLiteral("init @"));
    ctl(QStringLiteral("demo @ --patients 6 --seed 2"));
    ctl(QStringLiteral("labels derive @"));
    EXPECT_EQ(ctl(QStringLiteral("split @ --test 0.17 --val 0.17 --seed 1")).status, 0);
  }
  static void TearDownTestSuite() { folder.reset(); }
  /// "@" stands for the project folder.
  static void start(QProcess& process, const QString& text) {
    test::startCtl(process, test::wordsOf(text, project));
  }
  static Answer ctl(const QString& text) { return test::ctl(test::wordsOf(text, project)); }
  static QString tiny() {
    return QStringLiteral(
        " --threads 1 --set myocardium.epochs=1 --set fibrosis.epochs=1 --set "
        "myocardium.minimum_steps=0"
        " --set fibrosis.minimum_steps=0 --set myocardium.width=4 --set fibrosis.width=4"
        " --set predict.flips=1 --set predict.minimum_ml=0");
  }
  static QJsonObject json(const QString& folder_name, const char* file) {
    const auto path =
        std::filesystem::path(project.toStdString()) / folder_name.toStdString() / file;
    const auto text = readFile(path);
    return text ? QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object()
                : QJsonObject();
  }

  static inline std::unique_ptr<test::TempFolder> folder;
  static inline QString project;
};

TEST_F(CampaignLine, FoldsThatWereKilledGoOnWithWhatIsMissing) {
  const QString command = QStringLiteral("train @ --supervision pixel --folds 3") + tiny();
  {
    QProcess process;
    start(process, command);
    // Killed as soon as the second fold has begun.
    QByteArray heard;
    while (!heard.contains("\"name\":\"fold 2\"") && process.waitForReadyRead(200'000))
      heard += process.readAllStandardOutput();
    ASSERT_TRUE(heard.contains("\"name\":\"fold 2\""))
        << process.readAllStandardError().toStdString();
    ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
    process.waitForFinished();
  }
  // The worker that has lost its parent writes a checkpoint and leaves.
  Answer said;
  for (int attempt = 0; attempt < 20; ++attempt) {
    said = ctl(command);
    if (said.status == 0 || !said.errors.contains("A worker is at run")) break;
    ::sleep(1);
  }
  ASSERT_EQ(said.status, 0) << said.said();
  EXPECT_LE(said.count("prepared"), 2) << "the first fold was done";
  const auto report = json(said.summary().value(QLatin1String("folder")).toString(), "folds.json");
  ASSERT_EQ(report.value(QLatin1String("folds")).toArray().size(), 3);
  const auto pooled = report.value(QLatin1String("pooled"))
                          .toObject()
                          .value(QLatin1String("myocardium"))
                          .toObject();
  EXPECT_EQ(pooled.value(QLatin1String("patients")).toInt(), 5)
      << "all but the test patient, each once";
  EXPECT_EQ(pooled.value(QLatin1String("per_patient")).toArray().size(), 5);
  const Answer again = ctl(command);
  EXPECT_EQ(again.status, 0) << again.said();
  EXPECT_EQ(again.count("prepared"), 0) << "nothing is missing";
}

TEST_F(CampaignLine, CtrlCEndsFoldsAndStudiesAsOneRunWithASummaryThatSaysSo) {
  for (const auto& [command, kind, runs] :
       {std::tuple{"train @ --supervision pixel --folds 3 --seed 9", "folds", 3},
        {"study @ --supervision pixel --patients 2,4 --seed 9", "study", 2}}) {
    QProcess process;
    start(process,
          QLatin1String(command) + tiny() + QStringLiteral(" --set myocardium.epochs=5000"));
    QByteArray heard;
    while (!heard.contains("\"type\":\"epoch\"") && process.waitForReadyRead(200'000))
      heard += process.readAllStandardOutput();
    ASSERT_TRUE(heard.contains("\"type\":\"epoch\""))
        << process.readAllStandardError().toStdString();
    ASSERT_EQ(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    const Answer stopped = answerOf(process);
    EXPECT_EQ(stopped.status, 1) << command << ": " << stopped.said();
    const QJsonObject summary = stopped.summary();
    EXPECT_EQ(summary.value(QLatin1String("type")).toString(), QStringLiteral("summary"));
    EXPECT_EQ(summary.value(QLatin1String("status")).toString(), QStringLiteral("cancelled"));
    EXPECT_EQ(summary.value(QLatin1String("runs")).toArray().size(), runs);
    const QString id = summary.value(QLatin1String(kind)).toString();
    EXPECT_EQ(summary.value(QLatin1String("folder")).toString(), QStringLiteral("studies/") + id);
    const auto plan = json(QStringLiteral("studies/") + id, "plan.json");
    EXPECT_EQ(plan.value(QLatin1String("id")).toString(), id) << "the same command goes on";
    // The worker wrote its checkpoint, and the first run can go on by itself too.
    const Answer shown = ctl(QStringLiteral("runs show @ ") +
                             summary.value(QLatin1String("runs")).toArray().first().toString());
    EXPECT_EQ(shown.summary().value(QLatin1String("state")).toString(),
              QStringLiteral("cancelled"));
    EXPECT_TRUE(shown.summary().value(QLatin1String("resumable")).toBool());
  }
}

TEST_F(CampaignLine, WhatCannotBeACampaignIsRefusedWithoutAPlan) {
  const QString levels = QString::fromStdString((folder->path() / "levels.csv").string());
  ASSERT_TRUE(
      writeFileAtomically(levels.toStdString(), std::string_view("patient,level\nnobody,slice\n")));
  const auto studies = std::filesystem::path(project.toStdString()) / "studies";
  const auto count = [&studies] {
    std::error_code ignored;
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(studies, ignored))
      found += entry.is_directory() ? 1 : 0;
    return found;
  };
  const int before = count();
  for (const char* start : {"train @ --supervision mixed --levels ",
                            "train @ --supervision mixed --folds 3 --levels "}) {
    const Answer refused = ctl(QLatin1String(start) + levels);
    EXPECT_EQ(refused.status, 2) << start;
    EXPECT_TRUE(refused.errors.contains("'nobody'")) << refused.said();
  }
  const Answer mixed = ctl(QStringLiteral("study @ --supervision slice,mixed --patients 2"));
  EXPECT_EQ(mixed.status, 2);
  EXPECT_TRUE(mixed.errors.contains("pixel, slice or stack")) << mixed.said();
  EXPECT_EQ(count(), before);
}

TEST_F(CampaignLine, AStudyWritesATableOfItsPoints) {
  const Answer said =
      ctl(QStringLiteral("study @ --supervision pixel --patients 2,4 --seed 3") + tiny());
  ASSERT_EQ(said.status, 0) << said.said();
  const auto study = json(said.summary().value(QLatin1String("folder")).toString(), "study.json");
  const auto points = study.value(QLatin1String("points")).toArray();
  ASSERT_EQ(points.size(), 2);
  EXPECT_EQ(points[0].toObject().value(QLatin1String("patients")).toInt(), 2);
  EXPECT_EQ(points[1].toObject().value(QLatin1String("patients")).toInt(), 4);
  EXPECT_GT(points[1].toObject().value(QLatin1String("label_minutes")).toDouble(),
            points[0].toObject().value(QLatin1String("label_minutes")).toDouble());
  EXPECT_TRUE(
      study.value(QLatin1String("assumption")).toString().contains(QStringLiteral("assumed")));
  EXPECT_EQ(ctl(QStringLiteral("study @ --supervision pixel --patients 40")).status, 2);
}

}  // namespace
}  // namespace gadolin

GADOLIN_QT_TEST_MAIN();
