#pragma once
// How a mask of the project came about, as DICOM wants to know it.

#include "core/imaging/io/dicom_segmentation_writer.h"
#include "database/records.h"
#include "ui/session/project.h"

namespace gadolin::ctl {

/// Automatic: a prediction, or a person's revision with the very voxels of the prediction that it
/// began as. SemiAutomatic: a person changed a prediction, or drew with tools that choose voxels by
/// themselves (fill, interpolation, threshold), or on a mask that somebody else drew so. Manual:
/// any other mask of a person, and what was imported: of that nobody says more. The key has the
/// patient, the voxels of image and mask, author and time; `study_uid` is of the images that the
/// object will refer to.
struct MaskHistory {
  io::MaskFacts facts;
  bool began_as_prediction = false;
};
Result<MaskHistory> maskHistory(session::Project& project, const db::StackRecord& stack,
                                const db::MaskRecord& mask, const std::string& study_uid);

}  // namespace gadolin::ctl
