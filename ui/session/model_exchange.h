#pragma once
// A trained model out of a project, and into another one.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

class Project;

struct ModelExport {
  std::vector<std::string> files;  // full names
};

/// Writes TorchScript and safetensors of every network, model.json and MODEL.md into `out`, which
/// must not be there or be empty. The worker reads the networks back and compares; the folder gets
/// its name when all of it is right. Errors: Conflict (not trained to its end, an imported model,
/// or `out` holds something), Busy (a worker is at it), InvalidInput, Corrupt, OutOfMemory, what
/// writing gives (as Internal where the worker meets it), WorkerLost. Blocks for some seconds: not
/// the GUI thread's.
Result<ModelExport> exportModel(db::Database& database, const ProjectPaths& paths,
                                const std::string& run, const std::filesystem::path& out,
                                const std::string& gadolin_version);

/// Makes a run of this project from such a folder; returns its id. Only model.json and the
/// safetensors files are read: no TorchScript, no code. Every name, size, hash, setting and tensor
/// is checked first, the shapes by the worker; what does not fit is refused (InvalidInput, Corrupt,
/// NewerVersion) with the reason, and nothing stays behind. Blocks as above.
Result<std::string> importModel(Project& project, const std::filesystem::path& folder);

}  // namespace gadolin::session
