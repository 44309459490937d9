#include "ml/cascade/cascade.h"

#include <torch/version.h>

#include <algorithm>
#include <thread>

#include "ml/cascade/devices.h"
#include "ml/cascade/guarded.h"
#include "ml/cascade/prediction.h"
#include "ml/cascade/training.h"

namespace gadolin::ml {
namespace {

constexpr const char* training_advice =
    "Choose a smaller network width, square or train.batch (of whole stacks "
    "classifier.stacks_in_step), or another device.";
constexpr const char* prediction_advice = "Close other programs, or choose another device.";

}  // namespace

Result<void> trainCascade(const CascadeRun& run) {
  return guarded(training_advice, [&] { return runTraining(run); });
}

Result<void> predictCascade(const CascadeRun& run) {
  return guarded(prediction_advice, [&] { return runPrediction(run); });
}

Result<std::string> describeDevice(const std::string& device) {
  if (device == "cuda" && !torch::cuda::is_available())
    return Error{
        ErrorCode::InvalidInput,
        "This worker has no CUDA device: choose the device cpu or auto, or install a worker built "
        "against a CUDA LibTorch."};
  return deviceOf(device).str();
}

std::string torchVersion() {
  return TORCH_VERSION;
}
bool cudaAvailable() {
  return torch::cuda::is_available();
}

int setThreads(int threads) {
  const int used =
      threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(used);
  return used;
}

}  // namespace gadolin::ml
