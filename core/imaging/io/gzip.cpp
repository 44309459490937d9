#include "core/imaging/io/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>

namespace gadolin::io {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr std::size_t block_bytes = std::size_t{1} << 16;

Error damaged(const std::filesystem::path& path, const std::string& why) {
  return {ErrorCode::Corrupt, path.filename().string() + " is damaged: " + why + "."};
}

/// zlib's stream with its end taken care of.
struct Inflater {
  z_stream stream{};
  bool ready = false;
  bool start() {
    // 15 bits of window, 16 more for "gzip only": the trailer is verified by inflate itself.
    ready = ::inflateInit2(&stream, 15 + 16) == Z_OK;
    return ready;
  }
  ~Inflater() {
    if (ready) ::inflateEnd(&stream);
  }
};

/// `exact`: everything is wanted and checked; else the first `limit` bytes are enough.
Result<FileBytes> read(const std::filesystem::path& path, std::size_t limit, bool exact) {
  File file(std::fopen(path.c_str(), "rbe"));
  if (!file) return systemError(errno, "read", path.filename().string());
  const auto tooLarge = [&] {
    return Error{ErrorCode::Unsupported, path.filename().string() + " would need more than " +
                                             std::to_string(limit >> 20) + " MiB of memory."};
  };
  FileBytes result;
  std::array<unsigned char, block_bytes> in{};
  std::array<unsigned char, block_bytes> out{};
  std::size_t got = std::fread(in.data(), 1, in.size(), file.get());
  result.compressed = got >= 2 && in[0] == 0x1f && in[1] == 0x8b;
  const auto append = [&result](const unsigned char* data, std::size_t count) {
    const auto bytes = std::as_bytes(std::span(data, count));
    result.bytes.insert(result.bytes.end(), bytes.begin(), bytes.end());
  };

  if (!result.compressed) {
    while (got > 0) {
      append(in.data(), got);
      if (result.bytes.size() > limit || (!exact && result.bytes.size() == limit)) break;
      got = std::fread(in.data(), 1, in.size(), file.get());
    }
    if (std::ferror(file.get())) return systemError(errno, "read", path.filename().string());
    if (result.bytes.size() > limit) {
      if (exact) return tooLarge();
      result.bytes.resize(limit);
    }
    return result;
  }

  Inflater inflater;
  if (!inflater.start()) return Error{ErrorCode::OutOfMemory, "No memory to decompress a file."};
  auto& z = inflater.stream;
  z.next_in = in.data();
  z.avail_in = static_cast<uInt>(got);
  for (;;) {
    if (z.avail_in == 0) {
      got = std::fread(in.data(), 1, in.size(), file.get());
      if (std::ferror(file.get())) return systemError(errno, "read", path.filename().string());
      if (got == 0) {
        if (!exact) return result;
        return damaged(path, "the compressed data end too early (an unfinished copy or download)");
      }
      z.next_in = in.data();
      z.avail_in = static_cast<uInt>(got);
    }
    z.next_out = out.data();
    z.avail_out = static_cast<uInt>(out.size());
    const int status = ::inflate(&z, Z_NO_FLUSH);
    append(out.data(), out.size() - z.avail_out);
    if (!exact && result.bytes.size() >= limit) {
      result.bytes.resize(limit);
      return result;
    }
    if (result.bytes.size() > limit) return tooLarge();
    if (status == Z_STREAM_END) {
      // Another member may follow (files joined with cat), or padding that tapes leave behind.
      if (z.avail_in < 2) {
        std::copy(z.next_in, z.next_in + z.avail_in, in.data());
        const std::size_t kept = z.avail_in;
        got = std::fread(in.data() + kept, 1, in.size() - kept, file.get());
        z.next_in = in.data();
        z.avail_in = static_cast<uInt>(kept + got);
      }
      if (z.avail_in == 0) return result;
      if (z.avail_in < 2 || z.next_in[0] != 0x1f || z.next_in[1] != 0x8b) {
        result.trailing_garbage = true;
        return result;
      }
      if (::inflateReset(&z) != Z_OK) return Error{ErrorCode::Internal, "zlib cannot start again."};
      continue;
    }
    if (status == Z_MEM_ERROR)
      return Error{ErrorCode::OutOfMemory, "No memory to decompress a file."};
    if (status != Z_OK && status != Z_BUF_ERROR) {
      if (!exact && !result.bytes.empty()) return result;
      return damaged(path, std::string("the compressed data are not right (") +
                               (z.msg ? z.msg : "unknown fault") + ")");
    }
  }
}

}  // namespace

Result<FileBytes> readMaybeGzip(const std::filesystem::path& path, std::size_t max_bytes) {
  return read(path, max_bytes, true);
}

Result<std::vector<std::byte>> inflateExactly(std::span<const std::byte> compressed, std::size_t size,
                                              const std::string& name) {
  z_stream z{};
  // 32 more: zlib or gzip, told by the first bytes.
  if (::inflateInit2(&z, 15 + 32) != Z_OK)
    return Error{ErrorCode::OutOfMemory, "No memory to decompress a file."};
  const std::unique_ptr<z_stream, void (*)(z_stream*)> end(&z, [](z_stream* s) { ::inflateEnd(s); });
  std::vector<std::byte> bytes(size);
  std::byte one_more{};
  z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(compressed.data()));  // only read
  z.avail_in = static_cast<uInt>(std::min<std::size_t>(compressed.size(), UINT32_MAX));
  z.next_out = reinterpret_cast<Bytef*>(bytes.data());
  z.avail_out = static_cast<uInt>(size);
  int status = ::inflate(&z, Z_FINISH);
  if (status == Z_BUF_ERROR && z.avail_out == 0) {
    z.next_out = reinterpret_cast<Bytef*>(&one_more);
    z.avail_out = 1;
    status = ::inflate(&z, Z_FINISH);
    if (z.avail_out == 0)
      return Error{ErrorCode::Corrupt, name + " holds more voxels than its header says."};
  }
  if (status == Z_STREAM_END && z.total_out == size) return bytes;
  if (status == Z_STREAM_END || status == Z_BUF_ERROR) {
    return Error{ErrorCode::Corrupt, name + " is cut off: its header announces " +
                                         std::to_string(size) + " bytes of voxels and " +
                                         std::to_string(z.total_out) +
                                         " are there. Copy it again."};
  }
  return Error{ErrorCode::Corrupt, name + " is damaged: the compressed data are not right (" +
                                       (z.msg != nullptr ? z.msg : "unknown fault") + ")."};
}

Result<FileBytes> readStartMaybeGzip(const std::filesystem::path& path, std::size_t count) {
  return read(path, count, false);
}

}  // namespace gadolin::io
