#include "core/base/csv.h"

#include <algorithm>
#include <cctype>
#include <charconv>

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

char separatorOf(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  const auto count = [first](char c) { return std::ranges::count(first, c); };
  if (count('\t') > 0 && count('\t') >= count(';') && count('\t') >= count(',')) return '\t';
  return count(';') > count(',') ? ';' : ',';
}

Error badLine(int line, std::string_view what) {
  return {ErrorCode::InvalidInput, "Line " + std::to_string(line) + ": " + std::string(what)};
}

/// Reads one row at `at`; `line` counts on.
Result<CsvRow> readRow(std::string_view text, std::size_t& at, int& line, char separator) {
  CsvRow row{line, {}};
  std::string field;
  bool quoted = false;      // inside quotes
  bool was_quoted = false;  // the field had quotes: blanks count
  const auto endField = [&] {
    row.fields.push_back(was_quoted ? field : trimmed(field));
    field.clear();
    was_quoted = false;
  };
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        field += '"';
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"' && trimmed(field).empty()) {
      field.clear();
      quoted = was_quoted = true;
    } else if (c == separator) {
      endField();
    } else if (c == '\n') {
      ++at;
      endField();
      return row;
    } else if (c == '\r') {
      continue;
    } else if (!was_quoted || (c != ' ' && c != '\t')) {
      field += c;
    }
  }
  if (quoted) return badLine(row.line, "a quotation mark is opened and never closed.");
  endField();
  return row;
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
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const char separator = separatorOf(text);
  CsvTable table;
  std::size_t at = 0;
  int line = 1;
  while (at < text.size()) {
    GADOLIN_TRY(CsvRow row, readRow(text, at, line, separator));
    if (row.fields.size() == 1 && row.fields[0].empty()) continue;
    if (table.header.empty()) {
      table.header = std::move(row.fields);
      continue;
    }
    if (row.fields.size() != table.header.size()) {
      return badLine(row.line, std::to_string(row.fields.size()) + " fields where the header has " +
                                   std::to_string(table.header.size()) + ".");
    }
    table.rows.push_back(std::move(row));
  }
  if (table.header.empty()) {
    return Error{ErrorCode::InvalidInput, "The table is empty: it has no header line."};
  }
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
