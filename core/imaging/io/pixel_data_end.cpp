#include "core/imaging/io/pixel_data_end.h"

#include <algorithm>
#include <array>

namespace gadolin::io {
namespace {

constexpr std::uint32_t undefined_length = 0xffffffff;

std::uint32_t wordAt(std::span<const std::byte> bytes, std::size_t at, bool big) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    word |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * (big ? 3 - i : i));
  }
  return word;
}

/// Items of compressed pixels up to their delimiter (PS3.5 A.4), always little-endian.
bool itemsAreComplete(std::span<const std::byte> bytes, std::size_t at) {
  while (at + 8 <= bytes.size()) {
    const std::uint32_t tag = wordAt(bytes, at, false);
    const std::uint32_t length = wordAt(bytes, at + 4, false);
    if (tag == 0xe0ddfffe) return true;
    if (tag != 0xe000fffe || length > bytes.size() - at - 8) return false;
    at += 8 + std::size_t{length};
  }
  return at == bytes.size();  // a writer that forgot the delimiter lost no pixel
}

}  // namespace

bool pixelDataIsComplete(std::span<const std::byte> bytes, std::uint32_t announced) {
  for (const bool big : {false, true}) {
    using Tag = std::array<std::byte, 4>;
    const Tag tag = big ? Tag{std::byte{0x7f}, std::byte{0xe0}, std::byte{0x00}, std::byte{0x10}}
                        : Tag{std::byte{0xe0}, std::byte{0x7f}, std::byte{0x10}, std::byte{0x00}};
    auto found = bytes.begin();
    while ((found = std::search(found, bytes.end(), tag.begin(), tag.end())) != bytes.end()) {
      const auto at = static_cast<std::size_t>(found - bytes.begin());
      ++found;
      // Explicit VR: tag, two letters, two zeros, length. Implicit: tag, length. The length tells
      // the element from pixels or icons that look like its tag.
      for (const std::size_t header : {std::size_t{12}, std::size_t{8}}) {
        if (at + header > bytes.size() || wordAt(bytes, at + header - 4, big) != announced)
          continue;
        if (announced == undefined_length) return itemsAreComplete(bytes, at + header);
        return announced <= bytes.size() - at - header;
      }
    }
  }
  return true;
}

}  // namespace gadolin::io
