#include "core/report/wording.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace gadolin::report {

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
  const bool negative =
      value < 0 && std::string_view(text).find_first_of("123456789") != std::string_view::npos;
  return (negative ? "\u2212" : "") + std::string(text);
}

std::string fixed(const std::optional<double>& value, int decimals) {
  return value ? fixed(*value, decimals) : "\u2013";
}

std::string csvNumber(const std::optional<double>& value, int decimals) {
  if (!value) return {};
  std::array<char, 64> text{};
  // std::to_chars does not follow the locale, so the decimal sign is always a full stop.
  const auto end = std::to_chars(text.data(), text.data() + text.size(), *value,
                                 std::chars_format::fixed, decimals);
  return end.ec == std::errc() ? std::string(text.data(), end.ptr) : std::string();
}

std::string counted(long long count, std::string_view singular, std::string_view plural) {
  return std::to_string(count) + " " + std::string(count == 1 ? singular : plural);
}

std::string day(std::string_view utc) {
  return utc.size() >= 16 ? std::string(utc.substr(0, 10)) : "time not known";
}

std::string minute(std::string_view utc) {
  if (utc.size() < 16) return "time not known";
  return std::string(utc.substr(0, 10)) + " " + std::string(utc.substr(11, 5)) + " UTC";
}

}  // namespace gadolin::report
