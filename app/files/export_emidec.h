#pragma once
// export --format emidec: the layout of the EMIDEC challenge (https://emidec.com), as other
// programs for it read it.

#include <filesystem>

#include "app/ctl/command.h"
#include "app/files/export_cases.h"

namespace gadolin::ctl {

/// Case_X/Images/Case_X.nii.gz and, where a person made a mask, Case_X/Contours/Case_X.nii.gz, with
/// the slices apex first as EMIDEC has them; Case_X.txt with the patient's clinical values, one a
/// line; clinical.csv with the same as a table, cases.csv. X is the patient, or the stack where a
/// patient has several. Errors: Conflict (`out` holds something), InvalidInput (no stack), what
/// reading and writing give; nothing is left behind then.
Result<ExportOutcome> exportEmidec(session::Project& project, const std::filesystem::path& out,
                                   Output& output);

}  // namespace gadolin::ctl
