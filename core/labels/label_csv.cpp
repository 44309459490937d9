#include "core/labels/label_csv.h"

#include <charconv>

#include "core/base/csv.h"
#include "core/base/time.h"

namespace gadolin {

Result<std::vector<LabelRow>> parseLabelTable(std::string_view text) {
  GADOLIN_TRY(const CsvTable table, parseCsv(text));
  const int stack = table.column("stack");
  const int slice = table.column("slice");
  const int label = table.column("label");
  const int patient = table.column("patient");
  const int reader = table.column("reader");
  const int time = table.column("time");
  if (stack < 0 || slice < 0 || label < 0) {
    return Error{ErrorCode::InvalidInput,
                 "The table needs the columns 'stack', 'slice' and 'label'; 'patient', 'reader' "
                 "and 'time' may be there too."};
  }
  std::vector<LabelRow> rows;
  for (const CsvRow& row : table.rows) {
    const auto field = [&row](int column) {
      return column < 0 ? std::string() : row.fields[static_cast<std::size_t>(column)];
    };
    LabelRow entry{row.line,      field(patient), field(stack), 0, SliceLabel::Unlabelled,
                   field(reader), field(time)};
    const std::string line = "Line " + std::to_string(row.line) + ": ";
    const std::string number = field(slice);
    const auto [end, code] =
        std::from_chars(number.data(), number.data() + number.size(), entry.slice);
    if (code != std::errc() || end != number.data() + number.size() || entry.slice < 0) {
      return Error{ErrorCode::InvalidInput,
                   line + "'" + number + "' is no number of a slice (0, 1, 2, ...)."};
    }
    const auto known = sliceLabelFromText(field(label));
    if (!known) {
      return Error{ErrorCode::InvalidInput,
                   line + "'" + field(label) +
                       "' is no label (none, fibrosis, unsure, not-diagnostic, unlabelled)."};
    }
    entry.label = *known;
    if (!entry.time_utc.empty()) {
      // It goes into a history that is never changed, and decides which of two labels is the later.
      const auto time_utc = utcFromText(entry.time_utc);
      if (!time_utc) {
        return Error{ErrorCode::InvalidInput,
                     line + "'" + entry.time_utc + "' is no time in UTC (2026-01-31T12:00:00Z)."};
      }
      entry.time_utc = *time_utc;
    }
    rows.push_back(std::move(entry));
  }
  return rows;
}

std::string formatLabelTable(const std::vector<LabelRow>& rows) {
  std::string text = csvLine({"patient", "stack", "slice", "label", "reader", "time"});
  for (const LabelRow& row : rows) {
    text += csvLine({row.patient, row.stack, std::to_string(row.slice),
                     std::string(toText(row.label)), row.reader, row.time_utc});
  }
  return text;
}

}  // namespace gadolin
