#pragma once
// Identifiers of patients, stacks and runs as the project folder spells them.

#include <string>
#include <string_view>

namespace gadolin {

/// A fresh identifier: prefix, '-', 12 random hexadecimal digits. Unique in practice, no meaning.
std::string newId(std::string_view prefix);

/// True for names that are safe as one path component: 1..128 of [A-Za-z0-9._-], no leading dot.
bool isSafeName(std::string_view name);

/// `text` with every character that isSafeName refuses replaced by '_'.
std::string toSafeName(std::string_view text);

}  // namespace gadolin
