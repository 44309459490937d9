#pragma once
// What an import of the very same files did: with nothing changed since, it need not be done again.

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "ui/session/import_walk.h"
#include "ui/session/import_request.h"
#include "ui/session/project.h"

namespace gadolin::session {

/// Of one import: its files by path, size and times, what was asked for, the decisions about series and
/// the version of the readers; hashed with the project's salt, so that no path stands in the project.
struct ImportFingerprint {
  std::string place;    // of the paths that were given
  std::string content;  // of everything
};
Result<ImportFingerprint> fingerprintOf(Project& project, const ImportRequest& request,
                                        const Walk& walk);

/// The summary of the last import of that place, with nothing new, when nothing changed since and every
/// stack and mask that it brought is still there. Blocks.
Result<std::optional<ImportSummary>> recallImport(Project& project, const ImportFingerprint& fingerprint);

/// Keeps the summary for the next time; not when something in it may go away by itself (a reader that
/// crashed, a disk that failed). `stacks`: those of the summary. Blocks.
Result<void> rememberImport(Project& project, const ImportFingerprint& fingerprint,
                            const ImportSummary& summary, const std::vector<std::string>& stacks);

}  // namespace gadolin::session
