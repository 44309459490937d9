#include "ml/cascade/devices.h"

namespace gadolin::ml {

torch::Device deviceOf(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  return torch::cuda::is_available() ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
}

bool fibrosisSeesMyocardium(const run::RunConfig& config) {
  const std::string& choice = config.settings.choice("fibrosis.myocardium_input");
  return choice == "always" || (choice == "pixel" && config.supervision == run::Supervision::Pixel);
}

InferenceOptions inferenceOptions(const run::Settings& settings, torch::Device device, int views) {
  InferenceOptions options;
  options.settings = &settings;
  options.device = device;
  options.views = views;
  return options;
}

}  // namespace gadolin::ml
