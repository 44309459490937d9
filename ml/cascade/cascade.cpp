#include "ml/cascade/cascade.h"

#include <torch/version.h>

#include <algorithm>
#include <new>
#include <thread>

#include "ml/cascade/devices.h"
#include "ml/cascade/prediction.h"
#include "ml/cascade/training.h"

namespace gadolin::ml {
namespace {

/// LibTorch's exceptions end here.
template <typename Work>
Result<void> guarded(Work&& work) {
  const std::string advice = ". Choose a smaller train.batch or network width, or another device.";
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, "The memory of this machine is used up" + advice};
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    if (what.find("out of memory") != std::string::npos ||
        what.find("can't allocate") != std::string::npos ||
        what.find("not enough memory") != std::string::npos)
      return Error{ErrorCode::OutOfMemory, "The memory of the device is used up" + advice};
    return Error{ErrorCode::Internal, "LibTorch: " + what};
  } catch (const std::exception& error) {
    return Error{ErrorCode::Internal, error.what()};
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
