#pragma once
// Tables as programs for people write them: any encoding, line end and separator, quotes, ragged
// rows. It says what it understood; what a column means is told elsewhere
// (core/labels/table_columns.h).

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/text_decoding.h"

namespace gadolin {

struct TextRow {
  int line = 0;                     // 1-based, in the file, of the row's begin
  std::vector<std::string> fields;  // as many as the header has; missing ones are empty
  int found_fields = 0;             // as written, without empty ones beyond the header's
  std::string file;                 // of a table put together from several files; messages name it
};

struct TextTable {
  TextEncoding encoding = TextEncoding::Utf8;
  char separator = ',';          // ',', ';', tab or '|'; ':' of case sheets
  bool separator_named = false;  // by a first line "sep=;", or by the caller
  /// Names are trimmed, line breaks in them are blanks; a column without a name is "Column 5", a
  /// second "Name" is "Name (2)". Columns without a name and without a value are left out.
  std::vector<std::string> header;
  std::vector<TextRow> rows;       // rows without any value are left out
  std::vector<std::string> notes;  // sentences on what was mended
  /// Columns whose name another one before them has in the file, with the first of that name.
  std::map<std::size_t, std::size_t> twins;

  /// Rows whose number of fields is not the header's: they cannot be trusted.
  [[nodiscard]] bool isRagged(const TextRow& row) const {
    return row.found_fields != static_cast<int>(header.size());
  }
};

/// Fields are trimmed (blanks and no-break spaces) unless they are quoted; quoted ones may hold
/// separators, line breaks and doubled quotes. An apostrophe before =, +, - or @ is dropped:
/// spreadsheets and csvLine() guard such fields with it. `separator` overrules. Unsupported,
/// Corrupt: decodeText(). InvalidInput: no header, a quotation mark that is never closed, with its
/// line.
Result<TextTable> readTextTable(std::string_view bytes, std::optional<char> separator = {});

/// "semicolon", "comma", "tab", "vertical bar".
std::string_view separatorName(char separator);

}  // namespace gadolin
