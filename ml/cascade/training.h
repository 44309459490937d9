#pragma once
// The trainings of one run, in their order.

#include "ml/cascade/cascade.h"

namespace gadolin::ml {

/// As trainCascade(), but LibTorch's exceptions pass through.
Result<void> runTraining(const CascadeRun& run);

}  // namespace gadolin::ml
