#pragma once
// Plain files in a tar file, through libarchive, whose types end here.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"

struct archive;

namespace gadolin::ctl {

/// Writes .tar, .tar.gz or .tar.zst, by the name's ending. Thread: one at a time.
class TarWriter {
 public:
  /// `descriptor` is written to and stays the caller's; `name` tells the compression. InvalidInput
  /// for another ending.
  static Result<TarWriter> open(int descriptor, const std::string& name);
  /// `read` fills the span and returns how much it gave; 0 before `bytes` are there is an error.
  /// Modes are 0600 and 0700.
  Result<void> file(const std::string& name, std::uint64_t bytes,
                    const std::function<Result<std::size_t>(std::span<std::byte>)>& read);
  Result<void> folder(const std::string& name);
  Result<void> close();

 private:
  struct Free {
    void operator()(archive* one) const;
  };
  explicit TarWriter(archive* one) : archive_(one) {}
  Result<void> begin(const std::string& name, std::uint64_t bytes, bool folder);
  std::unique_ptr<archive, Free> archive_;
};

/// Reads the same.
class TarReader {
 public:
  struct Entry {
    std::string name;  // as it stands in the file
    enum class Kind { File, Folder, Other } kind = Kind::Other;
    std::uint64_t bytes = 0;
  };
  /// NotFound, Io, Corrupt (no tar file).
  static Result<TarReader> open(const std::filesystem::path& file);
  /// False at the end. Corrupt when it is damaged or cut off.
  Result<bool> next(Entry& entry);
  /// The bytes of the present entry, in blocks.
  Result<void> content(const std::function<Result<void>(std::span<const std::byte>)>& take);

 private:
  struct Free {
    void operator()(archive* one) const;
  };
  TarReader(archive* one, std::string name) : archive_(one), name_(std::move(name)) {}
  [[nodiscard]] Error damaged() const;
  std::unique_ptr<archive, Free> archive_;
  std::string name_;  // for sentences
};

}  // namespace gadolin::ctl
