#pragma once
// Bytes of a file that may be compressed with gzip, with everything checked that gzip can tell: the
// checksum, the length and the end of every member.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace gadolin::io {

struct FileBytes {
  std::vector<std::byte> bytes;
  bool compressed = false;        // the file is gzip, whatever its name says
  bool trailing_garbage = false;  // bytes after the last gzip member that are none
};

/// The whole content, decompressed when the file starts with gzip's magic. Corrupt for a truncated
/// or damaged stream; Unsupported when it would need more than max_bytes.
Result<FileBytes> readMaybeGzip(const std::filesystem::path& path, std::size_t max_bytes);

/// At most the first `count` (decompressed) bytes; fewer when the file is shorter. Checks nothing
/// behind them.
Result<FileBytes> readStartMaybeGzip(const std::filesystem::path& path, std::size_t count);

/// A stretch of memory that zlib or gzip wrote, decompressed to exactly `size` bytes. Corrupt, with
/// `name`, when the stream is damaged, ends too early or holds another number of bytes.
Result<std::vector<std::byte>> inflateExactly(std::span<const std::byte> compressed, std::size_t size,
                                              const std::string& name);

}  // namespace gadolin::io
