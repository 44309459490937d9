#pragma once
// For table_*.cpp of this folder: cells by the role of their column, and whose each row is.

#include <string>
#include <string_view>
#include <vector>

#include "core/labels/table_plan.h"

namespace gadolin {

/// A table with what its columns mean. Both outlive the view.
class TableView {
 public:
  TableView(const TextTable& table, const std::vector<ColumnReading>& columns)
      : table_(table), columns_(columns) {}

  [[nodiscard]] const TextTable& table() const { return table_; }
  [[nodiscard]] const std::vector<ColumnReading>& columns() const { return columns_; }
  /// Index of the first column of that role, or -1.
  [[nodiscard]] int columnOf(ColumnRole role) const;
  /// Trimmed; empty for column -1.
  [[nodiscard]] std::string cell(const TextRow& row, int column) const;
  /// Empty for column -1.
  [[nodiscard]] std::string nameOf(int column) const;

 private:
  const TextTable& table_;
  const std::vector<ColumnReading>& columns_;
};

/// A row with its patient and stacks found.
struct RowMeaning {
  const TextRow* row = nullptr;
  std::string patient;
  std::vector<const KnownStack*> stacks;  // the one that it names, or all of its patient
  bool names_stack = false;
};

struct FoundRows {
  std::vector<RowMeaning> rows;
  std::vector<TableContradiction> faults;  // rows whose fields or patient are not known
  std::vector<AlikePatient> alike;
};
FoundRows findRows(const TableView& view, PatientMatcher& matcher);

/// "P1-s1, P1-s2".
std::string idsOf(const std::vector<const KnownStack*>& stacks);
std::string inQuotes(std::string_view text);

}  // namespace gadolin
