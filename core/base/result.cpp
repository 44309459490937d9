#include "core/base/result.h"

#include <cerrno>
#include <cstring>

namespace gadolin {

std::string_view codeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::NotFound: return "not-found";
    case ErrorCode::InvalidInput: return "invalid-input";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::Io: return "io";
    case ErrorCode::NoSpace: return "no-space";
    case ErrorCode::ReadOnly: return "read-only";
    case ErrorCode::Corrupt: return "corrupt";
    case ErrorCode::Conflict: return "conflict";
    case ErrorCode::NewerVersion: return "newer-version";
    case ErrorCode::Busy: return "busy";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::OutOfMemory: return "out-of-memory";
    case ErrorCode::WorkerLost: return "worker-lost";
    case ErrorCode::Internal: return "internal";
  }
  return "internal";
}

ErrorCode codeFromName(std::string_view name) {
  for (int i = 0; i < static_cast<int>(ErrorCode::Internal); ++i) {
    if (codeName(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
  }
  return ErrorCode::Internal;
}

Error systemError(int errno_value, std::string_view doing, std::string_view path) {
  const std::string what = "Cannot " + std::string(doing) + " " + std::string(path);
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
      return {ErrorCode::NotFound, what + ": there is no such file or folder."};
    case ENOSPC:
    case EDQUOT:
      return {ErrorCode::NoSpace, what + ": the disk is full. Free some space and try again."};
    case EROFS:
    case EACCES:
    case EPERM:
      // ReadOnly is a fault of the place that is written to; this one is of a single file.
      if (doing == "read") {
        return {ErrorCode::Io, what + ": no permission. Ask its owner for the right to read it."};
      }
      return {ErrorCode::ReadOnly,
              what + ": no permission. Check the access rights or choose another folder."};
    default:
      return {ErrorCode::Io, what + ": " + std::strerror(errno_value) + "."};
  }
}

}  // namespace gadolin
