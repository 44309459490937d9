#include "core/report/cohort_report.h"

#include <gtest/gtest.h>

#include <QColor>
#include <QImage>
#include <QProcess>
#include <filesystem>

#include "tests/report/pdf_tools.h"
#include "tests/report/sample_cohort.h"
#include "tests/support/temp_folder.h"
#include "ui/print/chart.h"
#include "ui/print/cohort_pages.h"

namespace gadolin::report {
namespace {

using testing::pdfTool;
using testing::sampleCohort;

TEST(CohortReport, PartsAddUpToTheWhole) {
  const auto report = sampleCohort();
  PartRow sum;
  for (const PartRow& row : report.parts) {
    sum.patients += row.patients;
    sum.stacks += row.stacks;
    sum.slices += row.slices;
    sum.positive_slices += row.positive_slices;
  }
  EXPECT_EQ(sum.patients, report.total.patients);
  EXPECT_EQ(sum.slices, report.total.slices);
  EXPECT_EQ(sum.positive_slices, report.total.positive_slices);
  EXPECT_EQ(report.total.patients, 12);
  EXPECT_EQ(report.total.stacks, 13);  // one patient has two
}

TEST(CohortReport, CsvHasOneRowAStackAndEmptyCellsForTheUnknown) {
  auto report = sampleCohort();
  report.stacks[0].patient = "odd, \"name\"";
  report.stacks[0].reference_revision = 12;
  report.stacks[0].prediction_revision = 34;
  report.stacks[1].prediction.reset();
  const QString csv = QString::fromStdString(cohortCsv(report));
  const QStringList lines = csv.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  ASSERT_EQ(lines.size(), 14);
  EXPECT_TRUE(lines[0].startsWith(QStringLiteral("patient,stack,split,image_type,")));
  EXPECT_TRUE(lines[1].startsWith(QStringLiteral("\"odd, \"\"name\"\"\",")))
      << lines[1].toStdString();
  EXPECT_TRUE(lines[2].endsWith(QStringLiteral(",,,,"))) << lines[2].toStdString();
  EXPECT_TRUE(lines[0].endsWith(QStringLiteral(",reference_mask_revision,ai_mask_revision")));
  EXPECT_TRUE(lines[1].endsWith(QStringLiteral(",12,34"))) << lines[1].toStdString();
  EXPECT_EQ(lines[2].count(QLatin1Char(',')), lines[0].count(QLatin1Char(',')));
}

TEST(CohortReport, RangesCollapseWhenAllStacksAreAlike) {
  auto stacks = sampleCohort().stacks;
  const auto distanceOf = [&] { return describeData(stacks).back().value; };
  EXPECT_EQ(distanceOf(), "8.0 to 10.0 mm");
  for (auto& stack : stacks) stack.spacing_mm[2] = 10;
  EXPECT_EQ(distanceOf(), "10.0 mm");
}

TEST(CohortPdf, HoldsTablesChartsAndSentencesAsText) {
  test::TempFolder folder;
  const auto path = folder.path() / "cohort.pdf";
  const auto report = sampleCohort();
  const auto printed = print::printCohortReport(path, report);
  ASSERT_TRUE(printed.ok()) << printed.error().message;
  const QString words =
      pdfTool(QStringLiteral("pdftotext"), {QStringLiteral("-layout")}, path, true);
  if (words.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  for (const char* expected :
       {"Cohort report", "For research use only", "Bland-Altman", "Dice per patient",
        "Fibrosis segmentation: loss", "Dr A", "Patients to look at first", "Validation",
        "One run could not be read."}) {
    EXPECT_TRUE(words.contains(QString::fromUtf8(expected))) << expected << "\n"
                                                             << words.toStdString();
  }
  // Charts are vectors: the cohort report holds no picture at all.
  const QString images =
      pdfTool(QStringLiteral("pdfimages"), {QStringLiteral("-list")}, path, false);
  EXPECT_EQ(images.split(QLatin1Char('\n'), Qt::SkipEmptyParts).size(), 2) << images.toStdString();
}

TEST(CohortPdf, WithoutModelOrLabelsItSaysSo) {
  test::TempFolder folder;
  const auto path = folder.path() / "cohort.pdf";
  auto report = sampleCohort();
  report.model.reset();
  report.evaluation.reset();
  report.curves.clear();
  report.effort.clear();
  ASSERT_TRUE(print::printCohortReport(path, report).ok());
  const QString words =
      pdfTool(QStringLiteral("pdftotext"), {QStringLiteral("-layout")}, path, true);
  if (words.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  EXPECT_TRUE(words.contains(QStringLiteral("No model has been trained in this project yet.")));
  EXPECT_TRUE(words.contains(QStringLiteral("No slice has been labelled yet.")));
}

/// Pixels of the reports' accent colour on all pages, at 50 dots an inch; -1 without poppler.
int accentPixels(const std::filesystem::path& pdf) {
  const auto stem = QString::fromStdString((pdf.parent_path() / "page").string());
  if (QProcess::execute(QStringLiteral("pdftoppm"), {QStringLiteral("-r"), QStringLiteral("50"),
                                                     QString::fromStdString(pdf.string()), stem}) !=
      0)
    return -1;
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(pdf.parent_path())) {
    if (entry.path().extension() != ".ppm") continue;
    const QImage page(QString::fromStdString(entry.path().string()));
    for (int y = 0; y < page.height(); ++y)
      for (int x = 0; x < page.width(); ++x) {
        const QColor here = page.pixelColor(x, y);
        // Blue against red tells the accent, thinned by the edge's smoothing, from ink and grid.
        if (here.blue() - here.red() > 60) ++count;
      }
    std::filesystem::remove(entry.path());
  }
  return count;
}

TEST(CohortPdf, AValidationOfEveryFourthEpochIsACurve) {
  test::TempFolder folder;
  auto report = sampleCohort();
  StageCurve curve;
  curve.stage = "fibrosis";
  for (int epoch = 1; epoch <= 24; ++epoch) {
    const bool validated = epoch % 4 == 0;
    curve.epoch.push_back(epoch);
    curve.train_loss.push_back(1.0 / epoch);
    curve.val_loss.emplace_back();
    curve.val_dice.push_back(validated ? std::optional(0.1 + 0.03 * epoch) : std::nullopt);
    curve.val_auroc.emplace_back();
  }
  report.curves = {curve};
  ASSERT_TRUE(print::printCohortReport(folder.path() / "cohort.pdf", report).ok());
  const int with_curve = accentPixels(folder.path() / "cohort.pdf");
  if (with_curve < 0) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked at";
  // One validated epoch makes no line.
  for (std::size_t i = 4; i < 24; ++i) report.curves[0].val_dice[i].reset();
  ASSERT_TRUE(print::printCohortReport(folder.path() / "cohort.pdf", report).ok());
  // The line from epoch 4 to 24 crosses most of a chart of 88 mm: some 130 pixels at this size.
  EXPECT_GT(with_curve, accentPixels(folder.path() / "cohort.pdf") + 60);
}

TEST(Chart, TicksAreRoundAndCoverTheData) {
  EXPECT_EQ(print::niceTicks(0.0, 1.0),
            (std::vector<double>{0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0}));
  const auto epochs = print::niceTicks(1, 3, true);
  EXPECT_EQ(epochs, (std::vector<double>{1, 2, 3}));
  const auto one_value = print::niceTicks(5, 5);
  EXPECT_LT(one_value.front(), 5);
  EXPECT_GT(one_value.back(), 5);
}

}  // namespace
}  // namespace gadolin::report
