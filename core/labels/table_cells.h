#pragma once
// What the cells of one column of a foreign table are, whatever the column is called.

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "core/base/text_table.h"
#include "core/labels/patient_match.h"
#include "core/labels/table_identity.h"

namespace gadolin {

/// How many of them are what; a cell may be several things.
struct CellCounts {
  int filled = 0;
  int words = 0;     // labels: yes, ja, 1, ...
  int numbers = 0;   // with any decimal sign
  int censored = 0;  // "<5"
  int points = 0, commas = 0, either = 0;
  int dates = 0, day_first = 0, month_first = 0, either_order = 0;
  int lists = 0;  // whole numbers, several of them
  int whole = 0;  // 0, 1, 2, ...
  int long_texts = 0;
  int patients = 0, stacks = 0;  // that the project knows
  IdentitySigns identity;
  std::set<std::string> distinct;  // folded
};

/// "3;4;7", "3-5", "4": whole numbers with separators.
bool isSliceList(std::string_view cell);

/// Of the column's cells that say something, in rows with as many fields as the header. Patients
/// and stacks are looked up in the first thousand alone.
CellCounts countCells(const TextTable& table, std::size_t column, PatientMatcher& known);

}  // namespace gadolin
