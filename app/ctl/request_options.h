#pragma once
// What a person may say of a training, for every command that trains.

#include <string>
#include <vector>

#include "app/ctl/command.h"
#include "ui/session/run_request.h"

namespace gadolin::ctl {

/// --preset, --device, --seed, --threads into `request` and --set into `settings`, which both must
/// outlive the parsing. `seed_meaning`: what the seed decides in this command.
void addRequestOptions(CLI::App& command, session::RunRequest& request,
                       std::vector<std::string>& settings, const std::string& seed_meaning);

/// "key=value" of --set to the settings of the request, in their order. InvalidInput for a word
/// without a key or "=".
Result<void> addSettings(session::RunRequest& request, const std::vector<std::string>& words);

}  // namespace gadolin::ctl
