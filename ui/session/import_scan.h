#pragma once
// The first pass of an import: what is each file, and what do the headers of DICOM say?

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/series.h"
#include "ui/session/decode_pool.h"
#include "ui/session/import_request.h"
#include "ui/session/import_tally.h"
#include "ui/session/import_walk.h"

namespace gadolin::session {

struct ScannedFiles {
  std::vector<DicomHeader> images, segmentations;  // their texts in UTF-8 but for patient_id
  std::vector<std::filesystem::path> volumes;      // NIfTI, NRRD, MetaImage
  [[nodiscard]] bool empty() const {
    return images.empty() && segmentations.empty() && volumes.empty();
  }
};

/// Reads every file's beginning, in the readers of `pool`. Refusals, and files that are no images,
/// are noted in the tally. Cancelled, NoSpace, WorkerLost. Blocks.
Result<ScannedFiles> scanFiles(const std::vector<WalkedFile>& files, const ImportRequest& request,
                               DecodePool& pool, ImportTally& tally);

}  // namespace gadolin::session
