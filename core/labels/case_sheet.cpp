#include "core/labels/case_sheet.h"

#include <algorithm>
#include <map>

#include "core/labels/table_numbers.h"
#include "core/labels/table_words.h"

namespace gadolin {
namespace {

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    if (const auto line = trimmedText(text.substr(0, end)); !line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// "13 mm": a number, and a unit of letters.
std::optional<std::pair<std::string, std::string>> numberAndUnit(std::string_view value) {
  const std::size_t blank = value.rfind(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view number = trimmedText(value.substr(0, blank)),
                         unit = value.substr(blank + 1);
  const bool is_unit =
      unit.find_first_of("0123456789") == std::string_view::npos && unit.size() <= 8;
  if (!is_unit || decimalEvidence(number) == DecimalEvidence::NoNumber) return std::nullopt;
  return std::pair(std::string(number), std::string(unit));
}

/// The unit that every value of the fact has.
std::string commonUnit(const std::vector<CaseSheet>& sheets, const std::string& name) {
  std::optional<std::string> unit;
  for (const auto& sheet : sheets) {
    for (const auto& [key, value] : sheet.facts) {
      if (key != name || saysNothing(value)) continue;
      const auto parts = numberAndUnit(value);
      if (!parts || (unit && *unit != parts->second)) return {};
      unit = parts->second;
    }
  }
  return unit.value_or("");
}

}  // namespace

std::optional<CaseSheet> readCaseSheet(std::string_view bytes, const std::string& file,
                                       const std::string& folder_patient) {
  const auto decoded = decodeText(bytes);
  if (!decoded) return std::nullopt;
  CaseSheet sheet{file, folder_patient, {}, decoded->encoding};
  const auto lines = linesOf(decoded->utf8);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon == std::string_view::npos && i == 0) {
      sheet.patient = lines[i];
    } else if (colon == std::string_view::npos || colon == 0) {
      return std::nullopt;
    } else {
      sheet.facts.emplace_back(trimmedText(lines[i].substr(0, colon)),
                               trimmedText(lines[i].substr(colon + 1)));
    }
  }
  const bool separated = std::ranges::any_of(sheet.facts, [](const auto& fact) {
    return fact.first.find_first_of(";\t") != std::string::npos || fact.first.empty();
  });
  if (sheet.facts.size() < 2 || separated || sheet.patient.empty()) return std::nullopt;
  return sheet;
}

TextTable tableOfSheets(const std::vector<CaseSheet>& sheets) {
  TextTable table;
  table.separator = ':';
  table.separator_named = true;
  table.header.emplace_back("Case");
  std::vector<std::string> names;
  std::map<std::string, std::string> units;
  for (const auto& sheet : sheets) {
    table.encoding = sheet.encoding;
    for (const auto& [name, value] : sheet.facts) {
      if (std::ranges::find(names, name) != names.end()) continue;
      names.push_back(name);
      units[name] = commonUnit(sheets, name);
      table.header.push_back(units[name].empty() ? name : name + " [" + units[name] + "]");
    }
  }
  for (const auto& sheet : sheets) {
    TextRow row{static_cast<int>(table.rows.size()) + 1,
                std::vector<std::string>(table.header.size()), 0, sheet.file};
    row.found_fields = static_cast<int>(table.header.size());
    row.fields[0] = sheet.patient;
    for (const auto& [name, value] : sheet.facts) {
      const auto at = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
      const auto parts = units[name].empty() ? std::nullopt : numberAndUnit(value);
      row.fields[at + 1] = parts ? parts->first : value;
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace gadolin
