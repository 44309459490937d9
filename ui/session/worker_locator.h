#pragma once
// Where the other programs are: beside this one, or where the environment says.

#include <filesystem>

#include "core/base/result.h"

namespace gadolin::session {

/// gadolin-worker: $GADOLIN_WORKER, else beside this program. NotFound says what to do.
Result<std::filesystem::path> findWorker();
/// gadolinctl: $GADOLINCTL, else beside this program.
Result<std::filesystem::path> findCtl();

}  // namespace gadolin::session
