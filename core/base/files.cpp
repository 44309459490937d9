#include "core/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "core/base/temporary_name.h"

namespace gadolin {
namespace fs = std::filesystem;
AtomicFile::AtomicFile(fs::path final_path, fs::path temporary, int descriptor)
    : final_path_(std::move(final_path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : final_path_(std::move(other.final_path_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

Result<AtomicFile> AtomicFile::create(const fs::path& final_path) {
  static std::atomic<unsigned> counter{0};
  for (;;) {
    const fs::path temporary =
        final_path.parent_path() / temporaryName(std::to_string(counter.fetch_add(1)));
    const int descriptor =
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0) return AtomicFile(final_path, temporary, descriptor);
    // A process that was killed may have had our number (in a container it always has) and left its
    // file here: the next name is free.
    if (errno != EEXIST) return systemError(errno, "write", final_path.string());
  }
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return systemError(errno, "write", final_path_.string());
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> AtomicFile::commit(Durability durability) {
  if (durability == Durability::Now) {
    if (::fsync(descriptor_) != 0) return systemError(errno, "write", final_path_.string());
  } else {
    ::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);  // a hint: its failure costs time only
  }
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    const int reason = errno;
    ::unlink(temporary_.c_str());
    return systemError(reason, "write", final_path_.string());
  }
  if (::rename(temporary_.c_str(), final_path_.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary_.c_str());
    return systemError(reason, "write", final_path_.string());
  }
  return durability == Durability::Now ? syncFolder(final_path_.parent_path()) : Result<void>();
}

Result<void> writeFileAtomically(const fs::path& path, std::span<const std::byte> bytes) {
  GADOLIN_TRY(auto file, AtomicFile::create(path));
  GADOLIN_CHECK(file.write(bytes));
  return file.commit();
}

Result<void> writeFileAtomically(const fs::path& path, std::string_view text) {
  return writeFileAtomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

Result<std::string> readFile(const fs::path& path, std::size_t max_bytes) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return systemError(errno, "read", path.string());
  std::string text;
  struct stat status{};
  if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
    if (static_cast<std::size_t>(status.st_size) > max_bytes) {
      ::close(descriptor);
      return Error{ErrorCode::Unsupported, path.string() + " is too large (" +
                                               std::to_string(status.st_size) + " bytes)."};
    }
    text.reserve(static_cast<std::size_t>(status.st_size));
  }
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int reason = errno;
      ::close(descriptor);
      return systemError(reason, "read", path.string());
    }
    if (got == 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > max_bytes) {
      ::close(descriptor);
      return Error{ErrorCode::Unsupported, path.string() + " is too large."};
    }
  }
  ::close(descriptor);
  return text;
}

Result<void> makePrivateFile(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return systemError(errno, "write", path.string());
  struct stat status {};
  const bool failed = ::fstat(descriptor, &status) != 0 ||
                      ((status.st_mode & 077U) != 0 && ::fchmod(descriptor, 0600) != 0);
  const int reason = errno;
  ::close(descriptor);
  if (failed) return systemError(reason, "make private", path.string());
  return {};
}

Result<std::vector<fs::path>> deadTemporaries(const fs::path& folder) {
  std::vector<fs::path> dead;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    std::error_code gone;  // removed meanwhile: nothing to tell of
    if (fs::is_regular_file(at->symlink_status(gone)) &&
        deadTemporary(at->path().filename().string()))
      dead.push_back(at->path());
  }
  if (code && code != std::errc::no_such_file_or_directory)
    return systemError(code.value(), "read", folder.string());
  return dead;
}

Result<void> removeDeadTemporaries(const fs::path& folder) {
  GADOLIN_TRY(const auto dead, deadTemporaries(folder));
  for (const fs::path& path : dead) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
      return systemError(errno, "remove", path.string());
  }
  return {};
}

Result<void> makePrivateFolder(const fs::path& path) {
  if (path.empty()) return {};
  std::error_code code;
  if (fs::is_directory(path, code)) return {};
  GADOLIN_CHECK(makePrivateFolder(path.parent_path()));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return systemError(errno, "make folder", path.string());
  }
  return {};
}

Result<void> syncFile(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return systemError(errno, "write", path.string());
  const bool failed = ::fsync(descriptor) != 0;
  const int reason = errno;
  ::close(descriptor);
  if (failed) return systemError(reason, "write", path.string());
  return {};
}

Result<void> syncFolder(const fs::path& path) {
  const fs::path folder = path.empty() ? fs::path(".") : path;
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return systemError(errno, "sync", folder.string());
  // Some file systems refuse fsync on folders (EINVAL); the rename itself has succeeded there.
  const bool failed = ::fsync(descriptor) != 0 && errno != EINVAL;
  const int reason = errno;
  ::close(descriptor);
  if (failed) return systemError(reason, "sync", folder.string());
  return {};
}

}  // namespace gadolin
