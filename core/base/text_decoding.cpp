#include "core/base/text_decoding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace gadolin {
namespace {

// Unicode's mapping tables (Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT and
// .../APPLE/ROMAN.TXT). The five bytes that Windows-1252 leaves open stand for themselves, as
// browsers do.
constexpr std::array<char16_t, 32> windows_1252{
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};
constexpr std::array<char16_t, 128> mac_roman{
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4, 0x00E3,
    0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
    0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020, 0x00B0, 0x00A2, 0x00A3,
    0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
    0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA,
    0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
    0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D,
    0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
    0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE,
    0x00CF, 0x00CC, 0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
    0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7};

std::uint8_t byteAt(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::string fromBytes(std::string_view bytes, TextEncoding encoding) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    char32_t letter = byte;
    if (encoding == TextEncoding::MacRoman && byte >= 0x80) letter = mac_roman[byte - 0x80U];
    if (encoding == TextEncoding::Windows1252 && byte >= 0x80 && byte < 0xA0)
      letter = windows_1252[byte - 0x80U];
    appendUtf8(text, letter);
  }
  return text;
}

Result<std::string> fromUtf16(std::string_view bytes, bool little) {
  const Error half{
      ErrorCode::Corrupt,
      "The text is UTF-16, but ends or breaks in the middle of a letter. Save it again as "
      "CSV (UTF-8)."};
  if (bytes.size() % 2 != 0) return half;
  std::string text;
  text.reserve(bytes.size());
  const auto unit = [&](std::size_t at) {
    const auto low = byteAt(bytes, at + (little ? 0 : 1)),
               high = byteAt(bytes, at + (little ? 1 : 0));
    return static_cast<char32_t>(low | high << 8);
  };
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    char32_t letter = unit(at);
    if (letter >= 0xD800 && letter < 0xE000) {
      const char32_t next = at + 2 < bytes.size() ? unit(at + 2) : 0;
      if (letter >= 0xDC00 || next < 0xDC00 || next >= 0xE000) return half;
      letter = 0x10000 + ((letter - 0xD800) << 10) + (next - 0xDC00);
      at += 2;
    }
    if (letter == 0) return Error{ErrorCode::Corrupt, "The file holds zero bytes: it is no text."};
    appendUtf8(text, letter);
  }
  return text;
}

/// 'l', 'b' or 0: Latin text in UTF-16 has a zero in nearly every second byte, and none in the
/// others.
char looksLikeUtf16(std::string_view bytes) {
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\0') ++(i % 2 == 0 ? even : odd);
  }
  // A quarter of all bytes is half of the second ones.
  if (odd > 0 && 4 * odd >= bytes.size() && even == 0) return 'l';
  return even > 0 && 4 * even >= bytes.size() && odd == 0 ? 'b' : '\0';
}

Result<void> refuseOtherFiles(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("\xD0\xCF\x11\xE0")) {
    return Error{ErrorCode::Unsupported,
                 "It is a workbook (Excel or LibreOffice), not a text table. Save the sheet as CSV "
                 "(UTF-8) and "
                 "import that."};
  }
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) {
    return Error{ErrorCode::Unsupported, "The text is UTF-32. Save it as CSV (UTF-8)."};
  }
  return {};
}

bool linesEndWithCrAlone(std::string_view bytes) {
  return bytes.find('\r') != std::string_view::npos && bytes.find('\n') == std::string_view::npos;
}

}  // namespace

std::string_view toText(TextEncoding encoding) {
  constexpr auto names = std::to_array<std::string_view>(
      {"UTF-8", "UTF-8 with a byte order mark", "UTF-16 (little endian)", "UTF-16 (big endian)",
       "Windows-1252", "Mac Roman"});
  return names[static_cast<std::size_t>(encoding)];
}

void appendUtf8(std::string& text, char32_t letter) {
  if (letter > 0x10FFFF || (letter >= 0xD800 && letter < 0xE000)) letter = 0xFFFD;
  const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (letter < 0x80) {
    put(letter);
  } else if (letter < 0x800) {
    put(0xC0 | letter >> 6);
    put(0x80 | (letter & 0x3F));
  } else if (letter < 0x10000) {
    put(0xE0 | letter >> 12);
    put(0x80 | (letter >> 6 & 0x3F));
    put(0x80 | (letter & 0x3F));
  } else {
    put(0xF0 | letter >> 18);
    put(0x80 | (letter >> 12 & 0x3F));
    put(0x80 | (letter >> 6 & 0x3F));
    put(0x80 | (letter & 0x3F));
  }
}

bool isUtf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::uint8_t first = byteAt(bytes, at);
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xC2 ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0 || at + length > bytes.size()) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byteAt(bytes, at + i) & 0xC0) != 0x80) return false;
    }
    if (length >= 3) {
      const std::uint8_t second = byteAt(bytes, at + 1);
      const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
      const bool no_letter = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
      if (overlong || no_letter) return false;
    }
    at += length;
  }
  return true;
}

Result<DecodedText> decodeText(std::string_view bytes) {
  GADOLIN_CHECK(refuseOtherFiles(bytes));
  DecodedText decoded;
  char wide = '\0';
  if (bytes.starts_with("\xFF\xFE")) wide = 'l';
  if (bytes.starts_with("\xFE\xFF")) wide = 'b';
  if (wide != '\0') {
    bytes.remove_prefix(2);
  } else {
    wide = looksLikeUtf16(bytes);
  }
  if (wide != '\0') {
    decoded.encoding = wide == 'l' ? TextEncoding::Utf16Le : TextEncoding::Utf16Be;
    GADOLIN_TRY(decoded.utf8, fromUtf16(bytes, wide == 'l'));
    return decoded;
  }
  if (bytes.find('\0') != std::string_view::npos)
    return Error{ErrorCode::Corrupt, "The file holds zero bytes: it is no text."};
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
    decoded.encoding = TextEncoding::Utf8Mark;
    if (!isUtf8(bytes))
      return Error{ErrorCode::Corrupt,
                   "The file says that it is UTF-8, but is not. Save it again as CSV (UTF-8)."};
    decoded.utf8 = bytes;
    return decoded;
  }
  if (isUtf8(bytes)) {
    decoded.utf8 = bytes;
    return decoded;
  }
  decoded.encoding =
      linesEndWithCrAlone(bytes) ? TextEncoding::MacRoman : TextEncoding::Windows1252;
  decoded.utf8 = fromBytes(bytes, decoded.encoding);
  return decoded;
}

std::string_view trimmedText(std::string_view text) {
  constexpr auto blanks = std::to_array<std::string_view>(
      {" ", "\t", "\r", "\n", "\v", "\xC2\xA0" /* U+00A0 */, "\xE2\x80\xAF" /* U+202F */,
       "\xE2\x80\x89" /* U+2009 */, "\xE2\x80\x8B" /* U+200B */, "\xEF\xBB\xBF" /* U+FEFF */});
  for (bool more = true; more;) {
    more = false;
    for (const auto blank : blanks) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        more = true;
      }
      if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        more = true;
      }
    }
  }
  return text;
}

}  // namespace gadolin
