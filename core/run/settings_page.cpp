#include "core/run/settings_page.h"

#include <algorithm>
#include <array>

namespace gadolin::run {
namespace {

struct Group {
  std::string_view prefix, title;
};
constexpr std::array<Group, 12> groups{{{"normalise", "Intensities"},
                                        {"augment", "Augmentation"},
                                        {"train", "Training"},
                                        {"myocardium", "Stage A: the myocardium"},
                                        {"roi", "The region around the heart (stages B, C and D)"},
                                        {"classifier", "Stage B: the classifier"},
                                        {"pseudo", "Pseudo-masks"},
                                        {"fibrosis", "Stages C and D: fibrosis"},
                                        {"mixed", "Mixed supervision"},
                                        {"predict", "Prediction"},
                                        {"window", "Padding"},
                                        {"reference", "What the authors' code did by mistake"}}};

std::string_view prefixOf(std::string_view key) {
  return key.substr(0, key.find('.'));
}

std::string titleOf(std::string_view prefix) {
  const auto found = std::ranges::find(groups, prefix, &Group::prefix);
  return std::string(found == groups.end() ? prefix : found->title);
}

}  // namespace

std::string settingsAsText() {
  std::string text;
  std::string_view before;
  for (const SettingInfo& info : settingTable()) {
    if (prefixOf(info.key) != before) {
      before = prefixOf(info.key);
      text += (text.empty() ? "" : "\n") + titleOf(before) + "\n";
    }
    text += "  " + std::string(info.key) + "  (" + rangeText(info) + ")\n    quick " +
            std::string(info.quick) + ", standard " + std::string(info.standard) + ", paper " +
            std::string(info.paper) + "\n    " + std::string(info.meaning) + "\n";
  }
  return text;
}

std::string settingsAsMarkdown() {
  std::string text =
      "# Settings of a training\n\n"
      "Every setting of the cascade, with its range and unit and what each preset gives it. Change "
      "one with\n`gadolinctl train ... --set key=value`, or under *More settings* in the Train "
      "workspace. A key that is not here is an error.\nThis page is what `gadolinctl runs settings "
      "--markdown` writes; a test compares the two.\n";
  std::string_view before;
  for (const SettingInfo& info : settingTable()) {
    if (prefixOf(info.key) != before) {
      before = prefixOf(info.key);
      text += "\n## " + titleOf(before) +
              "\n\n| key | range | quick | standard | paper | meaning |\n| --- | --- | --- | --- | "
              "--- | --- |\n";
    }
    text += "| `" + std::string(info.key) + "` | " + rangeText(info) + " | " +
            std::string(info.quick) + " | " + std::string(info.standard) + " | " +
            std::string(info.paper) + " | " + std::string(info.meaning) + " |\n";
  }
  return text;
}

}  // namespace gadolin::run
