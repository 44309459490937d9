#pragma once
// Bytes of foreign headers as text.

#include <string>

namespace gadolin::session {

/// UTF-8; what is not valid UTF-8 is taken as Latin-1.
std::string asUtf8(const std::string& bytes);

}  // namespace gadolin::session
