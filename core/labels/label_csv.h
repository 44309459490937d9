#pragma once
// Labels as the table that Gadolin writes: patient, stack, slice (0-based, in stored order), label,
// reader, time. core/labels/table_plan.h reads it back.

#include <string>
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

std::string formatLabelTable(const std::vector<LabelRow>& rows);

}  // namespace gadolin
