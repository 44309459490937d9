#pragma once
// One import as a command: its progress, its refusals and Ctrl-C.

#include "app/ctl/command.h"
#include "ui/session/importer.h"

namespace gadolin::ctl {

/// For the event of a series and the summary.
nlohmann::json toJson(const session::JudgedSeries& series);

/// Importer::run() with progress on `output`, each refusal as a sentence and an event, each series as
/// an event. SIGINT and SIGTERM cancel it after the file it is at; what came in by then stays in
/// (`ended_by`).
Result<session::ImportSummary> runImport(session::Project& project,
                                         const session::ImportRequest& request, Output& output);

}  // namespace gadolin::ctl
