#pragma once
// What a column of a foreign table may mean.

#include <optional>
#include <string_view>

namespace gadolin {

enum class ColumnRole {
  Ignored,
  Patient,
  Stack,
  Slice,
  SliceLabel,  // of the slice that the row names
  StackLabel,  // of the whole stack, or of all stacks of the patient
  SliceList,   // "3;4;7": slices with fibrosis
  OneSlice,    // the label of the slice that the column's name says
  Reader,
  Time,
  Number,  // from here on: facts of the patient
  Category,
  Text,
  Date,
};
/// "ignored", "patient", "stack", "slice", "slice-label", "stack-label", "slice-list", "one-slice",
/// "reader", "time", "number", "category", "text", "date".
std::string_view toText(ColumnRole role);
std::optional<ColumnRole> columnRoleFromText(std::string_view text);
/// A fact of the patient: Number, Category, Text or Date.
bool isClinical(ColumnRole role);
bool holdsLabels(ColumnRole role);

}  // namespace gadolin
