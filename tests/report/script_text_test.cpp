// A patient whose name is a script, with tags in every text that comes from outside: text in every table, report
// and answer.

#include <gtest/gtest.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/base/csv.h"
#include "core/base/files.h"
#include "database/clinical.h"
#include "database/labels.h"
#include "database/predictions.h"
#include "database/runs.h"
#include "database/splits.h"
#include "tests/report/pdf_tools.h"
#include "tests/session/sample_project.h"

namespace gadolin::session::test {
namespace {

namespace fs = std::filesystem;

const std::string script = "<script>alert(1)</script>";
const std::string image = "<img src=x onerror=alert(2)>";
const std::string bold = "<b>LGE</b> &amp; SAX";

class ScriptText : public ::testing::Test {
 protected:
  ScriptText() {
    auto made = Project::create(root());
    EXPECT_TRUE(made.ok());
    project_ = std::move(made).value();
    const Stack stack = sampleImage(1, 6);
    const Mask mask = sampleMask(6, 2);
    db::StackRecord record;
    record.id = "S1";
    record.patient = script;
    record.size = stack.image.geometry.size;
    record.spacing_mm = stack.image.geometry.spacing_mm;
    record.content_hash = contentHash(stack);
    record.description = bold;
    record.notes = {image};
    EXPECT_TRUE(writeStack(project_->paths().stack(record.id), stack).ok());
    EXPECT_TRUE(writeMask(project_->paths().mask(contentHash(mask)), mask).ok());
    const auto added = project_->writeNow<void>([&](db::Database& database) -> Result<void> {
      GADOLIN_CHECK(db::addStack(database, record));
      db::MaskRecord revision;
      revision.stack = record.id;
      revision.author = image;
      revision.sha256 = contentHash(mask);
      GADOLIN_CHECK(db::addMask(database, revision));
      const std::vector<db::SliceChange> changes{{0, SliceLabel::Fibrosis}};
      GADOLIN_CHECK(db::setSliceLabels(database, record.id, changes, image, 2, "key"));
      GADOLIN_CHECK(db::setClinicalValues(database, {{bold, "", "text"}},
                                          {{script, bold, image, std::nullopt}}, "table.csv"));
      GADOLIN_CHECK(db::setPart(database, script, dataset::Part::Test));
      db::RunRecord run;
      run.id = "run-1";
      run.supervision = "slice";
      run.preset = "quick";
      run.stage = "all";
      run.device = "cpu";
      run.state = db::RunState::Finished;
      GADOLIN_CHECK(db::addRun(database, run));
      db::PredictionRecord prediction;
      prediction.run = run.id;
      prediction.stack = record.id;
      revision.source = db::MaskSource::Prediction;
      revision.run = run.id;
      GADOLIN_TRY(prediction.mask, db::addMask(database, revision));
      GADOLIN_CHECK(db::addPrediction(database, prediction));
      return {};
    });
    EXPECT_TRUE(added.ok()) << added.error().message;
    EXPECT_TRUE(makePrivateFolder(project_->paths().run("run-1").root).ok());
  }

  [[nodiscard]] fs::path root() const { return folder_.path() / "lab.gadolin"; }
  [[nodiscard]] fs::path out(const char* name) const { return folder_.path() / name; }

  /// What it says on stdout; the exit status must be 0.
  QByteArray ctl(const std::vector<std::string>& words) const {
    QStringList arguments;
    for (const auto& word : words)
      arguments << QString::fromStdString(word == "@" ? root().string() : word);
    QProcess process;
    process.start(QStringLiteral(GADOLIN_BIN_DIR "/gadolinctl"), arguments);
    EXPECT_TRUE(process.waitForFinished(60'000));
    EXPECT_EQ(process.exitCode(), 0) << process.readAllStandardError().toStdString();
    return process.readAllStandardOutput();
  }
  /// Every text of an answer, however deep.
  static void textsOf(const QJsonValue& value, std::set<std::string>& texts) {
    if (value.isString()) texts.insert(value.toString().toStdString());
    for (const auto& one : value.toArray()) textsOf(one, texts);
    const auto object = value.toObject();
    for (auto one = object.begin(); one != object.end(); ++one) {
      texts.insert(one.key().toStdString());
      textsOf(one.value(), texts);
    }
  }
  static std::set<std::string> textsOf(const QByteArray& json) {
    std::set<std::string> texts;
    for (const QByteArray& line : json.split('\n')) {
      if (line.isEmpty()) continue;
      const auto document = QJsonDocument::fromJson(line);
      EXPECT_TRUE(document.isObject()) << line.toStdString();
      textsOf(document.object(), texts);
    }
    return texts;
  }
  /// Every cell of a table, the header too.
  static std::set<std::string> cellsOf(const fs::path& file) {
    const auto text = readFile(file);
    EXPECT_TRUE(text.ok()) << file;
    const auto table = parseCsv(text ? *text : std::string());
    EXPECT_TRUE(table.ok()) << file;
    std::set<std::string> cells;
    if (!table) return cells;
    cells.insert(table->header.begin(), table->header.end());
    for (const auto& row : table->rows) cells.insert(row.fields.begin(), row.fields.end());
    return cells;
  }
  /// The text of a PDF, in which nothing can be run or followed.
  static QString wordsOf(const fs::path& file) {
    QFile pdf(QString::fromStdString(file.string()));
    EXPECT_TRUE(pdf.open(QFile::ReadOnly));
    const QByteArray bytes = pdf.readAll();
    for (const char* action : {"/JavaScript", "/JS", "/URI", "/Launch", "/OpenAction"})
      EXPECT_FALSE(bytes.contains(action)) << file << " " << action;
    return report::testing::pdfTool(QStringLiteral("pdftotext"), {QStringLiteral("-layout")}, file,
                                    true);
  }

  gadolin::test::TempFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(ScriptText, IsPrintedInThePatientsReport) {
  const fs::path file = out("p.pdf");
  ctl({"report", "@", "--patient", script, "--out", file.string()});
  const QString words = wordsOf(file);
  if (words.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  for (const std::string& text : {script, image, bold})
    EXPECT_TRUE(words.contains(QString::fromStdString(text))) << text << "\n" << words.toStdString();
}

TEST_F(ScriptText, IsPrintedInTheCohortsReportAndItsTable) {
  const fs::path file = out("c.pdf"), table = out("c.csv");
  ctl({"report", "@", "--cohort", "--out", file.string(), "--csv", table.string()});
  EXPECT_TRUE(cellsOf(table).contains(script));
  const QString words = wordsOf(file);
  if (words.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  EXPECT_TRUE(words.contains(QString::fromStdString(image))) << "the reader\n" << words.toStdString();
}

TEST_F(ScriptText, IsACellInEveryExportedTable) {
  const fs::path folder = out("csv");
  ctl({"export", "@", "--format", "csv", "--out", folder.string()});
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
    EXPECT_EQ(entry.path().extension(), ".csv") << "tables alone";
    EXPECT_TRUE(cellsOf(entry.path()).contains(script)) << entry.path();
  }
  EXPECT_EQ(names, (std::set<std::string>{"clinical.csv", "cohort.csv", "label-history.csv",
                                          "labels.csv"}));
  const auto clinical = cellsOf(folder / "clinical.csv");
  EXPECT_TRUE(clinical.contains(bold) && clinical.contains(image));
  EXPECT_TRUE(cellsOf(folder / "labels.csv").contains(image)) << "the reader";
  const fs::path measured = out("q.csv");
  ctl({"quantify", "@", "--csv", measured.string()});
  EXPECT_TRUE(cellsOf(measured).contains(script));
}

TEST_F(ScriptText, IsAStringInEveryAnswerOfJson) {
  EXPECT_TRUE(textsOf(ctl({"--json", "stacks", "list", "@"})).contains(script));
  EXPECT_TRUE(textsOf(ctl({"--json", "quantify", "@"})).contains(script));
  EXPECT_TRUE(textsOf(ctl({"--json", "evaluate", "@", "--run", "run-1"})).contains(script));
  EXPECT_TRUE(textsOf(readFile(project_->paths().run("run-1").metrics())->c_str()).contains(script));
}

TEST_F(ScriptText, IsNoNameOfAFile) {
  const fs::path folder = out("nifti");
  ctl({"export", "@", "--format", "nifti", "--out", folder.string()});
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    ++files;
    EXPECT_EQ(entry.path().string().find('<'), std::string::npos) << entry.path();
  }
  EXPECT_GE(files, 3);
}

}  // namespace
}  // namespace gadolin::session::test
