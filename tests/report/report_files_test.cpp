// Reports as HTML, JSON and CSV: whole in one file, every name a text, figures as the page has them.

#include <gtest/gtest.h>

#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include "core/base/files.h"
#include "core/report/report_json.h"
#include "tests/report/sample_cohort.h"
#include "tests/report/sample_heart.h"
#include "tests/support/temp_folder.h"
#include "ui/print/report_html.h"

namespace gadolin::report::testing {
namespace {

constexpr const char* nasty = "<script>alert(1)</script> & \"Q\" 'x' <img src=http://evil/>";

/// Every picture is in the file, whole; how many there are.
int picturesOf(const QString& html) {
  static const QRegularExpression source(QStringLiteral("src=\"([^\"]*)\""));
  int count = 0;
  for (auto each = source.globalMatch(html); each.hasNext();) {
    const QString value = each.next().captured(1);
    const QString start = QStringLiteral("data:image/png;base64,");
    EXPECT_TRUE(value.startsWith(start)) << value.left(40).toStdString();
    QImage picture;
    EXPECT_TRUE(picture.loadFromData(
        QByteArray::fromBase64(value.mid(start.size()).toLatin1()), "PNG"));
    EXPECT_GT(picture.width(), 100);
    ++count;
  }
  return count;
}

/// Opened and closed as often, and nothing that runs or is fetched.
void expectPlain(const QString& html) {
  for (const char* tag : {"table", "tr", "td", "th", "p", "section", "div", "dl", "dt", "dd", "h2"}) {
    const QString name = QString::fromLatin1(tag);
    EXPECT_EQ(html.count(QRegularExpression(QStringLiteral("<%1[ >]").arg(name))),
              html.count(QStringLiteral("</%1>").arg(name)))
        << tag;
  }
  for (const char* word : {"<script", "<img src=http", "<link", "<iframe", "href=", " onload", "url("})
    EXPECT_FALSE(html.contains(QLatin1String(word))) << word;
  EXPECT_TRUE(html.contains(QStringLiteral("default-src 'none'")));
}

QString readHtml(const std::filesystem::path& path) {
  const auto bytes = readFile(path);
  EXPECT_TRUE(bytes.ok());
  return bytes ? QString::fromStdString(*bytes) : QString();
}

TEST(PatientHtml, IsOneFileThatRunsNothingAndShowsNamesAsText) {
  test::TempFolder folder;
  const auto heart = sampleHeart(12);
  auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(report.ok());
  report->patient = nasty;
  report->comment = nasty;
  report->study.push_back({nasty, nasty});
  report->notes.push_back(nasty);
  const auto path = folder.path() / "r.html";
  ASSERT_TRUE(print::writePatientHtml(path, *report).ok());
  const QString html = readHtml(path);
  expectPlain(html);
  EXPECT_TRUE(html.contains(QStringLiteral("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Q&quot; &#39;x&#39;")));
  EXPECT_EQ(picturesOf(html), static_cast<int>(report->images.size()) + 1 +
                                  (report->wall.segments ? 1 : 0) +
                                  (report->reference_wall && report->reference_wall->segments ? 1 : 0));
  const QString percent = QString::number(*report->measured.scarPercentLvm(), 'f', 1);
  for (const QString& expected :
       {percent + QStringLiteral(" %"), QStringLiteral("For research use only"),
        QStringLiteral("Basal anteroseptal"), QStringLiteral("accepted by Dr A")})
    EXPECT_TRUE(html.contains(expected)) << expected.toStdString();
}

TEST(CohortHtml, HasEveryTableAndChartInOneFile) {
  test::TempFolder folder;
  auto report = sampleCohort();
  report.project = nasty;
  report.methods = {{"Images", nasty}};
  const auto path = folder.path() / "c.html";
  ASSERT_TRUE(print::writeCohortHtml(path, report).ok());
  const QString html = readHtml(path);
  expectPlain(html);
  EXPECT_GE(picturesOf(html), 2 + static_cast<int>(report.curves.size()));
  for (const char* expected : {"Bland-Altman", "Dice per patient (3D)", "Split, by patient",
                               "Methods, as text for a paper", "Patients to look at first"})
    EXPECT_TRUE(html.contains(QLatin1String(expected))) << expected;
  report.evaluation.reset();
  report.curves.clear();
  report.model.reset();
  ASSERT_TRUE(print::writeCohortHtml(path, report).ok());
  EXPECT_TRUE(readHtml(path).contains(QStringLiteral("No model has been trained")));
}

TEST(ReportJson, HasTheFiguresOfThePageAndNullForTheUnknown) {
  const auto heart = sampleHeart(12);
  auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(report.ok());
  report->provenance.revision = 25;
  report->patient = nasty;
  const auto object =
      QJsonDocument::fromJson(QByteArray::fromStdString(toJson(*report))).object();
  EXPECT_EQ(object.value(QStringLiteral("patient")).toString(), QString::fromUtf8(nasty));
  EXPECT_EQ(object.value(QStringLiteral("provenance")).toObject().value(QStringLiteral("mask_revision")).toInt(), 25);
  const auto measured = object.value(QStringLiteral("measured")).toObject();
  EXPECT_DOUBLE_EQ(measured.value(QStringLiteral("scar_ml")).toDouble(), report->measured.scar_ml);
  EXPECT_EQ(object.value(QStringLiteral("slices")).toArray().size(), 12);
  report->by_model = true;
  report->measured.mvo_ml = 0;
  report->reference.reset();
  const auto unknown =
      QJsonDocument::fromJson(QByteArray::fromStdString(toJson(*report))).object();
  EXPECT_TRUE(unknown.value(QStringLiteral("measured")).toObject().value(QStringLiteral("mvo_ml")).isNull());
  EXPECT_TRUE(unknown.value(QStringLiteral("reference")).isNull());

  auto cohort = sampleCohort();
  cohort.methods = {{"Images", "Some."}};
  const auto of_cohort =
      QJsonDocument::fromJson(QByteArray::fromStdString(toJson(cohort))).object();
  EXPECT_EQ(of_cohort.value(QStringLiteral("stacks")).toArray().size(),
            static_cast<qsizetype>(cohort.stacks.size()));
  EXPECT_TRUE(of_cohort.value(QStringLiteral("evaluation")).toObject().contains(QStringLiteral("fibrosis")));
  EXPECT_EQ(of_cohort.value(QStringLiteral("methods")).toArray().size(), 1);
}

TEST(PatientCsv, HasARowAFigureOfStackSlicesAndSegments) {
  const auto heart = sampleHeart(12);
  auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(report.ok());
  report->provenance.revision = 25;
  const QStringList lines = QString::fromStdString(patientCsv(*report))
                                .split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  EXPECT_EQ(lines.size(), 1 + 6 + 12 * 6 + 17 * 4);
  EXPECT_TRUE(lines[0].startsWith(QStringLiteral("patient,stack,of,number,name,figure,unit,measured")));
  EXPECT_TRUE(lines[1].contains(QStringLiteral(",stack,,,myocardium,ml,") +
                                QString::number(report->measured.myocardium_ml, 'f', 3)))
      << lines[1].toStdString();
  EXPECT_TRUE(lines[1].contains(QStringLiteral(",25,"))) << lines[1].toStdString();
}

}  // namespace
}  // namespace gadolin::report::testing
