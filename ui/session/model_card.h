#pragma once
// What a model says of itself when it leaves a project: model.json and, for a person, MODEL.md.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/run/run_config.h"
#include "core/run/run_folder.h"

namespace gadolin::session {

inline constexpr int model_format_version = 1;
inline constexpr std::string_view model_format = "gadolin-model";

/// Everything but the networks: where it comes from, what it is for, how many patients, stacks,
/// slices, masks and labels each part of the split had, settings, versions, the threshold and what
/// it was chosen on, the figures of metrics.json without any patient in them, and how its input is
/// prepared. Reads run.json, dataset.safetensors, calibration.json and metrics.json. JSON text of one
/// object. Thread: a pool thread.
Result<std::string> modelFacts(const run::RunFolder& folder, const std::string& gadolin_version);

/// How a stack becomes the input of the networks, in sentences, from the settings.
std::vector<std::string> inputSteps(const run::Settings& settings);

/// The same as Markdown. `card`: the whole of model.json.
std::string modelCardText(const std::string& card);

}  // namespace gadolin::session
