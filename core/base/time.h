#pragma once
// Wall-clock time as text. Durations are measured with std::chrono::steady_clock by their users.

#include <chrono>
#include <string>

namespace gadolin {

/// ISO 8601 in UTC with milliseconds: "2026-01-31T12:00:00.000Z".
std::string utcIso8601(std::chrono::system_clock::time_point time);
std::string utcNow();

}  // namespace gadolin
