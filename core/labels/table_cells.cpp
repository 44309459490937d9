#include "core/labels/table_cells.h"

#include <algorithm>

#include "core/labels/table_numbers.h"
#include "core/labels/table_words.h"

namespace gadolin {

bool isSliceList(std::string_view cell) {
  return cell.find_first_not_of("0123456789;,/ -") == std::string_view::npos &&
         cell.find_first_of("0123456789") != std::string_view::npos;
}

CellCounts countCells(const TextTable& table, std::size_t column, PatientMatcher& known) {
  CellCounts counts;
  for (const TextRow& row : table.rows) {
    if (table.isRagged(row)) continue;
    const std::string& cell = row.fields[column];
    if (saysNothing(cell)) continue;
    ++counts.filled;
    counts.distinct.insert(foldedWord(cell));
    counts.words += labelFromWord(cell) ? 1 : 0;
    const auto decimal = decimalEvidence(cell);
    counts.numbers += decimal != DecimalEvidence::NoNumber ? 1 : 0;
    counts.points += decimal == DecimalEvidence::Point ? 1 : 0;
    counts.commas += decimal == DecimalEvidence::Comma ? 1 : 0;
    counts.either += decimal == DecimalEvidence::Either ? 1 : 0;
    counts.censored += isCensoredNumber(cell) ? 1 : 0;
    const auto date = dateEvidence(cell);
    counts.dates += date != DateEvidence::NoDate ? 1 : 0;
    counts.day_first += date == DateEvidence::DayFirst ? 1 : 0;
    counts.month_first += date == DateEvidence::MonthFirst ? 1 : 0;
    counts.either_order += date == DateEvidence::Either ? 1 : 0;
    const bool list = isSliceList(cell);
    counts.lists += list && cell.find_first_of(";,/ -") != std::string::npos ? 1 : 0;
    counts.whole += list ? 1 : 0;
    noteSigns(cell, counts.identity);
    constexpr std::size_t long_text = 40;
    counts.long_texts +=
        cell.size() > long_text || std::ranges::count(foldedWord(cell), ' ') >= 3 ? 1 : 0;
    // Looking patients up costs most; the first thousand tell what the column is.
    constexpr int looked_up = 1000;
    if (counts.filled > looked_up) continue;
    const auto& match = known.match(cell);
    counts.patients += !match.patient.empty() || !match.alike.empty() ? 1 : 0;
    counts.stacks += known.stack(cell) != nullptr ? 1 : 0;
  }
  return counts;
}

}  // namespace gadolin
