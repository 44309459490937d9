#include "core/base/csv.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/base/text_table.h"

namespace gadolin {
namespace {

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool isNumber(const std::string& text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

}  // namespace

int CsvTable::column(std::string_view name) const {
  const std::string wanted = lower(trimmed(name));
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (lower(header[i]) == wanted) return static_cast<int>(i);
  }
  return -1;
}

Result<CsvTable> parseCsv(std::string_view text) {
  GADOLIN_TRY(TextTable read, readTextTable(text));
  CsvTable table;
  for (TextRow& row : read.rows) {
    if (read.isRagged(row)) {
      return Error{ErrorCode::InvalidInput,
                   "Line " + std::to_string(row.line) + ": " + std::to_string(row.found_fields) +
                       " fields where the header has " + std::to_string(read.header.size()) + "."};
    }
    table.rows.push_back({row.line, std::move(row.fields)});
  }
  table.header = std::move(read.header);
  return table;
}

std::string csvLine(const std::vector<std::string>& fields) {
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    std::string field = fields[i];
    if (!field.empty() && std::string_view("=+-@").find(field[0]) != std::string_view::npos &&
        !isNumber(field)) {
      field.insert(field.begin(), '\'');
    }
    const bool quote = field.find_first_of(",;\"\n\r\t") != std::string::npos ||
                       (!field.empty() && (field.front() == ' ' || field.back() == ' '));
    if (!quote) {
      text += field;
      continue;
    }
    text += '"';
    for (const char c : field) {
      text += c;
      if (c == '"') text += '"';
    }
    text += '"';
  }
  return text + '\n';
}

}  // namespace gadolin
