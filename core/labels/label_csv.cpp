#include "core/labels/label_csv.h"

#include "core/base/csv.h"

namespace gadolin {
namespace {

constexpr std::string_view consensus_by = "consensus by ";

}  // namespace

std::string consensusReader(std::string_view author) {
  return std::string(consensus_by) + std::string(author);
}

std::optional<std::string> consensusAuthor(std::string_view reader) {
  if (!reader.starts_with(consensus_by) || reader.size() == consensus_by.size())
    return std::nullopt;
  return std::string(reader.substr(consensus_by.size()));
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
