#include "core/labels/label_csv.h"

#include "core/base/csv.h"

namespace gadolin {

std::string formatLabelTable(const std::vector<LabelRow>& rows) {
  std::string text = csvLine({"patient", "stack", "slice", "label", "reader", "time"});
  for (const LabelRow& row : rows) {
    text += csvLine({row.patient, row.stack, std::to_string(row.slice),
                     std::string(toText(row.label)), row.reader, row.time_utc});
  }
  return text;
}

}  // namespace gadolin
