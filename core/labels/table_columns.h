#pragma once
// What each column of a foreign table means, with the reason; a person may overrule every one.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text_table.h"
#include "core/labels/column_role.h"
#include "core/labels/patient_match.h"
#include "core/labels/table_numbers.h"

namespace gadolin {

struct ColumnReading {
  std::string name;   // as in the header
  std::string title;  // without the unit
  std::string unit;   // "kg" of "weight [kg]"
  ColumnRole role = ColumnRole::Ignored;
  std::string reason;        // a sentence
  bool chosen = false;       // by a person
  bool identifying = false;  // may say who the patient is: left out unless identity is kept
  DecimalSign decimal = DecimalSign::Point;
  bool decimal_open = false;  // "1.234" and nothing that tells whether 1234 or 1.234
  DateOrder dates = DateOrder::DayFirst;
  bool dates_open = false;  // 01/02/2020 and nothing that tells the order: kept as written
  int slice = 0;            // of OneSlice, as its name says
  /// Of labels: each word of the column with what it means ("ja" → "fibrosis"); empty: not known.
  std::vector<std::pair<std::string, std::string>> words;
  int filled = 0;  // cells that say something
};

struct TableOptions {
  std::map<std::string, ColumnRole> roles;  // by name of the column
  std::optional<int> first_slice;           // 0 or 1
  std::optional<DecimalSign> decimal;
  std::optional<bool>
      all_stacks;           // labels of a patient without a stack hold for each of their stacks
  bool base_first = false;  // slices are counted from the base, not in stored order
  bool negative_others = false;  // slices that a list does not name are free of fibrosis
  bool keep_identity = false;    // names, dates and free text are taken
  bool skip_contradictions = false;
  std::string default_reader;  // of rows that name none
};

/// One reading a column, in order. InvalidInput: a role for a column that is not there, two columns
/// for what there can be one of, a chosen role that would take identity without keep_identity.
Result<std::vector<ColumnReading>> understandColumns(const TextTable& table, PatientMatcher& known,
                                                     const TableOptions& options);

}  // namespace gadolin
