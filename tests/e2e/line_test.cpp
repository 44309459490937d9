// The whole line through the real programs: a synthetic cohort, labels, split, a training of a few
// epochs, prediction, evaluation, tables, reports and export. What the figures are worth is
// measured elsewhere; here it is shown that each program takes what the one before has left.

#include <signal.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <filesystem>
#include <memory>

#include "tests/e2e/ctl.h"
#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"

namespace gadolin {
namespace {

using test::Answer;
using test::answerOf;

/// One project for all tests of this file, in the order in which they stand.
class Line : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<test::TempFolder>();
    project = QString::fromStdString((folder->path() / "line.gadolin").string());
  }
  static void TearDownTestSuite() { folder.reset(); }

  /// "@" stands for the project folder.
  static Answer ctl(const QString& text) { return test::ctl(test::wordsOf(text, project)); }
  static void start(QProcess& process, const QString& text) {
    test::startCtl(process, test::wordsOf(text, project));
  }
  static QString file(const char* name) {
    return QString::fromStdString((folder->path() / name).string());
  }
  /// Small enough for a test: 2 epochs of each stage, tiny nets.
  static QString tiny() {
    return QStringLiteral(
        " --seed 3 --set myocardium.epochs=2 --set classifier.epochs=2 --set fibrosis.epochs=2 "
        "--set myocardium.minimum_steps=0 --set fibrosis.minimum_steps=0 --set "
        "classifier.minimum_steps=0"
        " --set myocardium.width=4 --set fibrosis.width=4 --set predict.flips=1"
        " --set predict.minimum_ml=0");
  }

  static inline std::unique_ptr<test::TempFolder> folder;
  static inline QString project, run;
};

TEST_F(Line, A_ACohortIsMadeLabelledAndSplit) {
  ASSERT_EQ(ctl(QStringLiteral("init @")).status, 0);
  const Answer demo = ctl(QStringLiteral("demo @ --patients 6 --seed 2"));
  ASSERT_EQ(demo.status, 0) << demo.errors.toStdString();
  EXPECT_EQ(demo.summary().value(QLatin1String("patients")).toInt(), 6);
  const Answer early = ctl(QStringLiteral("train @ --supervision slice"));
  EXPECT_EQ(early.status, 3);
  EXPECT_TRUE(early.errors.contains("gadolinctl split")) << early.errors.toStdString();
  ASSERT_EQ(ctl(QStringLiteral("labels derive @")).status, 0);
  const Answer split = ctl(QStringLiteral("split @ --test 0.34 --val 0.17 --seed 1"));
  ASSERT_EQ(split.status, 0) << split.errors.toStdString();
  EXPECT_EQ(split.summary().value(QLatin1String("test")).toInt(), 2);
}

TEST_F(Line, B_BadRequestsChangeNothing) {
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision pixel --stage classifier")).status, 2);
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision slice --pixel-patients 2")).status, 2);
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision slice --set fibrosis.epochs")).status, 2);
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision slice --set no.such=1")).status, 2);
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision slice --set predict.flips=3")).status, 2);
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision slice --set roi.net_px=100")).status, 2);
  EXPECT_EQ(ctl(QStringLiteral("train /nonexistent.gadolin --supervision slice")).status, 3);
  EXPECT_EQ(ctl(QStringLiteral("predict @ --run none")).status, 3);
  qputenv("GADOLIN_WORKER", "/nonexistent/gadolin-worker");
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision slice")).status, 3);
  qunsetenv("GADOLIN_WORKER");
  const Answer runs = ctl(QStringLiteral("runs @"));
  EXPECT_EQ(runs.status, 0);
  EXPECT_TRUE(runs.summary().value(QLatin1String("runs")).toArray().isEmpty());
  EXPECT_TRUE(QDir(project + QStringLiteral("/runs")).isEmpty());
}

TEST_F(Line, C_TheCascadeTrains) {
  const Answer train = ctl(QStringLiteral("train @ --supervision slice --preset quick") + tiny());
  ASSERT_EQ(train.status, 0) << train.errors.toStdString();
  EXPECT_EQ(train.count("hello"), 1);
  EXPECT_GE(train.count("stage"), 3);
  EXPECT_EQ(train.count("epoch"), 6);
  EXPECT_GT(train.count("checkpoint"), 0);
  EXPECT_EQ(train.count("done"), 1);
  EXPECT_EQ(train.summary().value(QLatin1String("type")).toString(), QStringLiteral("summary"));
  EXPECT_EQ(train.summary().value(QLatin1String("status")).toString(), QStringLiteral("finished"));
  run = train.summary().value(QLatin1String("run")).toString();
  ASSERT_FALSE(run.isEmpty());
  const Answer show = ctl(QStringLiteral("runs show @ ") + run);
  EXPECT_EQ(show.status, 0);
  EXPECT_EQ(show.summary().value(QLatin1String("state")).toString(), QStringLiteral("finished"));
  EXPECT_EQ(show.summary().value(QLatin1String("epochs")).toArray().size(), 6);
}

// As on a machine with a graphics card: the folder travels, the database learns of it when it is back.
TEST_F(Line, C_ARunThatIsOnlyPreparedIsTrainedElsewhere) {
  const Answer prepare =
      ctl(QStringLiteral("train @ --supervision slice --preset quick --prepare") + tiny());
  ASSERT_EQ(prepare.status, 0) << prepare.said();
  const QString id = prepare.summary().value(QLatin1String("run")).toString();
  ASSERT_FALSE(id.isEmpty());
  const auto stateOf = [&id] {
    return ctl(QStringLiteral("runs show @ ") + id).summary().value(QLatin1String("state")).toString();
  };
  EXPECT_EQ(stateOf(), QStringLiteral("prepared"));
  EXPECT_EQ(ctl(QStringLiteral("train @ --supervision slice --prepare --detach")).status, 2);

  namespace fs = std::filesystem;
  const fs::path here = fs::path(project.toStdString()) / "runs" / id.toStdString();
  const fs::path there = folder->path() / "elsewhere";
  fs::copy(here, there, fs::copy_options::recursive);
  QProcess worker;
  worker.start(test::program("gadolin-worker"),
               {QStringLiteral("train"), QStringLiteral("--detached"), QStringLiteral("--run-dir"),
                QString::fromStdString(there.string())});
  ASSERT_TRUE(worker.waitForFinished(280'000));
  ASSERT_EQ(worker.exitCode(), 0);
  EXPECT_EQ(stateOf(), QStringLiteral("prepared")) << "it is not back yet";
  fs::remove_all(here);
  fs::copy(there, here, fs::copy_options::recursive);
  EXPECT_EQ(stateOf(), QStringLiteral("finished"));
  EXPECT_EQ(ctl(QStringLiteral("predict @ --split test --run ") + id).status, 0);
}

TEST_F(Line, D_PredictionsComeBackAndRepeatingIsSafe) {
  ASSERT_FALSE(run.isEmpty());
  const Answer first = ctl(QStringLiteral("predict @ --all --run ") + run);
  ASSERT_EQ(first.status, 0) << first.errors.toStdString();
  const int stacks = first.summary().value(QLatin1String("stacks")).toInt();
  EXPECT_GE(stacks, 6);
  EXPECT_EQ(first.summary().value(QLatin1String("imported")).toInt(), stacks);
  const Answer again = ctl(QStringLiteral("predict @ --split test --run ") + run);
  ASSERT_EQ(again.status, 0) << again.errors.toStdString();
  EXPECT_EQ(again.summary().value(QLatin1String("imported")).toInt(), 0);
  EXPECT_GE(again.summary().value(QLatin1String("unchanged")).toInt(), 2);
}

TEST_F(Line, D_APredictionThatEndsEarlyIsDoneInPartAndSaysSo) {
  ASSERT_FALSE(run.isEmpty());
  const QDir predictions(project + QStringLiteral("/runs/") + run + QStringLiteral("/predictions"));
  const QStringList files =
      predictions.entryList({QStringLiteral("*.safetensors")}, QDir::Files, QDir::Name);
  ASSERT_GE(files.size(), 6);
  const QString blocked = predictions.filePath(files[3]);
  ASSERT_TRUE(QFile::rename(blocked, blocked + QStringLiteral(".aside")));
  ASSERT_TRUE(QDir().mkpath(blocked + QStringLiteral("/in-the-way")));
  const Answer part = ctl(QStringLiteral("predict @ --all --run ") + run);
  EXPECT_EQ(part.status, 1) << part.errors.toStdString();
  EXPECT_EQ(part.summary().value(QLatin1String("unchanged")).toInt(), 3);
  EXPECT_TRUE(part.errors.contains("3 of ")) << part.errors.toStdString();
  ASSERT_TRUE(QDir(blocked).removeRecursively());
  ASSERT_TRUE(QFile::rename(blocked + QStringLiteral(".aside"), blocked));
}

TEST_F(Line, E_TheEvaluationHasItsFigures) {
  ASSERT_FALSE(run.isEmpty());
  const Answer evaluate = ctl(QStringLiteral("evaluate @ --split test --run ") + run);
  ASSERT_EQ(evaluate.status, 0) << evaluate.errors.toStdString();
  for (const char* target : {"myocardium", "fibrosis", "infarct"}) {
    const QJsonObject figures = evaluate.summary().value(QLatin1String(target)).toObject();
    for (const char* field : {"dice_patient_mean", "dice_slice_smoothed", "volume_bias_ml",
                              "fp_patients", "negative_patients", "per_patient"}) {
      EXPECT_TRUE(figures.contains(QLatin1String(field))) << target << "." << field;
    }
    const QJsonValue dice = figures.value(QLatin1String("dice_patient_mean"));
    EXPECT_TRUE(dice.isNull() || (dice.toDouble(-1) >= 0 && dice.toDouble(-1) <= 1)) << target;
  }
  EXPECT_TRUE(QFileInfo::exists(project + QStringLiteral("/runs/") + run +
                                QStringLiteral("/metrics.json")));
}

TEST_F(Line, F_TablesReportsAndExportsAreWritten) {
  ASSERT_FALSE(run.isEmpty());
  ASSERT_EQ(
      ctl(QStringLiteral("quantify @ --source reference --csv ") + file("reference.csv")).status,
      0);
  const Answer quantify = ctl(QStringLiteral("quantify @ --source ai --csv ") + file("ai.csv"));
  // Two epochs make a network that may call the whole wall scar: done in part, and no share of it.
  const bool all_scar = quantify.errors.contains("holds scar and no myocardium");
  ASSERT_EQ(quantify.status, all_scar ? 1 : 0) << quantify.errors.toStdString();
  QFile table(file("ai.csv"));
  ASSERT_TRUE(table.open(QIODevice::ReadOnly));
  const QList<QByteArray> rows = table.readAll().trimmed().split('\n');
  EXPECT_TRUE(rows.front().startsWith("patient,stack,source,method,myocardium_ml"))
      << rows.front().toStdString();
  EXPECT_GE(rows.size(), 7);
  const qsizetype share = rows.front().split(',').indexOf("scar_percent_lvm");
  ASSERT_GE(share, 0);
  for (const QByteArray& row : rows) EXPECT_NE(row.split(',').value(share).toDouble(), 100);
  const QString patient = QString::fromUtf8(rows.at(1).split(',').front());
  for (const QString& what : {QStringLiteral("--patient ") + patient, QStringLiteral("--cohort")}) {
    const Answer report =
        ctl(QStringLiteral("report @ ") + what + QStringLiteral(" --out ") + file("report.pdf"));
    ASSERT_EQ(report.status, 0) << report.errors.toStdString();
    QFile pdf(file("report.pdf"));
    ASSERT_TRUE(pdf.open(QIODevice::ReadOnly));
    EXPECT_EQ(pdf.read(5), "%PDF-");
    EXPECT_GT(pdf.size(), 10'000);
  }
  EXPECT_EQ(ctl(QStringLiteral("export @ --format csv --out ") + file("csv")).status, 0);
  const Answer check = ctl(QStringLiteral("check @"));
  EXPECT_EQ(check.status, 0) << check.errors.toStdString();
}

TEST_F(Line, G_AStoppedTrainingGoesOn) {
  QProcess train;
  start(train, QStringLiteral("train @ --supervision pixel --preset quick") + tiny() +
                   QStringLiteral(" --set myocardium.epochs=200"));
  QByteArray said;
  ASSERT_TRUE(test::waitFor(
      [&] {
        said += train.readAllStandardOutput();
        return said.contains("\"type\":\"checkpoint\"");
      },
      60'000));
  ASSERT_EQ(::kill(static_cast<pid_t>(train.processId()), SIGINT), 0);
  const Answer stopped = answerOf(train);
  EXPECT_EQ(stopped.status, 1) << stopped.errors.toStdString();
  EXPECT_EQ(stopped.summary().value(QLatin1String("status")).toString(),
            QStringLiteral("cancelled"));
  EXPECT_TRUE(stopped.summary().value(QLatin1String("resumable")).toBool());
  const QString id = stopped.summary().value(QLatin1String("run")).toString();

  const Answer resumed = ctl(QStringLiteral("runs resume @ ") + id + QStringLiteral(" --detach"));
  ASSERT_EQ(resumed.status, 0) << resumed.errors.toStdString();
  EXPECT_TRUE(resumed.summary().value(QLatin1String("detached")).toBool());
  const Answer running = ctl(QStringLiteral("runs show @ ") + id);
  EXPECT_TRUE(running.summary().value(QLatin1String("alive")).toBool());
  EXPECT_EQ(running.summary().value(QLatin1String("state")).toString(), QStringLiteral("running"));
  const Answer stop = ctl(QStringLiteral("runs stop @ ") + id);
  EXPECT_EQ(stop.status, 0) << stop.errors.toStdString();
  EXPECT_FALSE(ctl(QStringLiteral("runs show @ ") + id)
                   .summary()
                   .value(QLatin1String("alive"))
                   .toBool(true));
}

TEST_F(Line, H_ARunWithoutAFibrosisNetworkIsRefusedNotReportedAsFreeOfScar) {
  const Answer train =
      ctl(QStringLiteral("train @ --supervision slice --stage myocardium") + tiny());
  ASSERT_EQ(train.status, 0) << train.errors.toStdString();
  const QString id = train.summary().value(QLatin1String("run")).toString();
  const Answer predict = ctl(QStringLiteral("predict @ --all --run ") + id);
  EXPECT_EQ(predict.status, 3);
  EXPECT_TRUE(predict.errors.contains("--stage myocardium")) << predict.errors.toStdString();
  const Answer show = ctl(QStringLiteral("runs show @ ") + id);
  EXPECT_EQ(show.summary().value(QLatin1String("trained")).toString(), QStringLiteral("nothing"));
}

TEST_F(Line, I_ARunStoppedInItsLastStagePredictsWithAWarningAndStaysStopped) {
  QProcess train;
  start(train, QStringLiteral("train @ --supervision pixel --preset quick") + tiny() +
                   QStringLiteral(" --set fibrosis.epochs=5000"));
  QByteArray said;
  ASSERT_TRUE(test::waitFor(
      [&] {
        said += train.readAllStandardOutput();
        const qsizetype stage = said.indexOf("\"stage\":\"fibrosis\"");
        return stage >= 0 && said.indexOf("\"type\":\"batch\"", stage) >= 0;
      },
      60'000));
  const QByteArray key = "\"run\":\"";
  const qsizetype begin = said.indexOf(key) + key.size();
  const QString id = QString::fromUtf8(said.mid(begin, said.indexOf('"', begin) - begin));
  // From another terminal: the worker hears of it, and both call the run cancelled.
  const Answer stop = ctl(QStringLiteral("runs stop @ ") + id);
  EXPECT_EQ(stop.status, 0) << stop.errors.toStdString();
  const Answer stopped = answerOf(train);
  EXPECT_EQ(stopped.status, 1) << stopped.errors.toStdString();
  EXPECT_EQ(stopped.summary().value(QLatin1String("status")).toString(),
            QStringLiteral("cancelled"));
  const Answer predict = ctl(QStringLiteral("predict @ --split test --run ") + id);
  ASSERT_EQ(predict.status, 0) << predict.errors.toStdString();
  EXPECT_TRUE(predict.errors.contains("not trained to its end")) << predict.errors.toStdString();
  EXPECT_FALSE(predict.summary().value(QLatin1String("training_finished")).toBool(true));
  const Answer show = ctl(QStringLiteral("runs show @ ") + id);
  EXPECT_EQ(show.summary().value(QLatin1String("state")).toString(), QStringLiteral("cancelled"));
  EXPECT_TRUE(show.summary().value(QLatin1String("resumable")).toBool());
}

}  // namespace
}  // namespace gadolin

GADOLIN_QT_TEST_MAIN();
