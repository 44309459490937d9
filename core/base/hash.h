#pragma once
// SHA-256 (FIPS 180-4). Written here because the worker builds without any crypto library; on x86 with
// the instructions made for it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/base/result.h"

namespace gadolin {

class Sha256 {
 public:
  /// false: without the processor's instructions; the result is the same.
  explicit Sha256(bool with_instructions = true);
  void update(std::span<const std::byte> bytes);
  /// Ends the message; 64 lower-case hexadecimal digits. The object may not be used afterwards.
  std::string finishHex();

 private:
  void blocks(const unsigned char* data, std::size_t count);
  void plainBlock(const unsigned char* data);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> buffer_{};
  std::uint64_t length_bytes_ = 0;
  bool with_instructions_;
};

std::string sha256Hex(std::span<const std::byte> bytes);
std::string sha256Hex(std::string_view text);
/// Reads the file in blocks; memory use does not depend on its size.
Result<std::string> sha256HexOfFile(const std::filesystem::path& path);

}  // namespace gadolin
