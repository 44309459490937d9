#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "app/ctl/command.h"
#include "app/ctl/files_command.h"
#include "core/base/files.h"
#include "core/report/report_json.h"
#include "core/report/wording.h"
#include "ui/print/cohort_pages.h"
#include "ui/print/patient_page.h"
#include "ui/print/report_html.h"
#include "ui/session/methods.h"
#include "ui/session/project.h"
#include "ui/session/report_builder.h"

namespace gadolin::ctl {
namespace {

struct ReportArguments {
  std::string project;
  std::string patient;
  bool cohort = false;
  bool methods = false;
  std::string paper = "a4";
  std::string out;
  std::string csv;
  std::string run;
};

/// What was written, for the summary.
struct Written {
  nlohmann::json object;
  std::string text;
  std::optional<Error> in_part;  // the PDF is there, its table is not
};

enum class Format { Pdf, Html, Json, Csv };

/// What the ending of the file's name asks for.
Result<Format> formatOf(const std::string& out) {
  std::string ending = std::filesystem::path(out).extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".pdf") return Format::Pdf;
  if (ending == ".html" || ending == ".htm") return Format::Html;
  if (ending == ".json") return Format::Json;
  if (ending == ".csv") return Format::Csv;
  return Error{ErrorCode::InvalidInput,
               out + ": a report is written as .pdf, .html, .json or .csv; the ending of the file's "
                     "name says which. Nothing was written."};
}

print::Paper paperOf(const ReportArguments& arguments) {
  return print::paperFromText(arguments.paper).value_or(print::Paper::A4);
}

Result<Written> reportPatient(const ReportArguments& arguments, session::Project& project) {
  GADOLIN_TRY(const auto report, session::collectPatientReport(project.paths(), project.reader(),
                                                               arguments.patient, GADOLIN_VERSION));
  GADOLIN_TRY(const Format format, formatOf(arguments.out));
  switch (format) {
    case Format::Pdf:
      GADOLIN_CHECK(print::printPatientReport(arguments.out, report, paperOf(arguments)));
      break;
    case Format::Html:
      GADOLIN_CHECK(print::writePatientHtml(arguments.out, report));
      break;
    case Format::Json:
      GADOLIN_CHECK(writeFileAtomically(arguments.out, report::toJson(report)));
      break;
    case Format::Csv:
      GADOLIN_CHECK(writeFileAtomically(arguments.out, report::patientCsv(report)));
      break;
  }
  const auto percent = report.measured.scarPercentLvm();
  return Written{{{"patient", report.patient},
                  {"stack", report.stack_id},
                  {"method", report.method_title},
                  {"out", arguments.out},
                  {"myocardium_ml", report.measured.myocardium_ml},
                  {"scar_ml", report.measured.scar_ml},
                  {"scar_percent_lvm", percent ? nlohmann::json(*percent) : nlohmann::json()}},
                 "Report of patient " + report.patient + " (" + report.method_title +
                     ") written to " + arguments.out + ".",
                 std::nullopt};
}

/// A table under a temporary name; nothing when none was asked for. Written before the PDF, renamed
/// after it: when the PDF fails, no table of another day lies beside the old one.
Result<std::optional<AtomicFile>> prepareTable(const std::string& path, const std::string& table) {
  if (path.empty()) return std::optional<AtomicFile>();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Error{ErrorCode::Conflict,
                 path + " is a folder, not a file. Nothing was written; name a file."};
  }
  GADOLIN_TRY(auto file, AtomicFile::create(path));
  GADOLIN_CHECK(file.write(std::as_bytes(std::span(table))));
  return std::optional<AtomicFile>(std::move(file));
}

Result<Written> reportCohort(const ReportArguments& arguments, session::Project& project,
                             Output& output) {
  const auto run = arguments.run.empty() ? std::nullopt : std::optional<std::string>(arguments.run);
  GADOLIN_TRY(
      const auto report,
      session::collectCohortReport(project.paths(), project.reader(), project.name().toStdString(),
                                   run, GADOLIN_VERSION, [&output](int done, int total) {
                                     if (!output.json) output.progress("Collecting", done, total);
                                   }));
  GADOLIN_TRY(auto table, prepareTable(arguments.csv, report::cohortCsv(report)));
  GADOLIN_TRY(const Format format, formatOf(arguments.out));
  switch (format) {
    case Format::Pdf:
      GADOLIN_CHECK(print::printCohortReport(arguments.out, report, paperOf(arguments)));
      break;
    case Format::Html:
      GADOLIN_CHECK(print::writeCohortHtml(arguments.out, report));
      break;
    case Format::Json:
      GADOLIN_CHECK(writeFileAtomically(arguments.out, report::toJson(report)));
      break;
    case Format::Csv:
      GADOLIN_CHECK(writeFileAtomically(arguments.out, report::cohortCsv(report)));
      break;
  }
  std::optional<Error> in_part;
  if (table) {
    if (auto renamed = table->commit(); !renamed) {
      in_part = renamed.error();
      in_part->message += " The report itself is in " + arguments.out + ".";
    }
  }
  std::string text = "Report of " + report::counted(report.total.patients, "patient", "patients") +
                     " written to " + arguments.out + ".";
  for (const std::string& note : report.notes) text += "\n" + note;
  return Written{{{"patients", report.total.patients},
                  {"stacks", report.total.stacks},
                  {"run", report.model ? report.model->run : std::string()},
                  {"out", arguments.out},
                  {"csv", in_part ? std::string() : arguments.csv},
                  {"notes", report.notes}},
                 text,
                 in_part};
}

/// The methods section to stdout, or into a text file.
Result<Written> reportMethods(const ReportArguments& arguments, session::Project& project) {
  const auto run = arguments.run.empty() ? std::nullopt : std::optional<std::string>(arguments.run);
  GADOLIN_TRY(const auto sections, session::collectMethods(project.paths(), project.reader(), run,
                                                           GADOLIN_VERSION));
  GADOLIN_TRY(const auto described, session::runToReport(project.paths(), project.reader(), run));
  const std::string text = report::methodsText(sections);
  if (!arguments.out.empty()) GADOLIN_CHECK(writeFileAtomically(arguments.out, text));
  nlohmann::json list = nlohmann::json::array();
  for (const report::MethodsSection& section : sections)
    list.push_back({{"title", section.title}, {"text", section.text}});
  return Written{{{"sections", list}, {"run", described.value_or(std::string())}, {"out", arguments.out}},
                 arguments.out.empty() ? text.substr(0, text.size() - 1)
                                       : "Methods written to " + arguments.out + ".",
                 std::nullopt};
}

Result<Written> makeReport(const ReportArguments& arguments, Output& output) {
  if (int{arguments.cohort} + int{!arguments.patient.empty()} + int{arguments.methods} != 1) {
    return Error{ErrorCode::InvalidInput,
                 "Say what to report on: --patient ID, --cohort or --methods."};
  }
  if (!arguments.cohort && !arguments.csv.empty()) {
    return Error{ErrorCode::InvalidInput, "--csv belongs to --cohort."};
  }
  if (!arguments.patient.empty() && !arguments.run.empty()) {
    return Error{ErrorCode::InvalidInput, "--run belongs to --cohort and --methods."};
  }
  if (arguments.out.empty() && !arguments.methods) {
    return Error{ErrorCode::InvalidInput, "Name the file to write: --out FILE."};
  }
  if (!arguments.methods) GADOLIN_CHECK(formatOf(arguments.out));
  std::error_code ignored;
  const auto out = std::filesystem::weakly_canonical(arguments.out, ignored);
  const auto csv = std::filesystem::weakly_canonical(arguments.csv, ignored);
  if (!arguments.csv.empty() && !out.empty() && out == csv) {
    return Error{ErrorCode::InvalidInput, "--out and --csv name the same file."};
  }
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  if (arguments.methods) return reportMethods(arguments, *project);
  return arguments.cohort ? reportCohort(arguments, *project, output)
                          : reportPatient(arguments, *project);
}

}  // namespace

void addReport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ReportArguments>();
  auto* command = app.add_subcommand(report_words.name, report_words.meaning);
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--patient", arguments->patient, "Pseudonym of the patient");
  command->add_flag("--cohort", arguments->cohort, "Report on the whole project");
  command->add_flag("--methods", arguments->methods,
                    "The methods section of a paper from the project's facts, as text");
  command->add_option("--out", arguments->out,
                      "File to write, .pdf, .html, .json or .csv; with --methods a text file, "
                      "without it to stdout");
  command->add_option("--paper", arguments->paper, "Size of the pages of a PDF")
      ->check(CLI::IsMember({"a4", "letter"}))
      ->capture_default_str();
  command->add_option("--csv", arguments->csv, "With --cohort: table with one row a stack");
  command->add_option("--run", arguments->run,
                      "With --cohort and --methods: the run to report on; without it the newest "
                      "evaluated one");
  command->callback([arguments, &context] {
    const auto written = makeReport(*arguments, context.output);
    if (!written) {
      context.status = context.output.fail(written.error());
      return;
    }
    if (written->in_part) {
      context.output.fail(*written->in_part);
      context.status = exit_part;
    }
    context.output.summary(written->object, written->text);
  });
}

}  // namespace gadolin::ctl
