#pragma once
// One worker a run folder. Whoever lives holds an flock() on the lock file, with two lines in it:
// its process number and what it does ("train", "predict"). The lock goes with the process, however
// that ends.

#include <filesystem>

#include "core/base/result.h"
#include "core/run/event.h"

namespace gadolin {

class FolderLock {
 public:
  /// Busy, naming the process, when another worker holds the folder.
  static Result<FolderLock> take(const std::filesystem::path& lock_path, run::Work work);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace gadolin
