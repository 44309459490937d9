#include "ui/view/preview_strip.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>

#include "core/base/files.h"
#include "tests/support/temp_folder.h"

namespace gadolin::view {
namespace {

/// Binary PPM, as the worker writes it: left half red, right half blue.
std::string twoColours() {
  std::string ppm = "P6\n8 2\n255\n";
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 8; ++x) {
      ppm += x < 4 ? '\xff' : '\0';
      ppm += '\0';
      ppm += x < 4 ? '\0' : '\xff';
    }
  }
  return ppm;
}

TEST(PreviewStrip, ShowsAPpmUnderItsCaptions) {
  const test::TempFolder folder;
  const auto path = folder.path() / "preview.ppm";
  ASSERT_TRUE(writeFileAtomically(path, twoColours()));
  PreviewStrip strip;
  strip.resize(400, 200);
  QSignalSpy shown(&strip, &PreviewStrip::shown);
  strip.showFile(QString::fromStdString(path.string()), QStringLiteral("Fibrosis, epoch 3"));
  ASSERT_TRUE(shown.wait(3000));
  const auto picture = strip.grab().toImage();
  EXPECT_GT(qRed(picture.pixel(60, 100)), 200);
  EXPECT_LT(qBlue(picture.pixel(60, 100)), 60);
  EXPECT_GT(qBlue(picture.pixel(340, 100)), 200);
}

TEST(PreviewStrip, KeepsTheLastGoodPicture) {
  const test::TempFolder folder;
  const auto path = folder.path() / "preview.ppm";
  ASSERT_TRUE(writeFileAtomically(path, twoColours()));
  PreviewStrip strip;
  QSignalSpy shown(&strip, &PreviewStrip::shown);
  QSignalSpy failed(&strip, &PreviewStrip::failed);
  strip.showFile(QString::fromStdString(path.string()), {});
  ASSERT_TRUE(shown.wait(3000));
  strip.showFile(QStringLiteral("/no/such/file.ppm"), {});
  ASSERT_TRUE(failed.wait(3000));
  EXPECT_TRUE(strip.hasPicture());
  strip.clear();
  EXPECT_FALSE(strip.hasPicture());
}

}  // namespace
}  // namespace gadolin::view
