// evaluate, quantify and report as a person or a script meets them: the program itself.

#include <gtest/gtest.h>

#include <QProcess>
#include <algorithm>

#include "core/base/files.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "tests/report/pdf_tools.h"
#include "tests/session/qt_main.h"
#include "tests/session/sample_project.h"

namespace gadolin::session::test {
namespace {

struct Outcome {
  int status = -1;
  QString out;
  QString error;
};

class NumberCommands : public SampleProject {
 protected:
  NumberCommands() {
    const auto added = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      db::RunRecord run;
      run.id = "run-1";
      run.state = db::RunState::Finished;
      GADOLIN_CHECK(db::addRun(database, run));
      GADOLIN_CHECK(db::replaceSplit(
          database, {{"P1", dataset::Part::Test, {}}, {"P2", dataset::Part::Test, {}}}));
      return 0;
    });
    EXPECT_TRUE(added.ok());
    EXPECT_TRUE(makePrivateFolder(project->paths().run("run-1").root).ok());
  }

  void predict(const std::string& patient, int slices, int scarred) {
    const Mask mask = sampleMask(slices, scarred);
    db::MaskRecord revision;
    revision.stack = patient + "-s1";
    revision.source = db::MaskSource::Prediction;
    revision.run = "run-1";
    revision.sha256 = contentHash(mask);
    ASSERT_TRUE(writeMask(project->paths().mask(revision.sha256), mask).ok());
    const auto added = project->writeNow<int>([&](db::Database& database) -> Result<int> {
      db::PredictionRecord prediction;
      prediction.run = "run-1";
      prediction.stack = revision.stack;
      GADOLIN_TRY(prediction.mask, db::addMask(database, revision));
      GADOLIN_CHECK(db::addPrediction(database, prediction));
      return 0;
    });
    ASSERT_TRUE(added.ok());
  }

  Outcome ctl(const QStringList& arguments,
              const QString& program = QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl")) {
    QProcess process;
    process.start(program, arguments);
    Outcome outcome;
    if (!process.waitForFinished(60000)) return outcome;
    outcome.status = process.exitCode();
    outcome.out = QString::fromUtf8(process.readAllStandardOutput());
    outcome.error = QString::fromUtf8(process.readAllStandardError());
    return outcome;
  }
  QString folderPath() const { return QString::fromStdString(root().string()); }
  QString file(const char* name) const {
    return QString::fromStdString((folder.path() / name).string());
  }
};

TEST_F(NumberCommands, EvaluateSpeaksTheContractsJsonAndWritesMetrics) {
  predict("P1", 6, 3);
  predict("P2", 5, 0);
  const Outcome outcome = ctl({QStringLiteral("--json"), QStringLiteral("evaluate"), folderPath(),
                               QStringLiteral("--run"), QStringLiteral("run-1")});
  EXPECT_EQ(outcome.status, 0) << outcome.error.toStdString();
  EXPECT_EQ(outcome.out.count(QLatin1Char('\n')), 1);
  for (const char* field :
       {"\"myocardium\":{", "\"fibrosis\":{", "\"infarct\":{", "\"dice_patient_mean\":0.8",
        "\"dice_patient_sd\"", "\"dice_patient_median\"", "\"dice_slice_mean\"",
        "\"dice_slice_smoothed\"", "\"hd95_mm_mean\"", "\"volume_bias_ml\"", "\"volume_pearson\"",
        "\"fp_patients\":0", "\"negative_patients\":1", "\"auroc_slice\"", "\"auroc_stack\"",
        "\"per_patient\":["}) {
    EXPECT_TRUE(outcome.out.contains(QLatin1String(field))) << field << outcome.out.toStdString();
  }
  EXPECT_TRUE(std::filesystem::exists(project->paths().run("run-1").metrics()));
}

TEST_F(NumberCommands, EvaluateWithoutPredictionsFailsWithASentenceAndChangesNothing) {
  const Outcome outcome = ctl(
      {QStringLiteral("evaluate"), folderPath(), QStringLiteral("--run"), QStringLiteral("run-1")});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_TRUE(outcome.error.contains(QStringLiteral("gadolinctl predict")));
  EXPECT_FALSE(std::filesystem::exists(project->paths().run("run-1").metrics()));
}

TEST_F(NumberCommands, QuantifyWritesTheTableAndTellsWhatItLeftOut) {
  const Outcome outcome =
      ctl({QStringLiteral("quantify"), folderPath(), QStringLiteral("--csv"), file("q.csv")});
  EXPECT_EQ(outcome.status, 1);  // P3 has no mask
  EXPECT_TRUE(outcome.error.contains(QStringLiteral("P3-s1")));
  const auto csv = readFile(folder.path() / "q.csv");
  ASSERT_TRUE(csv.ok());
  EXPECT_NE(csv->find("P1,P1-s1,reference,reference mask by reference,25.920,"), std::string::npos)
      << *csv;
}

TEST_F(NumberCommands, ReportsAreWrittenAsPdfAndCsv) {
  predict("P1", 6, 3);
  const Outcome patient = ctl({QStringLiteral("report"), folderPath(), QStringLiteral("--patient"),
                               QStringLiteral("P1"), QStringLiteral("--out"), file("p.pdf")});
  EXPECT_EQ(patient.status, 0) << patient.error.toStdString();
  const Outcome cohort =
      ctl({QStringLiteral("report"), folderPath(), QStringLiteral("--cohort"),
           QStringLiteral("--out"), file("c.pdf"), QStringLiteral("--csv"), file("c.csv")});
  EXPECT_EQ(cohort.status, 0) << cohort.error.toStdString();
  const auto csv = readFile(folder.path() / "c.csv");
  ASSERT_TRUE(csv.ok());
  EXPECT_EQ(std::count(csv->begin(), csv->end(), '\n'), 4);
  const QString words =
      report::testing::pdfTool(QStringLiteral("pdftotext"), {}, folder.path() / "p.pdf", true);
  if (words.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  EXPECT_TRUE(words.contains(QStringLiteral("AI segmentation, not edited"))) << words.toStdString();
}

TEST_F(NumberCommands, TheEndingOfTheNameSaysHowAReportIsWritten) {
  predict("P1", 6, 3);
  const auto report = [&](const char* name, bool cohort) {
    QStringList words{QStringLiteral("report"), folderPath(), QStringLiteral("--out"), file(name)};
    if (cohort)
      words << QStringLiteral("--cohort");
    else
      words << QStringLiteral("--patient") << QStringLiteral("P1");
    return ctl(words);
  };
  const std::vector<std::pair<const char*, const char*>> files{{"r.html", "<!DOCTYPE html>"},
                                                               {"r.HTM", "<!DOCTYPE html>"},
                                                               {"r.json", "{"},
                                                               {"r.csv", "patient,stack,"},
                                                               {"r.pdf", "%PDF-"}};
  for (const bool cohort : {false, true}) {
    for (const auto& [name, begin] : files) {
      const Outcome outcome = report(name, cohort);
      EXPECT_EQ(outcome.status, 0) << name << outcome.error.toStdString();
      const auto text = readFile(folder.path() / name);
      ASSERT_TRUE(text.ok()) << name;
      EXPECT_TRUE(text->starts_with(begin)) << name << text->substr(0, 40);
    }
    const Outcome unknown = report("r.docx", cohort);
    EXPECT_EQ(unknown.status, 2);
    EXPECT_TRUE(unknown.error.contains(QStringLiteral(".pdf, .html, .json or .csv")))
        << unknown.error.toStdString();
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "r.docx"));
  }
}

TEST_F(NumberCommands, AReportWhosePdfCannotBeWrittenLeavesItsTableAlone) {
  predict("P1", 6, 3);
  std::filesystem::create_directories(folder.path() / "c.pdf");
  ASSERT_TRUE(writeFileAtomically(folder.path() / "c.csv", "of yesterday\n").ok());
  const QStringList words{QStringLiteral("report"),
                          folderPath(),
                          QStringLiteral("--cohort"),
                          QStringLiteral("--out"),
                          file("c.pdf"),
                          QStringLiteral("--csv"),
                          file("c.csv")};
  EXPECT_EQ(ctl(words).status, 3);
  EXPECT_EQ(readFile(folder.path() / "c.csv").value(), "of yesterday\n");
  // And the other way round: no report without its table.
  const Outcome blocked =
      ctl({QStringLiteral("report"), folderPath(), QStringLiteral("--cohort"),
           QStringLiteral("--out"), file("d.pdf"), QStringLiteral("--csv"), file("c.pdf")});
  EXPECT_EQ(blocked.status, 3) << blocked.error.toStdString();
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "d.pdf"));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    files += entry.is_regular_file() ? 1U : 0U;
  EXPECT_EQ(files, 1U) << "a temporary file was left behind";
}

TEST_F(NumberCommands, TheCsvExportHoldsTheFiguresOfStacksAndPatients) {
  predict("P1", 6, 3);
  predict("P2", 5, 0);
  const auto words = [&](const char* out) {
    return QStringList{QStringLiteral("export"),   folderPath(),
                       QStringLiteral("--format"), QStringLiteral("csv"),
                       QStringLiteral("--out"),    file(out)};
  };
  ASSERT_EQ(ctl(words("before")).status, 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "before" / "labels.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "before" / "scores.csv"));
  ASSERT_EQ(ctl({QStringLiteral("evaluate"), folderPath(), QStringLiteral("--run"),
                 QStringLiteral("run-1")})
                .status,
            0);
  const Outcome after = ctl(words("after"));
  ASSERT_EQ(after.status, 0) << after.error.toStdString();
  const auto cohort = readFile(folder.path() / "after" / "cohort.csv");
  const auto scores = readFile(folder.path() / "after" / "scores.csv");
  ASSERT_TRUE(cohort.ok() && scores.ok());
  EXPECT_EQ(std::count(cohort->begin(), cohort->end(), '\n'), 4) << "three stacks and the header";
  EXPECT_EQ(std::count(scores->begin(), scores->end(), '\n'), 7)
      << "two test patients, three targets, the header";
  EXPECT_NE(scores->find("run-1,test,fibrosis,P1,6,"), std::string::npos) << *scores;
  // Nothing is replaced, and nothing is added to what is there.
  EXPECT_EQ(ctl(words("after")).status, 3);
}

TEST_F(NumberCommands, ReportOnNobodyOrBothIsWrongUse) {
  EXPECT_EQ(
      ctl({QStringLiteral("report"), folderPath(), QStringLiteral("--out"), file("p.pdf")}).status,
      2);
  EXPECT_EQ(ctl({QStringLiteral("report"), folderPath(), QStringLiteral("--cohort"),
                 QStringLiteral("--patient"), QStringLiteral("P1"), QStringLiteral("--out"),
                 file("p.pdf")})
                .status,
            2);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "p.pdf"));
}

TEST_F(NumberCommands, GadolinctlWithoutGadolinFilesSaysWhichProgramIsMissing) {
  const auto alone = folder.path() / "gadolinctl";
  ASSERT_TRUE(std::filesystem::copy_file(GADOLIN_BIN_DIR "/gadolinctl", alone));
  const QString program = QString::fromStdString(alone.string());
  const QStringList words{QStringLiteral("--json"),   QStringLiteral("export"), folderPath(),
                          QStringLiteral("--format"), QStringLiteral("csv"),    QStringLiteral("--out"),
                          file("out")};
  const Outcome outcome = ctl(words, program);
  EXPECT_EQ(outcome.status, 3);
  EXPECT_TRUE(outcome.error.contains(QStringLiteral("gadolin-files"))) << outcome.error.toStdString();
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out"));
  // What needs no foreign file goes on, and the help still names every command.
  EXPECT_EQ(ctl({QStringLiteral("stacks"), QStringLiteral("list"), folderPath()}, program).status, 0);
  const QString help = ctl({QStringLiteral("--help")}, program).out;
  for (const char* command : {"pacs", "demo", "report", "export"})
    EXPECT_TRUE(help.contains(QLatin1String(command))) << command;
}

}  // namespace
}  // namespace gadolin::session::test

GADOLIN_QT_TEST_MAIN();
