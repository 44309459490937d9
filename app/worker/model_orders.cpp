#include "app/worker/model_orders.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/worker/exit_status.h"
#include "ml/cascade/cascade.h"
#include "ml/cascade/model_files.h"

namespace gadolin {
namespace {

int say(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return exitStatus(error.code);
}

}  // namespace

int exportModel(const std::string& run_dir, const std::string& out) {
  const run::RunFolder folder{run_dir};
  const auto config = run::readRunConfig(folder.config());
  if (!config) return say(config.error());
  const auto networks = ml::exportNetworks(folder, *config, out);
  if (!networks) return say(networks.error());
  nlohmann::json list = nlohmann::json::array();
  for (const ml::ModelNetwork& one : *networks)
    list.push_back({{"stage", one.stage},
                    {"kind", one.kind},
                    {"weights", one.weights},
                    {"torchscript", one.torchscript},
                    {"channels_in", one.channels_in},
                    {"channels_out", one.channels_out},
                    {"side_px", one.side_px},
                    {"multiple_of", one.multiple_of},
                    {"parameters", one.parameters},
                    {"largest_difference", one.largest_difference}});
  const nlohmann::json said{{"type", "model"}, {"torch", ml::torchVersion()}, {"networks", list}};
  std::printf("%s\n", said.dump().c_str());
  return run::exit_finished;
}

int checkModel(const std::string& run_dir) {
  const run::RunFolder folder{run_dir};
  const auto config = run::readRunConfig(folder.config());
  if (!config) return say(config.error());
  const auto checked = ml::checkNetworks(folder, *config);
  return checked ? static_cast<int>(run::exit_finished) : say(checked.error());
}

}  // namespace gadolin
