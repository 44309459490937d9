#include <memory>

#include "app/ctl/command.h"
#include "core/run/settings_page.h"

namespace gadolin::ctl {

void addRunSettings(CLI::App& runs, Context& context) {
  auto* command = runs.add_subcommand(
      "settings", "Every setting of a training: range, unit, meaning, values of the presets");
  auto markdown = std::make_shared<bool>(false);
  command->add_flag("--markdown", *markdown, "As the page docs/settings.md");
  command->callback([markdown, &context] {
    nlohmann::json rows = nlohmann::json::array();
    for (const run::SettingInfo& info : run::settingTable())
      rows.push_back({{"key", info.key},
                      {"range", run::rangeText(info)},
                      {"unit", info.unit},
                      {"meaning", info.meaning},
                      {"quick", info.quick},
                      {"standard", info.standard},
                      {"paper", info.paper}});
    std::string text = *markdown ? run::settingsAsMarkdown() : run::settingsAsText();
    text.pop_back();  // summary() ends the line
    context.output.summary({{"settings", rows}}, text);
  });
}

}  // namespace gadolin::ctl
