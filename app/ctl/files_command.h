#pragma once
// The commands whose code is in gadolin-files, the program beside gadolinctl.

#include <array>
#include <optional>

#include "app/ctl/command.h"

namespace gadolin::ctl {

struct FilesCommand {
  const char* name;
  const char* meaning;  // as `gadolinctl --help` shows it
};

inline constexpr FilesCommand pacs_words{
    "pacs", "Fetch from archives and receive from them (DICOM network)"};
inline constexpr FilesCommand demo_words{"demo", "Draw a synthetic LGE cohort and import it"};
inline constexpr FilesCommand report_words{"report",
                                           "A patient's page or the cohort's report, as PDF, HTML, JSON or CSV; methods for a paper"};
inline constexpr FilesCommand export_words{"export",
                                           "Write what is in the project for other programs"};

/// `init` with this option opens a foreign file.
inline constexpr const char* init_from_option = "--from";
inline constexpr const char* init_from_meaning =
    "Archive of a project (.tar, .tar.gz, .tar.zst), as `export --format archive` writes it";

/// Without a place in the help: the children of an import and of a listener.
inline constexpr std::array<const char*, 2> child_commands{"decode", "receive"};

/// When the first word of the command line but for --json is one of the commands above, or `init`
/// with --from, this
/// process becomes gadolin-files with the same arguments. Returns where it is not, or an exit status
/// when the program beside this one cannot be started, after a sentence on stderr.
std::optional<int> becomeFiles(int argc, char** argv);

/// A line in the help of gadolinctl.
void addFilesCommand(CLI::App& app, const FilesCommand& command);

}  // namespace gadolin::ctl
