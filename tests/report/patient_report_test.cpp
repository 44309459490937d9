#include "core/report/patient_report.h"

#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <chrono>
#include <cmath>
#include <numbers>

#include "tests/report/pdf_tools.h"
#include "tests/report/sample_heart.h"
#include "tests/support/temp_folder.h"
#include "ui/print/bulls_eye.h"
#include "ui/print/patient_page.h"

namespace gadolin::report {
namespace {

using testing::pdfTool;
using testing::sampleHeart;
using testing::sampleInput;

TEST(PatientReport, ApexFirstStacksAreReportedBaseFirst) {
  auto heart = sampleHeart(9);
  heart.stack.apex_first = true;
  auto input = sampleInput(heart);
  const auto report = buildPatientReport(input);
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->slices.size(), 9U);
  EXPECT_EQ(report->slices.front().number, 1);
  // Stored slice 8 is the base; scar lies in stored slices 2..4 of the sample.
  EXPECT_GT(report->slices[9 - 1 - 2].measured.scar_ml, 0);
  EXPECT_DOUBLE_EQ(report->slices[2].measured.scar_ml, 0);
  for (std::size_t i = 1; i < report->images.size(); ++i) {
    EXPECT_GT(report->images[i].number, report->images[i - 1].number);
  }
}

TEST(PatientReport, SlicesWithMostScarAreShownAndOthersFillUp) {
  const auto heart = sampleHeart(9);
  const auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->images.size(), 4U);
  int with_scar = 0;
  for (const KeyImage& image : report->images) with_scar += image.scar_ml > 0;
  EXPECT_EQ(with_scar, 3);
}

TEST(PatientReport, SumsOfSlicesAreTheTotal) {
  const auto heart = sampleHeart(9);
  const auto report = buildPatientReport(sampleInput(heart));
  analysis::TissueVolumes sum;
  for (const SliceRow& row : report->slices) sum += row.measured;
  EXPECT_NEAR(sum.scar_ml, report->measured.scar_ml, 1e-9);
  EXPECT_NEAR(sum.myocardium_ml, report->measured.myocardium_ml, 1e-9);
}

TEST(PatientReport, KeyImagesKeepTheShapeOfPixels) {
  const auto heart = sampleHeart(9);
  const auto report = buildPatientReport(sampleInput(heart));
  const KeyImage& image = report->images.front();
  EXPECT_DOUBLE_EQ(image.column_mm, 1.25);
  EXPECT_DOUBLE_EQ(image.row_mm, 2.0);
  EXPECT_NEAR(image.columns * image.column_mm, image.rows * image.row_mm, 2.0);
  EXPECT_EQ(image.gray.size(), static_cast<std::size_t>(image.columns * image.rows));
}

TEST(PatientReport, KeyImagesAreLaidOutAsTheViewsShowThem) {
  auto heart = sampleHeart(9);
  const auto upright = buildPatientReport(sampleInput(heart));
  // The same pixels from a scanner that stored its rows from the feet up and its columns leftward.
  heart.stack.image.geometry.axes = {{{-1, 0, 0}, {0, -1, 0}, {0, 0, 1}}};
  heart.stack.image.geometry.origin_mm = {100, 100, 0};
  const auto turned = buildPatientReport(sampleInput(heart));
  const KeyImage& a = upright->images.front();
  const KeyImage& b = turned->images.front();
  EXPECT_EQ(a.letters.left, "R");
  EXPECT_EQ(b.letters.left, "R");
  EXPECT_EQ(b.letters.top, "A");
  EXPECT_EQ(std::vector(a.gray.rbegin(), a.gray.rend()), b.gray);
  EXPECT_EQ(std::vector(a.labels.rbegin(), a.labels.rend()), b.labels);
}

TEST(PatientReport, AFileWithoutOrientationGetsASentenceAndNoLetters) {
  auto heart = sampleHeart(9);
  heart.stack.image.geometry.axes = {{{-1, 0, 0}, {0, -1, 0}, {0, 0, 1}}};
  heart.stack.image.geometry.origin_mm = {0, 0, 0};
  const auto report = buildPatientReport(sampleInput(heart));
  EXPECT_EQ(report->images.front().letters.left, "");
  ASSERT_FALSE(report->notes.empty());
  EXPECT_NE(report->notes.back().find("no letters"), std::string::npos);
}

TEST(PatientReport, AMaskOfAnotherSizeNamesThePatient) {
  const auto heart = sampleHeart(9);
  auto input = sampleInput(heart);
  input.measured.mask = Mask(Geometry{{3, 3, 3}});
  const auto report = buildPatientReport(input);
  ASSERT_FALSE(report.ok());
  EXPECT_NE(report.error().message.find(input.patient), std::string::npos);
}

/// The scar of the sample begins at 0.2 radians: there the anterior insertion is, so that the scar is
/// the anteroseptal sixth. Slices 0 to 2 are basal, 3 and 4 mid; scar is in 2 to 4.
PatientReportInput insertedInput(const testing::SampleHeart& heart) {
  auto input = sampleInput(heart);
  analysis::RvInsertion insertion;
  insertion.slice = 3;
  insertion.anterior = std::array{70 + 32 / 1.25 * std::cos(0.2), 38 + 32 / 2.0 * std::sin(0.2)};
  input.insertions = {{insertion}, "Dr A"};
  return input;
}

TEST(BullsEye, SegmentsHaveTheColourOfTheirBandAnteriorOnTopSeptumLeft) {
  const auto heart = sampleHeart(9);
  const auto report = buildPatientReport(insertedInput(heart));
  ASSERT_TRUE(report.ok());
  ASSERT_TRUE(report->wall.segments.has_value()) << report->wall.no_segments;
  EXPECT_EQ(report->wall.insertion_source, "set by Dr A");
  QImage picture(400, 400, QImage::Format_RGB32);
  picture.fill(Qt::blue);
  QPainter painter(&picture);
  print::drawBullsEye(painter, QRectF(0, 0, 400, 400), *report->wall.segments);
  painter.end();
  const auto at = [&](double share, double degrees) {  // counter-clockwise from the right
    const double a = degrees * std::numbers::pi / 180;
    return QColor(picture.pixel(qRound(200 + 200 * share * std::cos(a)),
                                qRound(200 - 200 * share * std::sin(a))));
  };
  using enum analysis::TransmuralityBand;
  // Away from the numbers in the middle of each segment.
  EXPECT_EQ(at(0.62, 128), print::bandColour(To100)) << "mid anteroseptal: through the whole wall";
  EXPECT_EQ(at(0.88, 128), print::bandColour(To50)) << "basal anteroseptal: in one slice of three";
  EXPECT_EQ(at(0.62, 262), print::bandColour(None)) << "mid inferior";
  EXPECT_EQ(at(0.88, 10), print::bandColour(None)) << "basal inferolateral is on the right, below";
  EXPECT_EQ(at(0.38, 60), print::bandColour(None)) << "apical anterior is on top";
  const auto& eight = report->wall.segments->segments[7];
  EXPECT_NEAR(*eight.transmurality_percent, 100, 3);
  EXPECT_NEAR(*report->wall.segments->segments[1].transmurality_percent, 33.3, 3);
}

TEST(BullsEye, WithoutInsertionThePageSaysSoAndHasNoFigure) {
  test::TempFolder folder;
  const auto heart = sampleHeart(9);
  const auto report = buildPatientReport(sampleInput(heart));
  EXPECT_FALSE(report->wall.segments.has_value());
  ASSERT_TRUE(print::printPatientReport(folder.path() / "r.pdf", *report).ok());
  const QString words = pdfTool(QStringLiteral("pdftotext"), {QStringLiteral("-layout")},
                                folder.path() / "r.pdf", true);
  if (words.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  EXPECT_TRUE(words.contains(QStringLiteral("was not found in the image"))) << words.toStdString();
}

TEST(PatientPdf, IsTwoPagesOfSearchableTextWithEmbeddedFonts) {
  test::TempFolder folder;
  const auto path = folder.path() / "report.pdf";
  const auto heart = sampleHeart(12);
  const auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(report.ok());
  const auto begin = std::chrono::steady_clock::now();
  const auto printed = print::printPatientReport(path, *report);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_TRUE(printed.ok()) << printed.error().message;
  EXPECT_LT(seconds, 1.0);

  const QString info = pdfTool(QStringLiteral("pdfinfo"), {}, path, false);
  if (info.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  EXPECT_TRUE(info.contains(QRegularExpression(QStringLiteral("Pages:\\s+2\\b"))))
      << info.toStdString();
  EXPECT_TRUE(info.contains(QStringLiteral("A4"))) << info.toStdString();
  const QString words =
      pdfTool(QStringLiteral("pdftotext"), {QStringLiteral("-layout")}, path, true);
  for (const char* expected :
       {"Patient-07", "For research use only", "AI, edited", "run-1234", "slice supervision",
        "Scar, % of LV myocardium", "Reference", "Slice by slice", "accepted by Dr A",
        "check the apex", "Transmurality by segment", "Basal anteroseptal", "Core and grey zone", "generated 2026-01-31 12:00 UTC"}) {
    EXPECT_TRUE(words.contains(QString::fromUtf8(expected))) << expected << "\n"
                                                             << words.toStdString();
  }
  const QString percent = QString::number(*report->measured.scarPercentLvm(), 'f', 1);
  EXPECT_TRUE(words.contains(percent)) << words.toStdString();
  const QString fonts = pdfTool(QStringLiteral("pdffonts"), {}, path, false);
  const QStringList lines = fonts.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  ASSERT_GE(lines.size(), 3);
  for (int i = 2; i < lines.size(); ++i) {
    // columns from the right: object ID (2), uni, sub, emb
    const QStringList cells = lines[i].split(QLatin1Char(' '), Qt::SkipEmptyParts);
    EXPECT_EQ(cells[cells.size() - 5], QStringLiteral("yes")) << lines[i].toStdString();
  }
}

TEST(PatientPdf, TwentyFourSlicesStillFitOnTheirPage) {
  test::TempFolder folder;
  const auto path = folder.path() / "report.pdf";
  const auto heart = sampleHeart(24);
  const auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(print::printPatientReport(path, *report).ok());
  const QString info = pdfTool(QStringLiteral("pdfinfo"), {}, path, false);
  if (info.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  EXPECT_TRUE(info.contains(QRegularExpression(QStringLiteral("Pages:\\s+2\\b"))))
      << info.toStdString();
}

TEST(PatientPdf, SaysOfItselfWhoMadeItAndWhatItHolds) {
  test::TempFolder folder;
  const auto path = folder.path() / "report.pdf";
  const auto heart = sampleHeart(12);
  auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(report.ok());
  report->patient = "M\u00fcller (7)";
  report->provenance.revision = 4711;
  ASSERT_TRUE(print::printPatientReport(path, *report).ok());
  const QString info = pdfTool(QStringLiteral("pdfinfo"), {QStringLiteral("-isodates")}, path, false);
  if (info.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  for (const char* expected :
       {"LGE scar report, M\u00fcller (7)", "mask revision 4711", "run run-1234", "research use only",
        "2026-01-31T12:00:00Z"}) {
    EXPECT_TRUE(info.contains(QString::fromUtf8(expected))) << expected << "\n" << info.toStdString();
  }
  EXPECT_TRUE(info.contains(QRegularExpression(
      QStringLiteral("Author:\\s+Gadolin ") + QString::fromStdString(report->version))))
      << info.toStdString();
}

TEST(PatientPdf, OnLetterPaperNothingIsLostAndTheColumnIsCentred) {
  test::TempFolder folder;
  const auto path = folder.path() / "letter.pdf";
  const auto heart = sampleHeart(12);
  const auto report = buildPatientReport(sampleInput(heart));
  ASSERT_TRUE(print::printPatientReport(path, *report, print::Paper::Letter).ok());
  const QString info = pdfTool(QStringLiteral("pdfinfo"), {}, path, false);
  if (info.isEmpty()) GTEST_SKIP() << "poppler-utils is not installed: the PDF is not looked into";
  EXPECT_TRUE(info.contains(QRegularExpression(QStringLiteral("Pages:\\s+2\\b"))));
  EXPECT_TRUE(info.contains(QStringLiteral("612 x 792 pts"))) << info.toStdString();
  const QString words =
      pdfTool(QStringLiteral("pdftotext"), {QStringLiteral("-layout")}, path, true);
  for (const char* expected : {"page 1 of 2", "page 2 of 2", "Slice by slice", "Schmidt et al."})
    EXPECT_TRUE(words.contains(QString::fromUtf8(expected))) << expected << words.toStdString();
  // The picture of the same pages: white margins are as wide on the left as on the right.
  const QImage pages = print::patientReportImage(*report, 50, print::Paper::Letter);
  const auto inked = [&](int x) {
    for (int y = 0; y < 500; ++y)
      if (qGray(pages.pixel(x, y)) < 200) return true;
    return false;
  };
  int left = 0, right = pages.width() - 1;
  while (left < right && !inked(left)) ++left;
  while (right > left && !inked(right)) --right;
  EXPECT_NEAR(left, pages.width() - 1 - right, 2);
  EXPECT_NEAR(left * 25.4 / 50, 16.95, 1.0);
}

TEST(PatientPdf, AFolderThatIsNotThereIsAnErrorAndLeavesNothing) {
  const auto heart = sampleHeart(9);
  const auto report = buildPatientReport(sampleInput(heart));
  const auto printed = print::printPatientReport("/nonexistent/folder/report.pdf", *report);
  ASSERT_FALSE(printed.ok());
  EXPECT_NE(printed.error().message.find("/nonexistent/folder"), std::string::npos);
}

}  // namespace
}  // namespace gadolin::report
