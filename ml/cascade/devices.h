#pragma once
// What training and prediction of a cascade both ask of its settings.

#include <string>

#include "core/run/run_config.h"
#include "ml/cascade/inference.h"

namespace gadolin::ml {

/// "cpu", "cuda" or "auto": the first graphics card where there is one.
torch::Device deviceOf(const std::string& name);

/// Whether stages C and D get the myocardium as second channel.
bool fibrosisSeesMyocardium(const run::RunConfig& config);

InferenceOptions inferenceOptions(const run::Settings& settings, torch::Device device, int views);

}  // namespace gadolin::ml
