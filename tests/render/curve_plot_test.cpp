#include "ui/plots/curve_plot.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QTest>
#include <array>
#include <cmath>

#include "tests/support/temp_folder.h"

namespace gadolin::plots {
namespace {

struct Curves : ::testing::Test {
  CurvePlot plot;
  int first = 0, second = 0, loss = 0, dice = 0;

  void SetUp() override {
    plot.resize(640, 360);
    first = plot.addStage(QStringLiteral("Myocardium"), 10);
    second = plot.addStage(QStringLiteral("Fibrosis"), 10);
    loss = plot.addSeries(QStringLiteral("Loss"), {});
    dice = plot.addSeries(QStringLiteral("Dice"), {Axis::Right, 1, false});
    for (int epoch = 1; epoch <= 10; ++epoch) {
      plot.addPoint(loss, first, {static_cast<double>(epoch), 1.0 / epoch});
      plot.addPoint(dice, first, {static_cast<double>(epoch), 1 - 1.0 / epoch});
    }
    plot.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot));
    QTest::qWait(150);
  }
  QWidget* canvas() { return plot.findChild<QWidget*>(); }
};

TEST_F(Curves, ReplotsAtMostTenTimesASecond) {
  const int before = plot.replotCount();
  QElapsedTimer timer;
  timer.start();
  int epoch = 11;
  while (timer.elapsed() < 1000) {
    plot.addPoint(loss, first, {static_cast<double>(epoch++), 0.1});
    QTest::qWait(1);
  }
  const int replots = plot.replotCount() - before;
  EXPECT_LE(replots, 11);
  EXPECT_GE(replots, 3);
}

TEST_F(Curves, HoveringReadsTheNearestEpochOfEveryCurve) {
  auto* surface = canvas();
  QString best;
  // Somewhere along the axis lies epoch 4 of the first stage.
  for (int x = 60; x < surface->width() / 2 && !best.contains(QStringLiteral("epoch 4")); x += 3) {
    QTest::mouseMove(surface, {x, surface->height() / 2});
    QTest::qWait(1);
    best = plot.readout();
  }
  EXPECT_EQ(best, QStringLiteral("Myocardium, epoch 4\nLoss  0.250\nDice  0.750"));
  QTest::mouseMove(surface, {2, 2});
  QTest::qWait(1);
  EXPECT_EQ(plot.readout(), QString());
}

TEST_F(Curves, AResumedRunReplacesItsEpochs) {
  plot.addPoint(loss, first, {4, 0.5});
  auto* surface = canvas();
  QString best;
  for (int x = 60; x < surface->width() / 2 && !best.contains(QStringLiteral("epoch 4")); x += 3) {
    QTest::mouseMove(surface, {x, surface->height() / 2});
    QTest::qWait(1);
    best = plot.readout();
  }
  EXPECT_TRUE(best.contains(QStringLiteral("Loss  0.500"))) << best.toStdString();
}

TEST_F(Curves, ACurveIsDrawnInItsColour) {
  QTest::qWait(150);
  const auto picture = plot.grab().toImage();
  int sky_blue = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      const QColor c = picture.pixelColor(x, y);
      if (std::abs(c.red() - 86) < 12 && std::abs(c.green() - 180) < 12 &&
          std::abs(c.blue() - 233) < 12) {
        ++sky_blue;
      }
    }
  }
  EXPECT_GT(sky_blue, 100);
}

TEST_F(Curves, SurviveNonsenseAndUnknownNumbers) {
  plot.addPoint(99, 0, {1, 1});
  plot.addPoint(loss, 99, {1, 1});
  plot.addPoint(loss, first, {1, std::nan("")});
  plot.setBest(loss, second, 3, QStringLiteral("best"));
  plot.setLogScale(true);
  plot.addPoint(loss, first, {11, 0});
  plot.addPoint(loss, first, {12, -1});
  QTest::qWait(250);
  EXPECT_TRUE(plot.logScale());
  plot.clear();
  QTest::qWait(150);
  EXPECT_TRUE(plot.seriesNames().isEmpty());
}

TEST_F(Curves, ExportOnWhitePaperWhateverTheScreenShows) {
  const test::TempFolder folder;
  const auto png = QString::fromStdString((folder.path() / "curves.png").string());
  const auto pdf = QString::fromStdString((folder.path() / "curves.pdf").string());
  plot.setBest(dice, first, 10, QStringLiteral("best 0.900"));
  ASSERT_TRUE(plot.exportPng(png, {1200, 700}));
  ASSERT_TRUE(plot.exportPdf(pdf));
  const QImage picture(png);
  EXPECT_EQ(picture.size(), QSize(1200, 700));
  EXPECT_EQ(picture.pixelColor(3, 3), QColor(Qt::white));
  QFile file(pdf);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_TRUE(file.read(5).startsWith("%PDF-"));
  const auto refused = plot.exportPng(QStringLiteral("/no/such/folder/curves.png"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Io);
}

}  // namespace
}  // namespace gadolin::plots
