#pragma once
// Wall-clock time as text. Durations are measured with std::chrono::steady_clock by their users.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gadolin {

/// ISO 8601 in UTC with milliseconds: "2026-01-31T12:00:00.000Z".
std::string utcIso8601(std::chrono::system_clock::time_point time);
std::string utcNow();
/// "2026-01-31T12:00:00.000Z", with a space for the T, without seconds, milliseconds or Z, as
/// utcIso8601() would write it; nothing for any other text or a day that does not exist.
std::optional<std::string> utcFromText(std::string_view text);

}  // namespace gadolin
