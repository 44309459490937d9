#pragma once
// `gadolin-worker selftest`: does this machine train? A small network must learn bright rings.

#include "core/base/result.h"

namespace gadolin {

/// Trains and predicts in a temporary folder and prints one JSON line; about ten seconds.
Result<void> selfTest();

}  // namespace gadolin
