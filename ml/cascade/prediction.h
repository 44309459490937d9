#pragma once
// The predictions of one run.

#include "ml/cascade/cascade.h"

namespace gadolin::ml {

/// As predictCascade(), but LibTorch's exceptions pass through.
Result<void> runPrediction(const CascadeRun& run);

}  // namespace gadolin::ml
