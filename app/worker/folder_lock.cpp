#include "app/worker/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

namespace gadolin {

Result<FolderLock> FolderLock::take(const std::filesystem::path& lock_path, run::Work work) {
  const int descriptor = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return systemError(errno, "open", lock_path.string());
  FolderLock lock(descriptor);
  // Whoever looks whether a worker is alive holds a shared lock for an instant (ui/session): that is
  // no other worker, so look again before saying so.
  bool taken = false;
  for (int attempt = 0; attempt < 20 && !taken; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    taken = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (!taken && errno != EWOULDBLOCK && errno != EINTR) break;
  }
  if (!taken) {
    if (errno != EWOULDBLOCK) return systemError(errno, "lock", lock_path.string());
    std::array<char, 32> text{};
    const ssize_t length = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string pid(text.data(), static_cast<std::size_t>(length > 0 ? length : 0));
    pid.resize(std::min(pid.size(), pid.find('\n')));
    return Error{ErrorCode::Busy, lock_path.parent_path().string() + ": another worker (process " + pid +
                                      ") is at work in this run. Wait for it or stop it."};
  }
  const std::string holder = std::to_string(::getpid()) + "\n" + std::string(toText(work)) + "\n";
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size()))
    return systemError(errno, "write", lock_path.string());
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace gadolin
