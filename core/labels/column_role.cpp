#include "core/labels/column_role.h"

#include <algorithm>
#include <array>

namespace gadolin {
namespace {

constexpr auto role_names = std::to_array<std::string_view>(
    {"ignored", "patient", "stack", "slice", "slice-label", "stack-label", "slice-list",
     "one-slice", "reader", "time", "number", "category", "text", "date"});

}  // namespace

std::string_view toText(ColumnRole role) {
  return role_names[static_cast<std::size_t>(role)];
}

std::optional<ColumnRole> columnRoleFromText(std::string_view text) {
  const auto found = std::ranges::find(role_names, text);
  if (found == role_names.end()) return std::nullopt;
  return static_cast<ColumnRole>(found - role_names.begin());
}

bool isClinical(ColumnRole role) {
  return role >= ColumnRole::Number;
}

bool holdsLabels(ColumnRole role) {
  return role >= ColumnRole::SliceLabel && role <= ColumnRole::OneSlice;
}

}  // namespace gadolin
