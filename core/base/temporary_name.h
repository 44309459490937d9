#pragma once
// The names of files and folders that are being written: who writes them can be told, so that what
// a killed program leaves can go.

#include <optional>
#include <string>
#include <string_view>

namespace gadolin {

/// ".tmp-PID@HOST-" and `rest`. The host is in it because a folder may be one of several machines'
/// (a home on the network), whose process numbers say nothing here.
std::string temporaryName(std::string_view rest);

/// The rest of such a name, where the process that it names is of this machine and has ended; so
/// too of ".tmp-PID-" and a rest, as older versions named them, which is taken to be this
/// machine's. Nothing for any other name.
std::optional<std::string> deadTemporary(std::string_view name);

}  // namespace gadolin
