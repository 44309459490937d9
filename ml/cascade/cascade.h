#pragma once
// The whole cascade of one run folder: train it, or predict with it. No LibTorch type in sight, so
// that the program around it compiles without its headers.

#include <string>

#include "core/base/result.h"
#include "core/dataset/frozen_dataset.h"
#include "core/run/run_config.h"
#include "core/run/run_folder.h"
#include "ml/train/reporter.h"

namespace gadolin::ml {

struct CascadeRun {
  run::RunFolder folder;
  run::RunConfig config;
  const dataset::FrozenDataset* dataset = nullptr;
  Reporter* reporter = nullptr;
};

/// Trains every stage that the supervision needs, up to config.stage. Finished stages are skipped
/// and an interrupted one goes on, when their checkpoints are there.
/// Errors: InvalidInput and Unsupported for what the data or settings do not allow, Cancelled,
/// OutOfMemory, Internal.
Result<void> trainCascade(const CascadeRun& run);

/// Predicts every stack of the dataset with the trained networks, one file a stack. InvalidInput
/// when there is no myocardium or fibrosis network; a fibrosis network that was not trained to its
/// end predicts with a warning.
Result<void> predictCascade(const CascadeRun& run);

/// "cpu", "cuda:0 NVIDIA ..."; InvalidInput when cuda is asked for and absent.
Result<std::string> describeDevice(const std::string& device);
std::string torchVersion();
bool cudaAvailable();
/// 0: as many as the machine has cores. Returns how many are used.
int setThreads(int threads);

}  // namespace gadolin::ml
