#include <filesystem>
#include <memory>
#include <optional>

#include "app/ctl/command.h"
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
                     ") written to " + arguments.out + "."};
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
  if (!arguments.csv.empty()) {
    GADOLIN_CHECK(writeFileAtomically(arguments.csv, report::cohortCsv(report)));
  }
  GADOLIN_CHECK(print::printCohortReport(arguments.out, report));
  std::string text = "Report of " + std::to_string(report.total.patients) +
                     " patients written to " + arguments.out + ".";
  for (const std::string& note : report.notes) text += "\n" + note;
  return Written{{{"patients", report.total.patients},
                  {"stacks", report.total.stacks},
                  {"run", report.model ? report.model->run : std::string()},
                  {"out", arguments.out},
                  {"csv", arguments.csv},
                  {"notes", report.notes}},
                 text};
}

Result<Written> makeReport(const ReportArguments& arguments, Output& output) {
  if (arguments.cohort == !arguments.patient.empty()) {
    return Error{ErrorCode::InvalidInput,
                 "Say what to report on: either --patient ID or --cohort."};
  }
  if (!arguments.cohort && !(arguments.csv.empty() && arguments.run.empty())) {
    return Error{ErrorCode::InvalidInput, "--csv and --run belong to --cohort."};
  }
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  return arguments.cohort ? reportCohort(arguments, *project, output)
                          : reportPatient(arguments, *project);
}

}  // namespace

void addReport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ReportArguments>();
  auto* command = app.add_subcommand("report", "A patient's page or the cohort's report as PDF");
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
    context.output.summary(written->object, written->text);
  });
}

}  // namespace gadolin::ctl
