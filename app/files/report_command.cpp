#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "app/ctl/command.h"
#include "app/ctl/files_command.h"
#include "core/base/files.h"
#include "ui/print/cohort_pages.h"
#include "ui/print/patient_page.h"
#include "ui/session/project.h"
#include "ui/session/report_builder.h"

namespace gadolin::ctl {
namespace {

struct ReportArguments {
  std::string project;
  std::string patient;
  bool cohort = false;
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

Result<Written> reportPatient(const ReportArguments& arguments, session::Project& project) {
  GADOLIN_TRY(const auto report, session::collectPatientReport(project.paths(), project.reader(),
                                                               arguments.patient, GADOLIN_VERSION));
  GADOLIN_CHECK(print::printPatientReport(arguments.out, report));
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
  GADOLIN_CHECK(print::printCohortReport(arguments.out, report));
  std::optional<Error> in_part;
  if (table) {
    if (auto renamed = table->commit(); !renamed) {
      in_part = renamed.error();
      in_part->message += " The report itself is in " + arguments.out + ".";
    }
  }
  std::string text = "Report of " + std::to_string(report.total.patients) +
                     " patients written to " + arguments.out + ".";
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

Result<Written> makeReport(const ReportArguments& arguments, Output& output) {
  if (arguments.cohort == !arguments.patient.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "Say what to report on: either --patient ID or --cohort."};
  }
  if (!arguments.cohort && !(arguments.csv.empty() && arguments.run.empty())) {
    return Error{ErrorCode::InvalidInput, "--csv and --run belong to --cohort."};
  }
  std::error_code ignored;
  const auto out = std::filesystem::weakly_canonical(arguments.out, ignored);
  const auto csv = std::filesystem::weakly_canonical(arguments.csv, ignored);
  if (!arguments.csv.empty() && !out.empty() && out == csv) {
    return Error{ErrorCode::InvalidInput, "--out and --csv name the same file."};
  }
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
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
  command->add_option("--out", arguments->out, "PDF to write")->required();
  command->add_option("--csv", arguments->csv, "With --cohort: table with one row a stack");
  command->add_option("--run", arguments->run,
                      "With --cohort: the run to report on; without it the newest evaluated one");
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
