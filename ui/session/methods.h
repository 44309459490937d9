#pragma once
// The methods section of a paper from what the project and a run's folder hold.

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/report/methods.h"
#include "database/database.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// Images, labels and who gave them, reference masks, split, and of `run` (without one of the
/// newest that was evaluated, else that finished: see runToReport) its supervision, settings,
/// networks, epochs, selection, threshold and evaluation; then how volumes are measured, and
/// versions. Only what is known is said; what is missing of a run is a sentence. NotFound: no such
/// run. Conflict: an empty project. Thread: the connection's; some 100 ms and the bootstrap of
/// readers' agreement.
Result<std::vector<report::MethodsSection>> collectMethods(const ProjectPaths& paths,
                                                           db::Database& database,
                                                           const std::optional<std::string>& run,
                                                           const std::string& gadolin_version);

}  // namespace gadolin::session
