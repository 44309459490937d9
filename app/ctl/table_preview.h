#pragma once
// How a foreign table was understood, for a person and for a program.

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/text_table.h"
#include "core/labels/table_plan.h"

namespace gadolin::ctl {

/// Keys: encoding, separator, rows, rows_left, columns [{name, title, unit, role, reason, chosen,
/// identifying, decimal, filled, words}], first_rows, first_slice (null: open or not needed),
/// first_slice_reason, patients, stacks, labels, facts, contradiction_count, contradictions (the
/// first thousand) [{line, lines, file, column, value, reason}], questions [{question, text}],
/// alike, notes.
nlohmann::json previewJson(const TextTable& table, const TablePlan& plan);

std::string previewText(const std::string& name, const TextTable& table, const TablePlan& plan);

}  // namespace gadolin::ctl
