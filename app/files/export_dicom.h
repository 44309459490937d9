#pragma once
// export --format dicom-seg, dicom-sr and dicom-pdf: masks as DICOM Segmentations, measurements as
// structured reports and patients' pages as documents, with the images that they refer to.

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

/// For each patient with a report `<stack>/` of the stack that it is on: `report.pdf`,
/// `report-pdf.dcm` with the same document, and `images/` as above. Errors as above; needs a
/// QGuiApplication.
Result<ExportOutcome> exportDicomPdf(session::Project& project, const std::filesystem::path& out,
                                     const DicomWishes& wishes, Output& output);

}  // namespace gadolin::ctl
