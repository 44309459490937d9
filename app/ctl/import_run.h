#pragma once
// One import as a command: its progress, its refusals and Ctrl-C.

#include "app/ctl/command.h"
#include "ui/session/importer.h"

namespace gadolin::ctl {

/// What every command that imports can be told.
struct ImportWishes {
  std::vector<std::string> take, leave;
  std::string identity;  // "keep", "pseudonym" or empty
  std::string key_table;

  /// Adds --take, --leave, --identity and --key-table.
  void addTo(CLI::App& command);
  void applyTo(session::ImportRequest& request) const;
};

/// For the event of a series and the summary.
nlohmann::json toJson(const session::JudgedSeries& series);
/// The summary of an import, for a program and for a person.
nlohmann::json toJson(const session::ImportSummary& summary);
std::string toText(const session::ImportSummary& summary);
/// Series that do not look like late enhancement: left by rule or decision, which is no failure.
int seriesLeft(const session::ImportSummary& summary);
/// No stack, no mask, and no segmentation that the project keeps until its images come.
bool broughtNothing(const session::ImportSummary& summary);

/// Importer::run() with progress on `output`, each refusal as a sentence and an event, each series
/// as an event. SIGINT and SIGTERM cancel it after the file it is at; what came in by then stays in
/// (`ended_by`).
Result<session::ImportSummary> runImport(session::Project& project,
                                         const session::ImportRequest& request, Output& output);

}  // namespace gadolin::ctl
