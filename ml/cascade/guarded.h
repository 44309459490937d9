#pragma once
// Where LibTorch's exceptions end.

#include <exception>
#include <string>
#include <type_traits>

#include "core/base/result.h"
#include "ml/train/memory.h"

namespace gadolin::ml {

/// OutOfMemory, with `advice` as its second sentence, or Internal with what LibTorch says.
inline Error errorOf(const std::exception& fault, const std::string& advice) {
  if (isOutOfMemory(fault))
    return {ErrorCode::OutOfMemory,
            "The memory of this machine or its device is used up. " + advice};
  if (const auto* of_torch = dynamic_cast<const c10::Error*>(&fault))
    return {ErrorCode::Internal, std::string("LibTorch: ") + of_torch->what_without_backtrace()};
  return {ErrorCode::Internal, fault.what()};
}

/// What `work` returns, a Result<T>; what it throws as an error. advice: what to do when memory
/// ends.
template <typename Work>
std::invoke_result_t<Work> guarded(const std::string& advice, Work&& work) {
  try {
    return work();
  } catch (const std::exception& fault) {
    return errorOf(fault, advice);
  }
}

}  // namespace gadolin::ml
