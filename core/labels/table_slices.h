#pragma once
// For table_*.cpp of this folder: numbers of slices as tables write them, and whether they begin
// with 0 or 1.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels/table_rows.h"

namespace gadolin {

/// "3;4;7", "3, 4", "2-5": as the table counts. Nothing for other text.
std::optional<std::vector<int>> slicesOfList(std::string_view cell);

/// A whole number; spreadsheets write 2 as "2,0" at times.
std::optional<int> sliceNumber(const std::string& cell);

struct SliceBase {
  std::optional<int> first;  // 0 or 1; empty where no slice is counted, or nobody knows
  std::string reason;
  std::optional<OpenQuestion> question;
};
/// As the person says; 0 for Gadolin's own tables; proved by a slice 0, or by a slice as high as
/// the number of slices of its stack; else a question.
SliceBase findFirstSlice(const TableView& view, const std::vector<RowMeaning>& rows,
                         const TableOptions& options);

}  // namespace gadolin
