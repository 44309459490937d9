#include "core/run/settings_page.h"

#include <gtest/gtest.h>

#include "core/base/files.h"

namespace gadolin::run {
namespace {

TEST(SettingsPage, TheManualsTableIsTheTableOfTheProgram) {
  const auto page = readFile(GADOLIN_SOURCE_DIR "/docs/settings.md", std::size_t{1} << 20);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(*page, settingsAsMarkdown())
      << "write it anew: gadolinctl runs settings --markdown > docs/settings.md";
}

TEST(SettingsPage, EverySettingSaysItsRangeAndMeaning) {
  for (const SettingInfo& info : settingTable()) {
    EXPECT_FALSE(rangeText(info).empty()) << info.key;
    EXPECT_TRUE(info.meaning.ends_with('.')) << info.key;
    EXPECT_EQ(info.meaning.find('|'), std::string_view::npos) << info.key << " breaks the table";
    const bool number = info.kind == SettingKind::Integer || info.kind == SettingKind::Real;
    if (number && info.choices.empty()) {
      EXPECT_LT(info.minimum, info.maximum) << info.key;
    }
  }
  const auto range = [](std::string_view key) {
    for (const SettingInfo& info : settingTable())
      if (info.key == key) return rangeText(info);
    return std::string();
  };
  EXPECT_EQ(range("train.batch"), "1 to 256 slices");
  EXPECT_EQ(range("roi.net_px"), "32 to 512 pixels, a multiple of 16");
  EXPECT_EQ(range("predict.flips"), "1, 2, 4, 8 views");
  EXPECT_EQ(range("classifier.pooling"), "sum, mean");
  EXPECT_EQ(range("pseudo.crf"), "on or off");
  EXPECT_EQ(range("fibrosis.learning_rate"), "0.0000001 to 1");
  EXPECT_EQ(range("normalise.high_percent"), "80 to 100 %");
}

}  // namespace
}  // namespace gadolin::run
