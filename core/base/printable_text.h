#pragma once
// Text of foreign files on a terminal, which obeys control characters.

#include <string>
#include <string_view>

namespace gadolin {

/// With U+FFFD for every control character (also DEL and U+0080 to U+009F), every sign that turns
/// the direction of writing (U+202A to U+202E, U+2066 to U+2069), and every byte that is no UTF-8.
/// Line breaks and tabs stay.
std::string printableText(std::string_view utf8);
/// The same with U+FFFD for line breaks and tabs too: a name cannot begin a line of its own.
std::string printableLine(std::string_view utf8);

}  // namespace gadolin
