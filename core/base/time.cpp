#include "core/base/time.h"

#include <cstdio>
#include <ctime>

namespace gadolin {

std::string utcIso8601(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto since_epoch = time.time_since_epoch();
  const auto whole = floor<seconds>(since_epoch);
  const std::time_t seconds_value = whole.count();
  const auto millis = static_cast<int>(duration_cast<milliseconds>(since_epoch - whole).count());
  std::tm parts{};
  ::gmtime_r(&seconds_value, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, millis);
  return text;
}

std::string utcNow() { return utcIso8601(std::chrono::system_clock::now()); }

}  // namespace gadolin
