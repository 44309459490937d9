#pragma once
// GDCM speaks on stderr and throws from many places; nothing of either leaves a reader.

#include <gdcmTrace.h>

#include <exception>
#include <new>
#include <string>

#include "core/base/result.h"

namespace gadolin::io {

/// call(), which returns Result<T>, with what it throws as an Error that begins with `name`.
template <typename T, typename Call>
Result<T> guarded(const std::string& name, Call&& call) {
  gdcm::Trace::DebugOff();
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, name + " needs more memory than an import may use."};
  } catch (const std::exception& fault) {
    return Error{ErrorCode::Corrupt, name + " cannot be read as DICOM: " + fault.what() + "."};
  }
}

}  // namespace gadolin::io
