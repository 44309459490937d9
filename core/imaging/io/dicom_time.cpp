#include "core/imaging/io/dicom_time.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <string_view>

namespace gadolin::io {
namespace {

/// The number of exactly `count` digits at `at`.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  const auto part = text.substr(at, count);
  if (!std::ranges::all_of(part, [](unsigned char c) { return std::isdigit(c) != 0; }))
    return std::nullopt;
  int value = 0;
  std::from_chars(part.data(), part.data() + part.size(), value);
  return value;
}

std::optional<double> secondsOfDay(const std::string& date) {
  const auto year = digits(date, 0, 4), month = digits(date, 4, 2), day = digits(date, 6, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day when{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!when.ok()) return std::nullopt;
  return 86400.0 * static_cast<double>(std::chrono::sys_days(when).time_since_epoch().count());
}

}  // namespace

std::optional<double> secondsFrom(const std::string& date, const std::string& time) {
  const auto hour = digits(time, 0, 2), minute = digits(time, 2, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  double seconds = 3600.0 * *hour + 60.0 * *minute;
  if (const auto second = digits(time, 4, 2)) {
    if (*second > 60) return std::nullopt;
    seconds += *second;
    double unit = 0.1;
    if (time.size() > 6 && time[6] == '.') {
      for (std::size_t i = 7; i < time.size() && digits(time, i, 1); ++i, unit /= 10)
        seconds += unit * *digits(time, i, 1);
    }
  }
  if (date.empty()) return seconds;
  const auto day = secondsOfDay(date);
  if (!day) return std::nullopt;
  return *day + seconds;
}

std::optional<double> secondsFrom(const std::string& date_time) {
  if (date_time.size() < 12) return std::nullopt;
  return secondsFrom(date_time.substr(0, 8), date_time.substr(8));
}

}  // namespace gadolin::io
