#pragma once
// Names that travel in DICOM messages, checked before anything is done with them.

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace gadolin::pacs {

/// PS3.5: 1 to 64 characters of digits and dots; components are neither empty nor begin with a zero
/// before other digits.
bool isUid(std::string_view text);

/// The title without padding. InvalidInput unless it has 1 to 16 printable ASCII characters and no
/// backslash (PS3.5, value representation AE). `whose`: "of the peer", for the sentence.
Result<std::string> aeTitle(std::string_view text, std::string_view whose);

/// Without spaces and zero bytes at its ends.
std::string trimmed(std::string_view text);

/// Bytes from the wire as a sentence can hold them: printable ASCII, anything else as '?', at most
/// 64 characters.
std::string shown(std::string_view bytes);

}  // namespace gadolin::pacs
