#pragma once
// export --format nnunet: a raw data set of nnU-Net v2
// (https://github.com/MIC-DKFZ/nnUNet/blob/master/documentation/dataset_format.md).

#include <filesystem>

#include "app/ctl/command.h"
#include "app/files/export_cases.h"

namespace gadolin::ctl {

/// imagesTr, labelsTr: patients in training and validation that have a reference mask (all that
/// have one, where the project is not split); imagesTs, labelsTs: those of the test part, labels
/// where there are some. dataset.json, cases.csv, and splits_final.json where the project says who
/// is validated on: the folds, else the one validation part. Slices that a mask says nothing of
/// carry the label "ignore". Errors: Conflict (`out` holds something), InvalidInput (no stack, no
/// mask to train on), what reading and writing give; nothing is left behind then.
Result<ExportOutcome> exportNnunet(session::Project& project, const std::filesystem::path& out,
                                   Output& output);

}  // namespace gadolin::ctl
