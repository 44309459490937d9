#include "app/ctl/request_options.h"

namespace gadolin::ctl {

void addRequestOptions(CLI::App& command, session::RunRequest& request,
                       std::vector<std::string>& settings, const std::string& seed_meaning) {
  command.add_option("--preset", request.preset, "quick, standard or paper")->capture_default_str();
  command.add_option("--device", request.device, "auto, cpu or cuda")->capture_default_str();
  command.add_option("--seed", request.seed, seed_meaning)->capture_default_str();
  command.add_option("--threads", request.threads, "Threads of the worker; 0: all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  command.add_option("--set", settings, "key=value; may be given several times")
      ->allow_extra_args(false);
}

Result<void> addSettings(session::RunRequest& request, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{ErrorCode::InvalidInput,
                   "'--set " + word + "' has no value: write --set key=value."};
    }
    request.settings.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return {};
}

}  // namespace gadolin::ctl
