#include "core/run/settings_page.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace gadolin::run {
namespace {

std::string shortest(double number) {
  if (number == std::floor(number)) return std::to_string(static_cast<long long>(number));
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end.ptr};
}

std::string listed(std::string_view choices) {
  std::string text;
  for (const char c : choices) text += c == '|' ? std::string(", ") : std::string(1, c);
  return text;
}

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

std::string rangeText(const SettingInfo& info) {
  switch (info.kind) {
    case SettingKind::Switch:
      return "on or off";
    case SettingKind::Choice:
      return listed(info.choices);
    case SettingKind::Integer:
    case SettingKind::Real:
      break;
  }
  std::string text = info.choices.empty() ? shortest(info.minimum) + " to " + shortest(info.maximum)
                                          : listed(info.choices);
  if (!info.unit.empty()) text += " " + std::string(info.unit);
  if (info.multiple_of > 1) text += ", a multiple of " + std::to_string(info.multiple_of);
  return text;
}

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
