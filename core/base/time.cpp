#include "core/base/time.h"

#include <cstdio>
#include <ctime>
#include <regex>

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

std::string utcNow() {
  return utcIso8601(std::chrono::system_clock::now());
}

std::optional<std::string> utcFromText(std::string_view text) {
  using namespace std::chrono;
  static const std::regex form(
      R"((\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?Z?)");
  std::match_results<std::string_view::const_iterator> parts;
  if (!std::regex_match(text.begin(), text.end(), parts, form)) return std::nullopt;
  const auto number = [&parts](std::size_t i) {
    return parts[i].matched ? std::stoi(parts[i].str()) : 0;
  };
  const year_month_day day{year(number(1)), month(static_cast<unsigned>(number(2))),
                           std::chrono::day(static_cast<unsigned>(number(3)))};
  if (!day.ok() || number(4) > 23 || number(5) > 59 || number(6) > 59) return std::nullopt;
  std::string fraction = parts[7].str();
  fraction.resize(3, '0');
  return utcIso8601(sys_days(day) + hours(number(4)) + minutes(number(5)) + seconds(number(6)) +
                    milliseconds(std::stoi(fraction)));
}

}  // namespace gadolin
