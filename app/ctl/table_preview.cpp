#include "app/ctl/table_preview.h"

#include <algorithm>

#include "core/base/printable_text.h"

namespace gadolin::ctl {
namespace {

constexpr std::size_t first_rows = 6;
constexpr std::size_t most_contradictions = 1000;  // a table that fits nothing has one a row

std::string decimalName(const ColumnReading& column) {
  if (column.role != ColumnRole::Number) return {};
  if (column.decimal_open) return "open";
  return column.decimal == DecimalSign::Comma ? "comma" : "point";
}

/// Letters, not bytes: continuation bytes take no room.
std::size_t lettersOf(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string shortened(std::string text, std::size_t letters) {
  std::ranges::replace(text, '\n', ' ');
  text = printableLine(text);
  if (lettersOf(text) <= letters) return text;
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at) {
    if ((text[at] & 0xC0) != 0x80 && ++seen == letters) break;
  }
  return text.substr(0, at) + "…";
}

/// Rows of cells as columns of equal width.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], lettersOf(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i)
      line += " " + row[i] +
              (i + 1 < row.size() ? std::string(widths[i] - lettersOf(row[i]) + 1, ' ') : "");
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string wordsOf(const ColumnReading& column) {
  std::string text;
  for (const auto& [word, meaning] : column.words)
    text += (text.empty() ? "" : ", ") + word + " = " + (meaning.empty() ? "?" : meaning);
  return text;
}

std::string columnsText(const TablePlan& plan) {
  std::vector<std::vector<std::string>> rows{{"COLUMN", "IS", "WHY"}};
  for (const auto& column : plan.columns) {
    std::string why = column.reason;
    if (!column.unit.empty()) why += "; in " + column.unit;
    if (!column.words.empty()) why += "; " + wordsOf(column);
    rows.push_back({shortened(column.name, 28), std::string(toText(column.role)), printableLine(why)});
  }
  return aligned(rows);
}

std::string listText(const std::string& title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = title + "\n";
  for (const auto& line : lines) text += "  " + printableLine(line) + "\n";
  return text;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return count == 1 ? "1 " + one : std::to_string(count) + " " + many;
}

}  // namespace

nlohmann::json previewJson(const TextTable& table, const TablePlan& plan) {
  using nlohmann::json;
  json columns = json::array(), rows = json::array(), contradictions = json::array(),
       questions = json::array(), alike = json::array();
  for (const auto& column : plan.columns) {
    json words = json::array();
    for (const auto& [word, meaning] : column.words)
      words.push_back({{"word", word}, {"meaning", meaning}});
    columns.push_back({{"name", column.name},
                       {"title", column.title},
                       {"unit", column.unit},
                       {"role", toText(column.role)},
                       {"reason", column.reason},
                       {"chosen", column.chosen},
                       {"identifying", column.identifying},
                       {"decimal", decimalName(column)},
                       {"filled", column.filled},
                       {"words", words}});
  }
  for (std::size_t i = 0; i < std::min(first_rows, table.rows.size()); ++i)
    rows.push_back(table.rows[i].fields);
  for (const auto& each : plan.contradictions) {
    if (contradictions.size() == most_contradictions) break;
    contradictions.push_back({{"line", each.lines.back()},
                              {"lines", each.lines},
                              {"file", each.file},
                              {"column", each.column},
                              {"value", each.value},
                              {"reason", toSentence(each)}});
  }
  for (const auto& each : plan.questions)
    questions.push_back({{"question", toText(each.question)}, {"text", each.sentence}});
  for (const auto& each : plan.alike)
    alike.push_back({{"written", each.written}, {"found", each.found}, {"how", each.how}});
  return {{"encoding", toText(table.encoding)},
          {"separator", separatorName(table.separator)},
          {"rows", plan.rows},
          {"rows_left", plan.rows_left},
          {"columns", columns},
          {"first_rows", rows},
          {"first_slice", plan.first_slice ? json(*plan.first_slice) : json()},
          {"first_slice_reason", plan.first_slice_reason},
          {"patients", plan.patients},
          {"stacks", plan.stacks},
          {"labels", plan.labels.size()},
          {"facts", plan.facts.size()},
          {"contradiction_count", plan.contradictions.size()},
          {"contradictions", contradictions},
          {"questions", questions},
          {"alike", alike},
          {"notes", plan.notes}};
}

std::string previewText(const std::string& name, const TextTable& table, const TablePlan& plan) {
  std::string text = name + ": " + std::string(toText(table.encoding)) + ", separator " +
                     std::string(separatorName(table.separator)) +
                     (table.separator_named ? " (named)" : "") + ", " +
                     counted(table.rows.size(), "row", "rows") + ".\n\n" + columnsText(plan) + "\n";
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i <= std::min(first_rows, table.rows.size()); ++i) {
    auto cells = i == 0 ? table.header : table.rows[i - 1].fields;
    for (auto& cell : cells) cell = shortened(cell, 18);
    rows.push_back(std::move(cells));
  }
  text += "First rows\n" + aligned(rows) + "\n";
  if (plan.first_slice)
    text += "The first slice is " + std::to_string(*plan.first_slice) + ": " +
            plan.first_slice_reason + ".\n";
  text += counted(static_cast<std::size_t>(plan.patients), "patient", "patients") +
          " of the project named; " + counted(plan.labels.size(), "label", "labels") + " of " +
          counted(static_cast<std::size_t>(plan.stacks), "stack", "stacks") + ", " +
          counted(plan.facts.size(), "clinical value", "clinical values") + ".\n";
  std::vector<std::string> lines;
  for (const auto& each : plan.alike)
    lines.push_back("'" + each.written + "' is taken as " + each.found + ": " + each.how);
  text += listText("Not written as in the project", lines);
  lines.clear();
  for (const auto& each : plan.contradictions) lines.push_back(toSentence(each));
  text += listText(counted(lines.size(), "contradiction", "contradictions"), lines);
  lines.clear();
  for (const auto& each : plan.questions) lines.push_back(each.sentence);
  text += listText(counted(lines.size(), "open question", "open questions"), lines);
  text += listText("Notes", plan.notes);
  text.pop_back();
  return text;
}

}  // namespace gadolin::ctl
