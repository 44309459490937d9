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
  /// fsync, rename over the final name, fsync of the folder.
  Result<void> commit();

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

/// Makes the folder and its parents with mode 0700; succeeds when it is already there.
Result<void> makePrivateFolder(const std::filesystem::path& path);

/// fsync on a folder, so that a rename or removal in it survives a power cut.
Result<void> syncFolder(const std::filesystem::path& path);

}  // namespace gadolin
