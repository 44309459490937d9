#pragma once
// export --format nifti: images, masks and predictions in each stack's own geometry.

#include <filesystem>
#include <string>

#include "app/ctl/command.h"
#include "app/files/export_cases.h"

namespace gadolin::ctl {

/// Writes images/<stack>.nii.gz, labels/<stack>.nii.gz (the newest mask of a person; labels 0..4)
/// and predictions/<run>/<stack>_mask, _p_myocardium, _p_fibrosis, _cam.nii.gz (probabilities
/// 0..1): those of `run`, or each stack's newest when `run` is empty. Every file is read back and
/// compared. After an error nothing of it is left. Conflict when `out` holds anything; NotFound: no
/// such run.
Result<ExportOutcome> exportNifti(session::Project& project, const std::filesystem::path& out,
                                  const std::string& run, Output& output);

}  // namespace gadolin::ctl
