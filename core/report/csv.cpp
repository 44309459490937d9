#include "core/report/csv.h"

#include <array>
#include <charconv>

namespace gadolin::report {

std::string csvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      line += cells[i];
      continue;
    }
    line += '"';
    for (const char c : cells[i]) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\r\n";
}

std::string csvNumber(const std::optional<double>& value, int decimals) {
  if (!value) return {};
  std::array<char, 64> text{};
  // std::to_chars does not follow the locale, so the decimal sign is always a full stop.
  const auto end = std::to_chars(text.data(), text.data() + text.size(), *value,
                                 std::chars_format::fixed, decimals);
  return end.ec == std::errc() ? std::string(text.data(), end.ptr) : std::string();
}

}  // namespace gadolin::report
