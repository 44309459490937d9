#include "ml/cascade/cascade.h"

#include <torch/version.h>

#include <algorithm>
#include <thread>

#include "ml/cascade/devices.h"
#include "ml/cascade/prediction.h"
#include "ml/cascade/training.h"
#include "ml/train/memory.h"

namespace gadolin::ml {
namespace {

/// LibTorch's exceptions end here.
template <typename Work>
Result<void> guarded(Work&& work) {
  const std::string advice = ". Choose a smaller train.batch or network width, or another device.";
  try {
    return work();
  } catch (const std::exception& fault) {
    if (isOutOfMemory(fault))
      return Error{ErrorCode::OutOfMemory,
                   "The memory of this machine or its device is used up" + advice};
    if (const auto* torch_fault = dynamic_cast<const c10::Error*>(&fault))
      return Error{ErrorCode::Internal,
                   std::string("LibTorch: ") + torch_fault->what_without_backtrace()};
    return Error{ErrorCode::Internal, fault.what()};
  }
}

}  // namespace

Result<void> trainCascade(const CascadeRun& run) {
  return guarded([&] { return runTraining(run); });
}

Result<void> predictCascade(const CascadeRun& run) {
  return guarded([&] { return runPrediction(run); });
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
