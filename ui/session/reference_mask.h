#pragma once
// A mask file for a stack that is in the project already: for DICOM series, whose masks lie in
// other files and often in other folders.

#include <QString>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace gadolin::session {

class Project;
class DecodeClient;

/// Reads the NIfTI file (EMIDEC's labels) in the decoding child and adds it as a reference mask.
/// False when the stack has exactly this reference mask already. NotFound (no such stack or file),
/// InvalidInput (other grid, other labels, not a mask). Blocks: not for the GUI thread.
Result<bool> importReferenceMask(Project& project, DecodeClient& reader, const std::string& stack,
                                 const std::filesystem::path& file, const std::string& author);

}  // namespace gadolin::session
