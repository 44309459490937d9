#pragma once
// Texts of DICOM headers in the character set that the header names (PS3.3 C.12.1.1.2).

#include <string>

namespace gadolin::io {

/// UTF-8. `character_set`: SpecificCharacterSet (0008,0005) with all its values, or empty. Bytes
/// that the named set does not allow, and texts of a header that names none, come back as they are.
std::string textAsUtf8(const std::string& bytes, const std::string& character_set);

}  // namespace gadolin::io
