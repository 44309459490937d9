#pragma once
// Labels as the table that Gadolin writes: patient, stack, slice (0-based, in stored order), label,
// reader, time. core/labels/table_plan.h reads it back. A decision on a slice stands in a row of its
// own whose reader is "consensus by NAME".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels/slice_label.h"

namespace gadolin {

struct LabelRow {
  std::string patient;
  std::string stack;
  int slice = 0;
  SliceLabel label = SliceLabel::Unlabelled;
  std::string reader;
  std::string time_utc;
};

/// "consensus by NAME", and the name out of it; nothing for a reader.
std::string consensusReader(std::string_view author);
std::optional<std::string> consensusAuthor(std::string_view reader);

std::string formatLabelTable(const std::vector<LabelRow>& rows);

}  // namespace gadolin
