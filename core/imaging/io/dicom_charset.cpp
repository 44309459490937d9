#include "core/imaging/io/dicom_charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace gadolin::io {
namespace {

using Name = std::pair<std::string_view, const char*>;

/// The defined terms, each with what its bytes are before any escape sequence.
constexpr std::array names{Name{"ISO_IR 100", "ISO-8859-1"},
                           Name{"ISO_IR 101", "ISO-8859-2"},
                           Name{"ISO_IR 109", "ISO-8859-3"},
                           Name{"ISO_IR 110", "ISO-8859-4"},
                           Name{"ISO_IR 144", "ISO-8859-5"},
                           Name{"ISO_IR 127", "ISO-8859-6"},
                           Name{"ISO_IR 126", "ISO-8859-7"},
                           Name{"ISO_IR 138", "ISO-8859-8"},
                           Name{"ISO_IR 148", "ISO-8859-9"},
                           Name{"ISO_IR 203", "ISO-8859-15"},
                           Name{"ISO_IR 13", "SHIFT_JIS"},
                           Name{"ISO_IR 166", "TIS-620"},
                           Name{"GB18030", "GB18030"},
                           Name{"GBK", "GBK"},
                           Name{"ISO 2022 IR 100", "ISO-8859-1"},
                           Name{"ISO 2022 IR 101", "ISO-8859-2"},
                           Name{"ISO 2022 IR 109", "ISO-8859-3"},
                           Name{"ISO 2022 IR 110", "ISO-8859-4"},
                           Name{"ISO 2022 IR 144", "ISO-8859-5"},
                           Name{"ISO 2022 IR 127", "ISO-8859-6"},
                           Name{"ISO 2022 IR 126", "ISO-8859-7"},
                           Name{"ISO 2022 IR 138", "ISO-8859-8"},
                           Name{"ISO 2022 IR 148", "ISO-8859-9"},
                           Name{"ISO 2022 IR 166", "TIS-620"},
                           Name{"ISO 2022 IR 203", "ISO-8859-15"},
                           Name{"ISO 2022 IR 13", "SHIFT_JIS"}};

std::optional<std::string> converted(std::string_view bytes, const char* from) {
  const iconv_t converter = ::iconv_open("UTF-8", from);
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string text(bytes.size() * 4 + 16, '\0');
  char* in = const_cast<char*>(bytes.data());  // iconv's old signature; it does not write there
  std::size_t in_left = bytes.size();
  char* out = text.data();
  std::size_t out_left = text.size();
  const bool ok =
      ::iconv(converter, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1) &&
      in_left == 0;
  ::iconv_close(converter);
  if (!ok) return std::nullopt;
  text.resize(text.size() - out_left);
  return text;
}

/// An escape sequence of ISO 2022 without its first byte, the set that holds after it, and what
/// iconv needs before the bytes of that set to know it.
struct Escape {
  std::string_view code;
  const char* set;
  std::string_view before = {};
};
constexpr std::array escapes{Escape{"(B", "US-ASCII"},
                             Escape{"-A", "ISO-8859-1"},
                             Escape{"-B", "ISO-8859-2"},
                             Escape{"-C", "ISO-8859-3"},
                             Escape{"-D", "ISO-8859-4"},
                             Escape{"-L", "ISO-8859-5"},
                             Escape{"-G", "ISO-8859-6"},
                             Escape{"-F", "ISO-8859-7"},
                             Escape{"-H", "ISO-8859-8"},
                             Escape{"-M", "ISO-8859-9"},
                             Escape{"-b", "ISO-8859-15"},
                             Escape{"-T", "TIS-620"},
                             Escape{")I", "SHIFT_JIS"},
                             Escape{"(J", "SHIFT_JIS"},
                             Escape{"$B", "ISO-2022-JP-2", "\x1b$B"},
                             Escape{"$(D", "ISO-2022-JP-2", "\x1b$(D"},
                             Escape{"$)C", "EUC-KR"},
                             Escape{"$)A", "GB2312"}};

/// The set of bytes before any escape sequence.
const char* firstSet(std::string_view character_set) {
  const std::string_view first = character_set.substr(0, character_set.find('\\'));
  const auto known = std::ranges::find(names, first, &Name::first);
  if (known != names.end()) return known->second;
  return character_set.find("IR 13") != std::string_view::npos &&
                 character_set.find("IR 138") == std::string_view::npos
             ? "SHIFT_JIS"
             : "US-ASCII";
}

/// Between its escape sequences part by part, for a text may use several sets.
std::optional<std::string> convertedParts(std::string_view bytes, const char* set) {
  std::string text, before;
  while (true) {
    const auto end = bytes.find('\x1b');
    const auto part = converted(before + std::string(bytes.substr(0, end)), set);
    if (!part) return std::nullopt;
    text += *part;
    if (end == std::string_view::npos) return text;
    bytes.remove_prefix(end + 1);
    const auto escape = std::ranges::find_if(
        escapes, [&](const Escape& one) { return bytes.starts_with(one.code); });
    if (escape == escapes.end()) return std::nullopt;
    bytes.remove_prefix(escape->code.size());
    set = escape->set;
    before = escape->before;
  }
}

}  // namespace

std::string textAsUtf8(const std::string& bytes, const std::string& character_set) {
  const bool plain = std::ranges::all_of(
      bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b'; });
  if (plain || character_set.empty() || character_set.find("ISO_IR 192") != std::string::npos)
    return bytes;
  return convertedParts(bytes, firstSet(character_set)).value_or(bytes);
}

}  // namespace gadolin::io
