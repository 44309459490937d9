#include "ui/view/preview_strip.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

#include "core/base/files.h"
#include "tests/support/temp_folder.h"

namespace gadolin::view {
namespace {

/// Binary PPM, as the worker writes it: two slices of two 4 x 4 tiles, the left one red, the right
/// one blue.
std::string twoColours() {
  std::string ppm = "P6\n8 8\n255\n";
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      ppm += x < 4 ? '\xff' : '\0';
      ppm += '\0';
      ppm += x < 4 ? '\0' : '\xff';
    }
  }
  return ppm;
}

const QStringList two_columns{QStringLiteral("Image"), QStringLiteral("Reference")};

TEST(PreviewStrip, ShowsAPpmUnderItsCaptions) {
  const test::TempFolder folder;
  const auto path = folder.path() / "preview.ppm";
  ASSERT_TRUE(writeFileAtomically(path, twoColours()));
  PreviewStrip strip;
  strip.resize(400, 200);
  QSignalSpy shown(&strip, &PreviewStrip::shown);
  strip.showFile(QString::fromStdString(path.string()), two_columns,
                 QStringLiteral("Fibrosis, epoch 3"));
  ASSERT_TRUE(shown.wait(3000));
  const auto picture = strip.grab().toImage();
  // Wide: both slices stand side by side, so red and blue alternate.
  for (const int x : {50, 250}) {
    EXPECT_GT(qRed(picture.pixel(x, 100)), 200) << x;
    EXPECT_LT(qBlue(picture.pixel(x, 100)), 60) << x;
  }
  for (const int x : {150, 350}) EXPECT_GT(qBlue(picture.pixel(x, 100)), 200) << x;
}

TEST(PreviewStrip, KeepsTheLastGoodPicture) {
  const test::TempFolder folder;
  const auto path = folder.path() / "preview.ppm";
  ASSERT_TRUE(writeFileAtomically(path, twoColours()));
  PreviewStrip strip;
  QSignalSpy shown(&strip, &PreviewStrip::shown);
  QSignalSpy failed(&strip, &PreviewStrip::failed);
  strip.showFile(QString::fromStdString(path.string()), two_columns, {});
  ASSERT_TRUE(shown.wait(3000));
  strip.showFile(QStringLiteral("/no/such/file.ppm"), two_columns, {});
  ASSERT_TRUE(failed.wait(3000));
  EXPECT_TRUE(strip.hasPicture());
  strip.clear();
  EXPECT_FALSE(strip.hasPicture());
}

}  // namespace
}  // namespace gadolin::view
