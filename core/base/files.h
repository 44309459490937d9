#pragma once
// Files that are whole or absent. Everything Gadolin writes goes to a temporary name in the same
// folder, is synced, and is renamed over the final name. Modes are private: 0600 and 0700.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace gadolin {

/// When a file is to be safe from a power cut.
enum class Durability {
  Now,    // once commit() returns
  Later,  // once the caller has called syncFile() and syncFolder(); its way to the disk begins at commit()
};

/// A file under construction. Without commit() the temporary file is removed again.
/// Thread: one at a time.
class AtomicFile {
 public:
  static Result<AtomicFile> create(const std::filesystem::path& final_path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  AtomicFile(const AtomicFile&) = delete;
  ~AtomicFile();

  Result<void> write(std::span<const std::byte> bytes);
  /// fsync (not Later), rename over the final name, fsync of the folder (not Later).
  Result<void> commit(Durability durability = Durability::Now);

 private:
  AtomicFile(std::filesystem::path final_path, std::filesystem::path temporary, int descriptor);

  std::filesystem::path final_path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

Result<void> writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view text);

/// The whole file. Refuses files larger than max_bytes with Unsupported.
Result<std::string> readFile(const std::filesystem::path& path,
                             std::size_t max_bytes = std::size_t{1} << 31);

/// Makes an empty file with mode 0600 where there is none, for a program that would make it with
/// other rights. One that is there keeps its content and is taken from the eyes of other users.
Result<void> makePrivateFile(const std::filesystem::path& path);

/// The temporary files in this folder (not below it) whose writer is gone: killed, or the machine
/// went down, before it could rename or remove them. An absent folder has none.
Result<std::vector<std::filesystem::path>> deadTemporaries(const std::filesystem::path& folder);
/// Removes them. A writer is known by its process and machine in the name of its file, so that what
/// another machine writes stays; what has no machine in its name, as older versions wrote it, is
/// taken to be of this one (temporary_name.h).
Result<void> removeDeadTemporaries(const std::filesystem::path& folder);

/// Makes the folder and its parents with mode 0700; succeeds when it is already there.
Result<void> makePrivateFolder(const std::filesystem::path& path);

/// fsync on a file that is written already, by whatever process.
Result<void> syncFile(const std::filesystem::path& path);

/// fsync on a folder, so that a rename or removal in it survives a power cut.
Result<void> syncFolder(const std::filesystem::path& path);

}  // namespace gadolin
