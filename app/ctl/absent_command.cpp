#include <array>

#include "app/ctl/command.h"

namespace gadolin::ctl {
namespace {

constexpr std::array<const char*, 8> promised{"import",  "demo",     "train",    "runs",
                                              "predict", "evaluate", "quantify", "report"};

}  // namespace

int sayAbsent(Output& output, const std::string& what) {
  output.fail({ErrorCode::Unsupported, "'" + what + "' is not there yet in version " +
                                           std::string(GADOLIN_VERSION) +
                                           " of Gadolin. Nothing was changed."});
  return exit_usage;
}

void addAbsent(CLI::App& app, Context& context) {
  for (const std::string name : promised) {
    const auto there = app.get_subcommands([&](CLI::App* one) { return one->get_name() == name; });
    if (!there.empty()) continue;
    auto* command = app.add_subcommand(name, "Not there yet");
    command->prefix_command()->fallthrough(false);  // whatever follows, the answer is the same
    command->callback([name, &context] { context.status = sayAbsent(context.output, name); });
  }
}

}  // namespace gadolin::ctl
