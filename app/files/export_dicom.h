#pragma once
// export --format dicom-seg and dicom-sr: masks as DICOM Segmentations and measurements as
// structured reports, on images that they refer to.

#include <filesystem>
#include <string>

#include "app/ctl/command.h"
#include "app/files/export_cases.h"

namespace gadolin::ctl {

struct DicomWishes {
  bool reports = false;  // measurements beside every segmentation
  std::string run;       // whose predictions; empty: the newest of each stack
  /// Folder with the images that the stacks were imported from; empty: the images are written anew.
  std::filesystem::path images;
};

/// For each stack with a mask `<stack>/`: `images/IM0001.dcm` (the stack's voxels in 16 bits, under
/// its pseudonym) unless the images it was imported from are all found below `wishes.images`, by
/// the marks that the project keeps of their UIDs; `<who>-seg.dcm`, where who is `reader`,
/// `reference` or `prediction-<run>`; and `<who>-sr.dcm` where reports are wanted. Errors: Conflict
/// (`out` holds something), InvalidInput (no stack, no mask), NotFound (no such run or folder),
/// what reading and writing give; nothing is left behind then.
Result<ExportOutcome> exportDicom(session::Project& project, const std::filesystem::path& out,
                                  const DicomWishes& wishes, Output& output);

}  // namespace gadolin::ctl
