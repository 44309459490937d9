#pragma once
// How a worker ends by what went wrong: the same for a training and for every other order.

#include "core/base/result.h"
#include "core/run/event.h"

namespace gadolin {

constexpr int exitStatus(ErrorCode code) {
  switch (code) {
    case ErrorCode::Cancelled:
      return run::exit_cancelled;
    case ErrorCode::OutOfMemory:
      return run::exit_out_of_memory;
    case ErrorCode::NotFound:
    case ErrorCode::InvalidInput:
    case ErrorCode::Unsupported:
    case ErrorCode::Corrupt:
    case ErrorCode::Conflict:
    case ErrorCode::NewerVersion:
    case ErrorCode::Busy:
      return run::exit_bad_input;
    default:
      return run::exit_internal;
  }
}

}  // namespace gadolin
