#include "core/labels/table_numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "core/base/text_decoding.h"

namespace gadolin {
namespace {

/// Digits with '.' and ',' alone; `negative` and blanks, apostrophes and the percent sign are off.
/// Empty where the cell holds anything else.
struct DigitText {
  std::string text;
  bool negative = false;
};

DigitText digitsOf(std::string_view cell) {
  std::string_view rest = trimmedText(cell);
  DigitText digits;
  if (rest.ends_with('%')) rest = trimmedText(rest.substr(0, rest.size() - 1));
  if (rest.starts_with('-') || rest.starts_with('+')) {
    digits.negative = rest[0] == '-';
    rest.remove_prefix(1);
  } else if (rest.starts_with("\xE2\x88\x92")) {  // U+2212, the minus sign of print
    digits.negative = true;
    rest.remove_prefix(3);
  }
  constexpr auto group_signs = std::to_array<std::string_view>(
      {" ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"});
  std::size_t since_group = 0;
  bool grouped = false;
  while (!rest.empty()) {
    const char c = rest[0];
    if ((c >= '0' && c <= '9') || c == '.' || c == ',') {
      digits.text += c;
      ++since_group;
      if ((c == '.' || c == ',') && grouped && since_group != 4) return {};
      if (c == '.' || c == ',') grouped = false, since_group = 0;
      rest.remove_prefix(1);
      continue;
    }
    const auto sign =
        std::ranges::find_if(group_signs, [rest](auto each) { return rest.starts_with(each); });
    const bool fits = sign != group_signs.end() && since_group >= 1 && since_group <= 3 &&
                      (!grouped || since_group == 3) &&
                      digits.text.find_first_of(".,") == std::string::npos;
    if (!fits) return {};
    grouped = true;
    since_group = 0;
    rest.remove_prefix(sign->size());
  }
  if (grouped && since_group != 3) return {};
  return digits;
}

std::vector<std::string_view> partsOf(std::string_view text, char sign) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(text.find(sign, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    if (end == text.size()) return parts;
    begin = end + 1;
  }
}

/// Whole digits, perhaps in groups of three parted by `group`.
bool isGrouped(std::string_view whole, char group) {
  const auto parts = partsOf(whole, group);
  if (parts.size() == 1)
    return std::ranges::all_of(whole, [](char c) { return c >= '0' && c <= '9'; });
  if (parts[0].empty() || parts[0].size() > 3 || parts[0] == "0") return false;
  return std::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
    return part.size() == 3 && part.find_first_not_of("0123456789") == std::string_view::npos;
  });
}

std::optional<double> numberOf(const DigitText& digits, DecimalSign sign) {
  const char decimal = sign == DecimalSign::Comma ? ',' : '.',
             group = sign == DecimalSign::Comma ? '.' : ',';
  const auto parts = partsOf(digits.text, decimal);
  if (parts.size() > 2 || !isGrouped(parts[0], group)) return std::nullopt;
  if (parts.size() == 2 &&
      (parts[1].empty() || parts[1].find_first_not_of("0123456789") != std::string_view::npos))
    return std::nullopt;
  std::string plain(parts[0]);
  std::erase(plain, group);
  if (plain.empty() && parts.size() < 2) return std::nullopt;
  if (plain.empty()) plain = "0";
  if (parts.size() == 2) plain.append(".").append(parts[1]);
  double value = 0;
  const auto [end, code] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (code != std::errc() || end != plain.data() + plain.size() || !std::isfinite(value))
    return std::nullopt;
  return digits.negative ? -value : value;
}

struct DayText {
  std::array<int, 3> numbers{};
  std::array<std::size_t, 3> lengths{};
  char sign = '\0';
};

std::optional<DayText> dayOf(std::string_view cell) {
  std::string_view text = trimmedText(cell);
  // A time of day may follow.
  if (const auto blank = text.find_first_of(" T"); blank != std::string_view::npos) {
    const std::string_view time = text.substr(blank + 1);
    if (time.find_first_not_of("0123456789:.Z") != std::string_view::npos ||
        time.find(':') == std::string_view::npos)
      return std::nullopt;
    text = text.substr(0, blank);
  }
  const std::size_t at = text.find_first_not_of("0123456789");
  if (at == std::string_view::npos ||
      std::string_view("-/.").find(text[at]) == std::string_view::npos)
    return std::nullopt;
  DayText day;
  day.sign = text[at];
  const auto parts = partsOf(text, day.sign);
  if (parts.size() != 3) return std::nullopt;
  for (std::size_t i = 0; i < 3; ++i) {
    if (parts[i].empty() || parts[i].size() > 4) return std::nullopt;
    const auto [end, code] =
        std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), day.numbers[i]);
    if (code != std::errc() || end != parts[i].data() + parts[i].size()) return std::nullopt;
    day.lengths[i] = parts[i].size();
  }
  return day;
}

bool isDay(int year, int month, int day) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1850 || year > 2200 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

}  // namespace

DecimalEvidence decimalEvidence(std::string_view cell) {
  const DigitText digits = digitsOf(cell);
  if (digits.text.empty()) return DecimalEvidence::NoNumber;
  const bool point = numberOf(digits, DecimalSign::Point).has_value();
  const bool comma = numberOf(digits, DecimalSign::Comma).has_value();
  if (!point && !comma) return DecimalEvidence::NoNumber;
  if (point && comma) {
    return digits.text.find_first_of(".,") == std::string::npos ? DecimalEvidence::Whole
                                                                : DecimalEvidence::Either;
  }
  return point ? DecimalEvidence::Point : DecimalEvidence::Comma;
}

std::optional<double> numberFromText(std::string_view cell, DecimalSign sign) {
  const DigitText digits = digitsOf(cell);
  if (digits.text.empty()) return std::nullopt;
  return numberOf(digits, sign);
}

bool isCensoredNumber(std::string_view cell) {
  std::string_view text = trimmedText(cell);
  constexpr auto signs = std::to_array<std::string_view>(
      {"<=", ">=", "<", ">", "\xE2\x89\xA4", "\xE2\x89\xA5", "~", "ca.", "ca "});
  const auto sign =
      std::ranges::find_if(signs, [text](auto each) { return text.starts_with(each); });
  return sign != signs.end() &&
         decimalEvidence(text.substr(sign->size())) != DecimalEvidence::NoNumber;
}

DateEvidence dateEvidence(std::string_view cell) {
  const auto day = dayOf(cell);
  if (!day) return DateEvidence::NoDate;
  const auto [a, b, c] = day->numbers;
  if (day->lengths[0] == 4) return isDay(a, b, c) ? DateEvidence::Certain : DateEvidence::NoDate;
  if (day->lengths[2] != 4) return DateEvidence::NoDate;  // a year of two digits may be a day too
  const bool day_first = isDay(c, b, a), month_first = isDay(c, a, b);
  if (day->sign == '.') return day_first ? DateEvidence::Certain : DateEvidence::NoDate;
  if (day_first && month_first) return a == b ? DateEvidence::Certain : DateEvidence::Either;
  if (day_first) return DateEvidence::DayFirst;
  return month_first ? DateEvidence::MonthFirst : DateEvidence::NoDate;
}

std::optional<std::string> dateFromText(std::string_view cell, DateOrder order) {
  const auto text = dayOf(cell);
  if (!text) return std::nullopt;
  auto [first, second, third] = text->numbers;
  int year = first, month = second, day = third;
  if (text->lengths[0] != 4) {
    if (text->lengths[2] != 4) return std::nullopt;
    const bool day_first = text->sign == '.' || order == DateOrder::DayFirst;
    year = third;
    month = day_first ? second : first;
    day = day_first ? first : second;
  }
  if (!isDay(year, month, day)) return std::nullopt;
  char iso[16];
  std::snprintf(iso, sizeof iso, "%04d-%02d-%02d", year % 10000, month % 100, day % 100);
  return std::string(iso);
}

}  // namespace gadolin
