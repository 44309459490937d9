#include "ui/plots/bland_altman_plot.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <filesystem>

#include "core/base/files.h"
#include "tests/support/temp_folder.h"

namespace gadolin::plots {
namespace {

struct BlandAltman : ::testing::Test {
  BlandAltmanPlot plot;

  void SetUp() override {
    plot.resize(560, 380);
    BlandAltmanData data;
    data.points = {{QStringLiteral("P1"), 10, 12},
                   {QStringLiteral("P2"), 20, 17},
                   {QStringLiteral("P3"), 40, 41}};
    data.bias = {0.0, std::pair{-6.6, 6.6}};
    data.lower = {-5.2, std::nullopt};
    data.upper = {5.2, std::nullopt};
    data.unit = QStringLiteral("ml");
    data.first = QStringLiteral("AB");
    data.second = QStringLiteral("CD");
    data.what = QStringLiteral("Scar volume");
    plot.setData(data);
    plot.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot));
    QTest::qWait(100);
  }
  QWidget* canvas() { return plot.findChild<QWidget*>(); }
  QPoint on(int point) { return canvas()->mapFrom(&plot, plot.positionOf(point)); }
};

TEST_F(BlandAltman, DrawsMeansToTheRightAndDifferencesUpward) {
  EXPECT_LT(plot.positionOf(0).x(), plot.positionOf(1).x());
  EXPECT_LT(plot.positionOf(1).x(), plot.positionOf(2).x());
  EXPECT_GT(plot.positionOf(1).y(), plot.positionOf(2).y()) << "second - first";
  EXPECT_GT(plot.positionOf(2).y(), plot.positionOf(0).y());
  // The dot is there, in the first colour of the set and not in the ground's.
  const QImage picture = plot.grab().toImage();
  const QColor dot = picture.pixelColor(plot.positionOf(1) * picture.devicePixelRatio());
  EXPECT_GT(dot.blue(), 150);
  EXPECT_LT(dot.red(), 120);
}

TEST_F(BlandAltman, HoveringReadsAPointAndAClickChoosesIt) {
  QSignalSpy chosen(&plot, &BlandAltmanPlot::pointChosen);
  QTest::mouseMove(canvas(), on(1) + QPoint(3, -2));
  QTest::qWait(20);
  EXPECT_EQ(plot.readout(),
            QStringLiteral("P2\nAB  20.0 ml\nCD  17.0 ml\ndifference  \u22123.0 ml"));
  QTest::mouseClick(canvas(), Qt::LeftButton, {}, on(1) + QPoint(3, -2));
  ASSERT_EQ(chosen.count(), 1);
  EXPECT_EQ(chosen.at(0).at(0).toInt(), 1);
  EXPECT_EQ(plot.current(), 1);
  QTest::mouseMove(canvas(), QPoint(2, 2));
  QTest::qWait(20);
  EXPECT_EQ(plot.readout(), QString());
  QTest::mouseClick(canvas(), Qt::LeftButton, {}, (on(0) + on(2)) / 2 + QPoint(0, 30));
  EXPECT_EQ(chosen.count(), 1) << "far from every point";
}

TEST_F(BlandAltman, APatientWithAPercentSignIsReadAsItIsCalled) {
  BlandAltmanData data = plot.data();
  data.points[1].name = QStringLiteral("P%3");
  data.first = QStringLiteral("A%5");
  plot.setData(data);
  QTest::qWait(50);
  QTest::mouseMove(canvas(), on(1) + QPoint(2, -2));
  QTest::qWait(20);
  EXPECT_EQ(plot.readout(),
            QStringLiteral("P%3\nA%5  20.0 ml\nCD  17.0 ml\ndifference  \u22123.0 ml"));
}

TEST_F(BlandAltman, AFileIsReplacedAsAWhole) {
  const gadolin::test::TempFolder folder;
  for (const char* name : {"ba.png", "ba.pdf"}) {
    const auto path = folder.path() / name;
    const auto before = folder.path() / (std::string(name) + ".before");
    ASSERT_TRUE(writeFileAtomically(path, std::string_view("old")).ok());
    std::filesystem::create_hard_link(path, before);
    const QString target = QString::fromStdString(path.string());
    ASSERT_TRUE(
        (target.endsWith(QStringLiteral("png")) ? plot.exportPng(target) : plot.exportPdf(target))
            .ok());
    EXPECT_EQ(*readFile(before), "old") << name << " was written over in place";
    EXPECT_GT(std::filesystem::file_size(path), 1000U);
  }
}

TEST_F(BlandAltman, IsWrittenAsPngAndPdfInTheLightTheme) {
  const gadolin::test::TempFolder folder;
  const QString png = QString::fromStdString((folder.path() / "ba.png").string());
  const QString pdf = QString::fromStdString((folder.path() / "ba.pdf").string());
  ASSERT_TRUE(plot.exportPng(png, {800, 600}).ok());
  ASSERT_TRUE(plot.exportPdf(pdf).ok());
  const QImage picture(png);
  EXPECT_EQ(picture.size(), QSize(800, 600));
  EXPECT_EQ(picture.pixelColor(3, 3), QColor(255, 255, 255));
  QFile file(pdf);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_EQ(file.read(5), QByteArray("%PDF-"));
  EXPECT_GT(file.size(), 1000);
  EXPECT_NE(plot.grab().toImage().pixelColor(3, 3), QColor(255, 255, 255)) << "back in the dark";
  EXPECT_EQ(plot.exportPng(QStringLiteral("/nowhere/ba.png")).error().code, ErrorCode::Io);
}

}  // namespace
}  // namespace gadolin::plots
