#pragma once
// What is measured on a mask, for a structured report on it.

#include <string>
#include <vector>

#include "core/imaging/io/dicom_report_writer.h"
#include "core/imaging/stack.h"
#include "database/records.h"
#include "ui/session/project.h"

namespace gadolin::ctl {

struct MaskFigures {
  std::vector<io::SegmentFigure> figures;  // by segment, of those that the mask has
  std::vector<std::string> remarks;
};

/// Volumes by analysis::measureVolumes(): every voxel times the extent of its slice. What cannot be
/// known is a remark and no figure: scar without myocardium has no share of it, a prediction tells
/// no MVO from scar, slices that nobody drew on yet.
Result<MaskFigures> measureMask(session::Project& project, const Stack& stack, const Mask& mask,
                                const db::MaskRecord& record, const io::MaskFacts& facts,
                                bool began_as_prediction);

}  // namespace gadolin::ctl
