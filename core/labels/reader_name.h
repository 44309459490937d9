#pragma once
// Names that tables and comparisons keep for what is no person.

#include <string_view>

#include "core/base/result.h"

namespace gadolin {

/// Who labels, decides or draws may be called anything but what stands in tables for something
/// else: "reference" (imported masks, and the labels derived from them), "model" (predictions) and
/// "consensus by NAME" (a decision). InvalidInput with the name. Any thread.
Result<void> checkReaderName(std::string_view name);

}  // namespace gadolin
