#include "core/base/printable_text.h"

#include <algorithm>

#include "core/base/text_decoding.h"

namespace gadolin {
namespace {

/// Bytes of the letter at the begin of `text`; 0 where they are no UTF-8.
std::size_t lengthOfLetter(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (isUtf8(text.substr(0, length))) return length;
  }
  return 0;
}

bool commands(std::string_view letter) {
  const auto byte = [letter](std::size_t i) { return static_cast<unsigned char>(letter[i]); };
  if (letter.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (letter.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;  // U+0080 to U+009F
  if (letter.size() != 3 || byte(0) != 0xE2) return false;
  return (byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) ||  // U+202A to U+202E
         (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);    // U+2066 to U+2069
}

std::string printable(std::string_view text, std::string_view kept) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = lengthOfLetter(text);
    const std::string_view letter = text.substr(0, std::max<std::size_t>(length, 1));
    const bool plain =
        length > 0 && (kept.find(letter) != std::string_view::npos || !commands(letter));
    shown += plain ? letter : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(letter.size());
  }
  return shown;
}

}  // namespace

std::string printableText(std::string_view utf8) {
  return printable(utf8, "\n\t");
}

std::string printableLine(std::string_view utf8) {
  return printable(utf8, {});
}

}  // namespace gadolin
