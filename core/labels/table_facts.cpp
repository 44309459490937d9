#include "core/labels/table_facts.h"

#include <charconv>

#include "core/labels/table_numbers.h"
#include "core/labels/table_words.h"

namespace gadolin {
namespace {

std::string numberText(double value) {
  char text[32];
  const auto [end, code] = std::to_chars(text, text + sizeof text, value);
  return code == std::errc() ? std::string(text, end) : std::string();
}

}  // namespace

void FactReader::read(const RowMeaning& meaning, const std::vector<ColumnReading>& columns,
                      const TableView& view, const Contradict& contradict) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const ColumnReading& column = columns[i];
    const std::string value = view.cell(*meaning.row, static_cast<int>(i));
    if (!isClinical(column.role) || saysNothing(value)) continue;
    std::optional<double> number;
    std::string kept = value;
    if (column.role == ColumnRole::Number) {
      number = numberFromText(value, column.decimal);
      if (number) {
        kept = numberText(*number);
      } else if (!isCensoredNumber(value)) {
        contradict({meaning.row->line}, static_cast<int>(i), value,
                   inQuotes(value) + " is no number with a decimal " +
                       (column.decimal == DecimalSign::Comma ? "comma." : "point."));
        continue;
      }
    } else if (column.role == ColumnRole::Date) {
      if (!column.dates_open) kept = dateFromText(value, column.dates).value_or(value);
      if (dateEvidence(value) == DateEvidence::NoDate) {
        contradict({meaning.row->line}, static_cast<int>(i), value,
                   inQuotes(value) + " is no day.");
        continue;
      }
    }
    add({meaning.row->line, meaning.patient, i, kept, number}, value, contradict);
  }
}

void FactReader::add(ClinicalFact fact, const std::string& written, const Contradict& contradict) {
  const auto [before, fresh] =
      facts_.emplace(std::pair(fact.patient, fact.column), std::pair(fact, written));
  const auto& [earlier, earlier_written] = before->second;
  if (fresh || foldedWord(earlier.value) == foldedWord(fact.value)) return;
  contradict({earlier.line, fact.line}, static_cast<int>(fact.column), written,
             "patient " + fact.patient + " has " + inQuotes(earlier_written) + " on line " +
                 std::to_string(earlier.line) + " and " + inQuotes(written) + " on line " +
                 std::to_string(fact.line) + ".");
}

std::vector<ClinicalFact> FactReader::facts() const {
  std::vector<ClinicalFact> all;
  for (const auto& [key, fact] : facts_) all.push_back(fact.first);
  return all;
}

}  // namespace gadolin
