// The summary of an import, for a program and for a person.

#include <algorithm>

#include "app/ctl/import_run.h"

namespace gadolin::ctl {
namespace {

nlohmann::json refusalJson(const Refusal& refusal) {
  nlohmann::json row{
      {"path", refusal.path}, {"reason", refusal.reason}, {"code", refusal.code}};
  if (refusal.series) row["series"] = *refusal.series;
  return row;
}

}  // namespace

nlohmann::json toJson(const session::ImportSummary& summary) {
  nlohmann::json refused = nlohmann::json::array();
  for (const auto& refusal : summary.refused) refused.push_back(refusalJson(refusal));
  nlohmann::json series = nlohmann::json::array();
  for (const auto& one : summary.series) series.push_back(ctl::toJson(one));
  return {{"type", "summary"},
          {"patients", summary.patients},
          {"stacks", summary.stacks},
          {"slices", summary.slices},
          {"masks", summary.masks},
          {"new_stacks", summary.new_stacks},
          {"new_masks", summary.new_masks},
          {"ignored", summary.ignored},
          {"refused", refused},
          {"series", series},
          {"warnings", summary.warnings},
          {"kind_unknown", summary.kind_unknown},
          {"complete", !summary.ended_by}};
}

int seriesLeft(const session::ImportSummary& summary) {
  return static_cast<int>(std::ranges::count_if(
      summary.refused, [](const Refusal& refusal) { return refusal.series.has_value(); }));
}

bool broughtNothing(const session::ImportSummary& summary) {
  const bool waits = std::ranges::any_of(
      summary.refused, [](const Refusal& refusal) { return refusal.code == "mask-waits"; });
  return summary.stacks == 0 && summary.masks == 0 && !waits;
}

namespace {

/// Magnitude or PSIR? With what answers it.
std::string kindQuestion(const std::vector<std::string>& stacks) {
  constexpr std::size_t most_named = 5;
  std::string names;
  for (std::size_t i = 0; i < std::min(stacks.size(), most_named); ++i)
    names += (i > 0 ? " " : "") + stacks[i];
  const bool all_named = stacks.size() <= most_named;
  return (stacks.size() == 1 ? "1 stack does" : std::to_string(stacks.size()) + " stacks do") +
         std::string(" not tell whether ") + (stacks.size() == 1 ? "it is" : "they are") +
         " magnitude or PSIR. Say it: gadolinctl stacks kind PROJECT " +
         (all_named ? names : "--all-unknown") + " --is magnitude (or psir)" +
         (all_named ? "." : "; stacks list shows which.");
}

}  // namespace

std::string toText(const session::ImportSummary& summary) {
  const auto number = [](int value, const char* what) {
    return std::to_string(value) + " " + what;
  };
  std::string text = number(summary.patients, "patients, ") + number(summary.stacks, "stacks, ") +
                     number(summary.slices, "slices, ") + number(summary.masks, "reference masks");
  if (summary.new_stacks == 0 && summary.new_masks == 0 && summary.stacks > 0) {
    text += ": all already there.";
  } else if (summary.new_stacks < summary.stacks) {
    text += ": " + std::to_string(summary.new_stacks) +
            " stacks are new, the others were already there.";
  } else {
    text += ".";
  }
  const int left = seriesLeft(summary);
  const int refused = static_cast<int>(summary.refused.size()) - left;
  if (refused > 0) text += "\n" + number(refused, "refused.");
  if (left > 0)
    text += "\n" + number(left, left == 1 ? "series was left" : "series were left") +
            "; --take 'DESCRIPTION' takes such a series all the same.";
  if (!summary.kind_unknown.empty()) text += "\n" + kindQuestion(summary.kind_unknown);
  return text;
}

}  // namespace gadolin::ctl
