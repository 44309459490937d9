#pragma once
// Text of foreign files as UTF-8: which encoding it is in, told by its mark or by its bytes.

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace gadolin {

enum class TextEncoding { Utf8, Utf8Mark, Utf16Le, Utf16Be, Windows1252, MacRoman };
/// For a person: "UTF-8", "UTF-8 with a byte order mark", "UTF-16 (little endian)", ...
std::string_view toText(TextEncoding encoding);

struct DecodedText {
  std::string utf8;  // without a byte order mark; line ends as they were
  TextEncoding encoding = TextEncoding::Utf8;
};

/// A mark decides. Without one: UTF-16 where half of the bytes are zero as in Latin text, UTF-8
/// where the bytes are valid as such, else one byte a letter: Mac Roman where lines end with CR
/// alone (old Macintosh programs), Windows-1252 elsewhere. Unsupported: workbooks (.xlsx, .xls,
/// .ods), UTF-32. Corrupt: bytes that are no text, half a UTF-16 letter.
Result<DecodedText> decodeText(std::string_view bytes);

/// True when `bytes` are UTF-8 without overlong forms and surrogates.
bool isUtf8(std::string_view bytes);
/// Appends the code point; U+FFFD for what is none.
void appendUtf8(std::string& text, char32_t letter);

/// Without the blanks at both ends: space, tab, line breaks, no-break spaces (also the narrow one),
/// thin spaces and stray byte order marks.
std::string_view trimmedText(std::string_view utf8);

}  // namespace gadolin
