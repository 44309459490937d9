#pragma once
// A full disk stops nobody's training: it waits until there is room, and can be told to leave
// meanwhile.

#include <chrono>
#include <filesystem>
#include <functional>

#include "core/base/result.h"
#include "ml/train/reporter.h"

namespace gadolin::ml {

/// How a wait for room ended.
enum class Room {
  Written,
  ToldToLeave,      // "cancel": nothing was written
  LeaveAfterEpoch,  // written; "stop-after-epoch" came meanwhile
};

/// Calls `write` until its error is no longer NoSpace. While there is no room: the warning
/// "disk-full" once, a try every `pause`, commands obeyed within 0.1 s; then "disk-room". Any other
/// error is returned.
/// Thread: the one that trains.
Result<Room> writeWhenThereIsRoom(Reporter& reporter, const std::filesystem::path& path,
                                  const std::function<Result<void>()>& write,
                                  std::chrono::milliseconds pause = std::chrono::seconds(3));

/// The same for files between stages, where there is no epoch to wait for: Cancelled when told to
/// leave in either way.
Result<void> writePatiently(Reporter& reporter, const std::filesystem::path& path,
                            const std::function<Result<void>()>& write);

}  // namespace gadolin::ml
