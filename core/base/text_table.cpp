#include "core/base/text_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace gadolin {
namespace {

constexpr std::array<char, 4> separators{'\t', ';', ',', '|'};  // rarer in a sentence first

struct RawRow {
  int line = 0;
  std::vector<std::string> fields;
  std::vector<bool> quoted;
};

Error openQuote(int line) {
  return {ErrorCode::InvalidInput,
          "Line " + std::to_string(line) +
              ": a quotation mark is opened and never closed. Close it, or double the "
              "quotation marks inside the field."};
}

/// One pass over text whose line ends are '\n' outside of quotes.
class RowReader {
 public:
  RowReader(std::string_view text, char separator, int first_line)
      : text_(text), separator_(separator), line_(first_line) {}

  [[nodiscard]] bool atEnd() const { return at_ >= text_.size(); }

  Result<RawRow> next() {
    RawRow row{line_, {}, {}};
    std::string field;
    bool quoted = false, was_quoted = false;
    int quote_line = line_;
    const auto endField = [&] {
      row.fields.push_back(unguarded(was_quoted ? std::string_view(field) : trimmedText(field)));
      row.quoted.push_back(was_quoted);
      field.clear();
      was_quoted = false;
    };
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (quoted) {
        if (c != '"') {
          field += c;
        } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          field += '"';
          ++at_;
        } else {
          quoted = false;
        }
      } else if (c == separator_) {
        endField();
      } else if (c == '\n') {
        ++at_;
        endField();
        return row;
      } else if (c == '"' && !was_quoted && trimmedText(field).empty()) {
        field.clear();
        quoted = was_quoted = true;
        quote_line = line_;
      } else if (!was_quoted || !trimmedText({&c, 1}).empty()) {
        field += c;
      }
    }
    if (quoted) return openQuote(quote_line);
    endField();
    return row;
  }

 private:
  static std::string unguarded(std::string_view field) {
    constexpr std::string_view guarded = "=+-@";
    if (field.size() > 1 && field[0] == '\'' && guarded.find(field[1]) != std::string_view::npos)
      field.remove_prefix(1);
    return std::string(field);
  }

  std::string_view text_;
  char separator_;
  int line_;
  std::size_t at_ = 0;
};

/// CR, CRLF and LF become LF, also in quoted fields: a line break there is one.
std::string withPlainLineEnds(const std::string& text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      plain += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      plain += '\n';
    }
  }
  return plain;
}

/// "sep=;" as Excel writes and reads it, at the begin. Takes the line away.
std::optional<char> namedSeparator(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  if (line.size() < 5) return {};
  constexpr std::string_view word = "sep=";
  for (std::size_t i = 0; i < word.size(); ++i) {
    if ((line[i] | 0x20) != (word[i] | 0x20)) return {};
  }
  const char separator = line[4];
  if (!trimmedText(line.substr(5)).empty() ||
      std::ranges::find(separators, separator) == separators.end())
    return {};
  text.remove_prefix(std::min(end + 1, text.size()));
  return separator;
}

/// How many of the first rows have as many fields as the first; 0 where that is one field.
std::pair<double, std::size_t> consistency(std::string_view text, char separator) {
  constexpr int rows_looked_at = 200;
  RowReader reader(text, separator, 1);
  std::size_t columns = 0;
  int rows = 0, alike = 0;
  while (!reader.atEnd() && rows < rows_looked_at) {
    const auto row = reader.next();
    if (!row) break;
    if (row->fields.size() == 1 && row->fields[0].empty()) continue;
    if (columns == 0) columns = row->fields.size();
    ++rows;
    if (row->fields.size() == columns) ++alike;
  }
  if (columns < 2 || rows == 0) return {0, columns};
  return {static_cast<double>(alike) / rows, columns};
}

char likelySeparator(std::string_view text) {
  char best = ',';
  std::pair<double, std::size_t> most{0, 0};
  for (const char candidate : separators) {
    const auto found = consistency(text, candidate);
    if (found.first > most.first || (found.first == most.first && found.second > most.second)) {
      most = found;
      best = candidate;
    }
  }
  return most.first > 0 ? best : ',';
}

bool isBlank(const RawRow& row) {
  return std::ranges::all_of(row.fields,
                             [](const std::string& field) { return trimmedText(field).empty(); });
}

std::string asName(std::string_view field) {
  std::string name(trimmedText(field));
  std::ranges::replace(name, '\n', ' ');
  return name;
}

/// Gives every column a name of its own; drops those that have neither name nor value.
void nameColumns(TextTable& table, const RawRow& header, std::vector<RawRow>& rows) {
  std::vector<bool> kept;
  int dropped = 0;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const bool empty =
        asName(header.fields[i]).empty() && std::ranges::all_of(rows, [i](const RawRow& row) {
          return i >= row.fields.size() || trimmedText(row.fields[i]).empty();
        });
    kept.push_back(!empty);
    dropped += empty ? 1 : 0;
  }
  if (dropped > 0) {
    table.notes.push_back(
        std::to_string(dropped) + (dropped == 1 ? " column has" : " columns have") +
        " neither a name nor a value and " + (dropped == 1 ? "was" : "were") + " left out.");
    for (auto& row : rows) {
      std::size_t to = 0;
      for (std::size_t i = 0; i < row.fields.size(); ++i) {
        if (i < kept.size() && !kept[i]) continue;
        if (to != i) row.fields[to] = std::move(row.fields[i]);
        ++to;
      }
      row.fields.resize(to);
    }
  }
  std::map<std::string, int> seen;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    if (!kept[i]) continue;
    std::string name = asName(header.fields[i]);
    if (name.empty()) {
      name = "Column " + std::to_string(i + 1);
      table.notes.push_back("Column " + std::to_string(i + 1) + " has no name in the first line.");
    }
    const std::size_t place = table.header.size();
    if (const int times = ++seen[name]; times > 1) {
      table.twins[place] = first[name];
      table.notes.push_back("There is more than one column '" + name + "'.");
      name += " (" + std::to_string(times) + ")";
    } else {
      first[name] = place;
    }
    table.header.push_back(std::move(name));
  }
}

}  // namespace

std::string_view separatorName(char separator) {
  switch (separator) {
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    case '|':
      return "vertical bar";
    case ':':
      return "colon";
    default:
      return "comma";
  }
}

Result<TextTable> readTextTable(std::string_view bytes, std::optional<char> separator) {
  GADOLIN_TRY(const DecodedText decoded, decodeText(bytes));
  const std::string plain = withPlainLineEnds(decoded.utf8);
  std::string_view text = plain;
  TextTable table;
  table.encoding = decoded.encoding;
  const auto named = namedSeparator(text);
  table.separator_named = separator || named;
  table.separator = separator ? *separator : named ? *named : likelySeparator(text);
  RowReader reader(text, table.separator, named ? 2 : 1);
  std::optional<RawRow> header;
  std::vector<RawRow> rows;
  while (!reader.atEnd()) {
    GADOLIN_TRY(RawRow row, reader.next());
    if (isBlank(row)) continue;
    if (header) {
      rows.push_back(std::move(row));
    } else {
      header = std::move(row);
    }
  }
  if (!header) {
    return Error{ErrorCode::InvalidInput, "The table is empty: it has no header line."};
  }
  nameColumns(table, *header, rows);
  const std::size_t columns = table.header.size();
  for (auto& row : rows) {
    while (row.fields.size() > columns && trimmedText(row.fields.back()).empty())
      row.fields.pop_back();
    TextRow kept{row.line, {}, static_cast<int>(row.fields.size()), {}};
    row.fields.resize(columns);
    kept.fields = std::move(row.fields);
    table.rows.push_back(std::move(kept));
  }
  return table;
}

}  // namespace gadolin
