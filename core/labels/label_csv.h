#pragma once
// Labels as a table: patient, stack, slice (0-based, in stored order), label, reader, time.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/labels/slice_label.h"

namespace gadolin {

struct LabelRow {
  int line = 0;         // in the file, 1-based; 0 when it came from no file
  std::string patient;  // may be empty in a file without that column
  std::string stack;
  int slice = 0;
  SliceLabel label = SliceLabel::Unlabelled;
  std::string reader;    // may be empty in a file without that column
  std::string time_utc;  // the same
};

/// Needs the columns stack, slice and label; patient, reader and time may be absent, further ones
/// are ignored. ',', ';' or tab, with or without a byte order mark. InvalidInput names the line.
Result<std::vector<LabelRow>> parseLabelTable(std::string_view text);

std::string formatLabelTable(const std::vector<LabelRow>& rows);

}  // namespace gadolin
