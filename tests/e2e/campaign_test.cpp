// A cross-validation and a learning curve through the real programs, killed in the middle.

#include <signal.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <memory>

#include "core/base/files.h"
#include "tests/session/qt_main.h"
#include "tests/support/temp_folder.h"

namespace gadolin {
namespace {

struct Said {
  int status = -1;
  QJsonObject summary;
  std::string errors;
  int freshly_trained = 0;
};

Said take(QProcess& process) {
  process.waitForFinished(280'000);
  Said said;
  said.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
  said.errors = process.readAllStandardError().toStdString();
  for (const QByteArray& line : process.readAllStandardOutput().split('\n')) {
    const auto document = QJsonDocument::fromJson(line);
    if (!document.isObject()) continue;
    said.summary = document.object();
    if (said.summary.value(QLatin1String("type")) == QLatin1String("prepared")) ++said.freshly_trained;
  }
  return said;
}

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
  static QStringList words(const QString& text) {
    QStringList all{QStringLiteral("--json")};
    for (const QString& word : text.split(QLatin1Char(' '))) all << (word == QLatin1String("@") ? project : word);
    return all;
  }
  static void start(QProcess& process, const QString& text) {
    process.start(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"), words(text));
  }
  static Said ctl(const QString& text) {
    QProcess process;
    start(process, text);
    return take(process);
  }
  static QString tiny() {
    return QStringLiteral(
        " --threads 1 --set myocardium.epochs=1 --set fibrosis.epochs=1 --set myocardium.minimum_steps=0"
        " --set fibrosis.minimum_steps=0 --set myocardium.width=4 --set fibrosis.width=4"
        " --set predict.flips=1 --set predict.minimum_ml=0");
  }
  static QJsonObject json(const QString& folder_name, const char* file) {
    const auto path = std::filesystem::path(project.toStdString()) / folder_name.toStdString() / file;
    const auto text = readFile(path);
    return text ? QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object() : QJsonObject();
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
    ASSERT_TRUE(heard.contains("\"name\":\"fold 2\"")) << process.readAllStandardError().toStdString();
    ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
    process.waitForFinished();
  }
  // The worker that has lost its parent writes a checkpoint and leaves.
  Said said;
  for (int attempt = 0; attempt < 20; ++attempt) {
    said = ctl(command);
    if (said.status == 0 || said.errors.find("A worker is at run") == std::string::npos) break;
    ::sleep(1);
  }
  ASSERT_EQ(said.status, 0) << said.errors;
  EXPECT_LE(said.freshly_trained, 2) << "the first fold was done";
  const auto report = json(said.summary.value(QLatin1String("folder")).toString(), "folds.json");
  ASSERT_EQ(report.value(QLatin1String("folds")).toArray().size(), 3);
  const auto pooled = report.value(QLatin1String("pooled")).toObject().value(QLatin1String("myocardium")).toObject();
  EXPECT_EQ(pooled.value(QLatin1String("patients")).toInt(), 5) << "all but the test patient, each once";
  EXPECT_EQ(pooled.value(QLatin1String("per_patient")).toArray().size(), 5);
  const Said again = ctl(command);
  EXPECT_EQ(again.status, 0) << again.errors;
  EXPECT_EQ(again.freshly_trained, 0) << "nothing is missing";
}

TEST_F(CampaignLine, AStudyWritesATableOfItsPoints) {
  const Said said = ctl(QStringLiteral("study @ --supervision pixel --patients 2,4 --seed 3") + tiny());
  ASSERT_EQ(said.status, 0) << said.errors;
  const auto study = json(said.summary.value(QLatin1String("folder")).toString(), "study.json");
  const auto points = study.value(QLatin1String("points")).toArray();
  ASSERT_EQ(points.size(), 2);
  EXPECT_EQ(points[0].toObject().value(QLatin1String("patients")).toInt(), 2);
  EXPECT_EQ(points[1].toObject().value(QLatin1String("patients")).toInt(), 4);
  EXPECT_GT(points[1].toObject().value(QLatin1String("label_minutes")).toDouble(),
            points[0].toObject().value(QLatin1String("label_minutes")).toDouble());
  EXPECT_TRUE(study.value(QLatin1String("assumption")).toString().contains(QStringLiteral("assumed")));
  EXPECT_EQ(ctl(QStringLiteral("study @ --supervision pixel --patients 40")).status, 2);
}

}  // namespace
}  // namespace gadolin

GADOLIN_QT_TEST_MAIN();
