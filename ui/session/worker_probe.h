#pragma once
// What the installed worker can do, asked of the worker itself.

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace gadolin::session {

struct WorkerFacts {
  std::string version;  // of gadolin-worker
  std::string torch;    // of its LibTorch
  bool cuda = false;    // a CUDA device can be used
};

/// Runs `worker version` (LibTorch loads: up to a second). WorkerLost when it does not answer
/// within 30 s or cannot run. Blocks: for pool threads.
Result<WorkerFacts> askWorker(const std::filesystem::path& worker);

}  // namespace gadolin::session
