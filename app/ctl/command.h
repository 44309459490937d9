#pragma once
// What every command of gadolinctl shares: how it is registered, how it speaks, how it ends.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/result.h"

namespace gadolin::ctl {

/// Exit status of gadolinctl (docs: contract). Done in part: the summary names what was refused.
enum ExitStatus : int { exit_done = 0, exit_part = 1, exit_usage = 2, exit_failed = 3 };

/// Speaks to a person (text, progress bar on a terminal) or to a program (--json). Results go to
/// stdout, every message to stderr. Names and texts of foreign files cannot command the terminal:
/// see core/base/printable_text.h. JSON has them as they are.
class Output {
 public:
  bool json = false;  // --json was given

  /// A JSON line while working; nothing for a person.
  void event(const nlohmann::json& object) const;
  /// A progress bar on a terminal; a JSON line {"type":"progress",...} with --json, at most ten a second.
  void progress(const std::string& what, std::int64_t done, std::int64_t total);
  /// The end: `object` as one JSON line with --json (commands that speak while working add
  /// "type":"summary"), else `text`.
  void summary(const nlohmann::json& object, const std::string& text);
  /// A line for a person while working, on stdout; nothing with --json.
  void note(const std::string& line);
  /// A sentence on stderr.
  void warn(const std::string& sentence);
  /// The sentence on stderr (a JSON object {"type":"error",...} on stdout too with --json) and the
  /// exit status: 2 for InvalidInput and Unsupported, else 3.
  int fail(const Error& error);

 private:
  void clearBar();
  bool bar_shown_ = false;
  std::int64_t last_progress_ms_ = 0;
};

/// A command sets `status`; CLI11's callbacks have no return value.
struct Context {
  Output output;
  int status = exit_done;
};

// One function a command; each lives in the file of its name and adds its subcommand to `app`.
void addInit(CLI::App& app, Context& context);
void addInitFrom(CLI::App& app, Context& context);  // `init P --from ARCHIVE`, in gadolin-files
void addImport(CLI::App& app, Context& context);
void addPacs(CLI::App& app, Context& context);
void addDemo(CLI::App& app, Context& context);
void addLabels(CLI::App& app, Context& context);
void addSplit(CLI::App& app, Context& context);
void addTrain(CLI::App& app, Context& context);
void addStudy(CLI::App& app, Context& context);
void addRuns(CLI::App& app, Context& context);
void addModels(CLI::App& app, Context& context);
void addPredict(CLI::App& app, Context& context);
void addEvaluate(CLI::App& app, Context& context);
void addQuantify(CLI::App& app, Context& context);
void addAgreement(CLI::App& app, Context& context);
void addReport(CLI::App& app, Context& context);
void addExport(CLI::App& app, Context& context);
void addCheck(CLI::App& app, Context& context);
void addStacks(CLI::App& app, Context& context);
void addShow(CLI::App& app, Context& context);

/// `settings` and `pseudo` below `runs`.
void addRunSettings(CLI::App& runs, Context& context);
void addRunPseudo(CLI::App& runs, Context& context);

}  // namespace gadolin::ctl
