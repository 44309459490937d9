#pragma once
// Tables of a known form (RFC 4180), all or nothing. Their text is read as in core/base/text_table.h.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace gadolin {

struct CsvRow {
  int line = 0;  // 1-based, of the row's begin
  std::vector<std::string> fields;
};

struct CsvTable {
  std::vector<std::string> header;
  std::vector<CsvRow> rows;  // each with as many fields as the header; blank lines are left out

  /// Index of the column, or -1. Names are compared without case and surrounding blanks.
  [[nodiscard]] int column(std::string_view name) const;
};

/// InvalidInput names the line: a row with another number of fields, an open quote, no header.
Result<CsvTable> parseCsv(std::string_view text);

/// One line with '\n'. Fields with comma, quote, line break or outer blanks are quoted. A field
/// that a spreadsheet would run as a formula (=, +, -, @ at its begin, and not a number) gets a
/// leading apostrophe.
std::string csvLine(const std::vector<std::string>& fields);

}  // namespace gadolin
