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

/// The defined terms without code extensions, and with those that iconv follows by itself.
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
                           Name{"ISO 2022 IR 166", "TIS-620"}};

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

/// Without the escape sequence that says that a set of two bytes a character is in the upper half.
std::string without(std::string text, std::string_view escape) {
  for (auto at = text.find(escape); at != std::string::npos; at = text.find(escape))
    text.erase(at, escape.size());
  return text;
}

}  // namespace

std::string textAsUtf8(const std::string& bytes, const std::string& character_set) {
  const bool plain = std::ranges::all_of(
      bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b'; });
  if (plain || character_set.empty() || character_set.find("ISO_IR 192") != std::string::npos)
    return bytes;
  const auto names_one = [&](std::string_view term) {
    return character_set.find(term) != std::string::npos;
  };
  std::optional<std::string> text;
  if (bytes.find('\x1b') != std::string::npos) {
    if (names_one("IR 149"))
      text = converted(without(bytes, "\x1b$)C"), "EUC-KR");
    else if (names_one("IR 58"))
      text = converted(without(bytes, "\x1b$)A"), "GB2312");
    else
      text = converted(bytes, "ISO-2022-JP-2");
  } else {
    const std::string_view first =
        std::string_view(character_set).substr(0, character_set.find('\\'));
    const auto known = std::ranges::find(names, first, &Name::first);
    if (known != names.end())
      text = converted(bytes, known->second);
    else if (names_one("IR 13"))
      text = converted(bytes, "SHIFT_JIS");
  }
  return text ? *text : bytes;
}

}  // namespace gadolin::io
