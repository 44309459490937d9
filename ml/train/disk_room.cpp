#include "ml/train/disk_room.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <thread>

namespace gadolin::ml {
namespace {

using Clock = std::chrono::steady_clock;

std::string freeOn(const std::filesystem::path& path) {
  std::error_code failed;
  const auto space = std::filesystem::space(path.parent_path(), failed);
  return failed ? std::string() : " (" + std::to_string(space.available >> 20) + " MB are free)";
}

run::Warning fullDisk(const std::filesystem::path& path) {
  return {"disk-full", "The disk is full" + freeOn(path) + ": " + path.string() +
                           " could not be written. The training waits and tries again every few "
                           "seconds. Make room, or stop the run; it can go on later from its last "
                           "checkpoint."};
}

}  // namespace

Result<Room> writeWhenThereIsRoom(Reporter& reporter, const std::filesystem::path& path,
                                  const std::function<Result<void>()>& write,
                                  std::chrono::milliseconds pause) {
  bool waited = false, leave_after = false;
  for (;;) {
    const Result<void> written = write();
    if (written) break;
    if (written.error().code != ErrorCode::NoSpace) return written.error();
    if (!waited) reporter.emit(fullDisk(path));
    waited = true;
    for (const auto until = Clock::now() + pause; Clock::now() < until;) {
      while (const auto command = reporter.poll()) {
        if (*command == run::Command::Cancel) return Room::ToldToLeave;
        leave_after = leave_after || *command == run::Command::StopAfterEpoch;
      }
      std::this_thread::sleep_for(std::min<Clock::duration>(std::chrono::milliseconds(100), pause));
    }
  }
  if (waited)
    reporter.emit(run::Warning{"disk-room", "There is room on the disk again: " + path.string() +
                                                " is written, and the training goes on."});
  return leave_after ? Room::LeaveAfterEpoch : Room::Written;
}

Result<void> writePatiently(Reporter& reporter, const std::filesystem::path& path,
                            const std::function<Result<void>()>& write) {
  GADOLIN_TRY(const Room room, writeWhenThereIsRoom(reporter, path, write));
  if (room == Room::Written) return {};
  return stoppedAsAsked();
}

}  // namespace gadolin::ml
