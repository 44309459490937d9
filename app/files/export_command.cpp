#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/ctl/command.h"
#include "app/ctl/files_command.h"
#include "app/files/export_dicom.h"
#include "app/files/export_emidec.h"
#include "app/files/export_folder.h"
#include "app/files/export_nifti.h"
#include "app/files/export_nnunet.h"
#include "app/files/project_archive.h"
#include "core/analysis/evaluation_file.h"
#include "core/base/csv.h"
#include "core/report/cohort_report.h"
#include "core/report/wording.h"
#include "database/stacks.h"
#include "ui/session/clinical_table.h"
#include "ui/session/label_table.h"
#include "ui/session/model_exchange.h"
#include "ui/session/project.h"
#include "ui/session/report_builder.h"

namespace gadolin::ctl {
namespace {

struct ExportArguments {
  std::string project;
  std::string format;
  std::string out;
  std::string run;
  std::string images;
};

/// One row a patient and target: the figures behind the means of the cohort report.
std::string scoresCsv(const analysis::Evaluation& evaluation) {
  using report::csvNumber;
  std::string csv = csvLine({"run", "split", "target", "patient", "slices", "reference_ml",
                             "prediction_ml", "dice", "hd_mm", "hd95_mm"});
  for (const analysis::TargetMetrics& target : evaluation.targets) {
    for (const analysis::PatientMetrics& patient : target.per_patient) {
      csv +=
          csvLine({evaluation.run, evaluation.split, std::string(toText(target.target)),
                   patient.patient, std::to_string(patient.slices), csvNumber(patient.reference_ml),
                   csvNumber(patient.prediction_ml), csvNumber(patient.dice),
                   csvNumber(patient.hd_mm), csvNumber(patient.hd95_mm)});
    }
  }
  return csv;
}

struct CsvExport {
  std::vector<std::string> files;
  std::vector<std::string> notes;  // sentences: figures that are not known
};

struct NamedTable {
  const char* name;
  std::string text;
};

/// What is known of stacks and scores; nothing of a project without stacks.
Result<void> addFigures(session::Project& project, const std::string& run, Output& output,
                        std::vector<NamedTable>& tables, std::vector<std::string>& notes) {
  GADOLIN_TRY(const auto stacks, db::allStacks(project.reader()));
  if (stacks.empty()) return {};
  GADOLIN_TRY(
      const auto report,
      session::collectCohortReport(project.paths(), project.reader(), project.name().toStdString(),
                                   run.empty() ? std::nullopt : std::optional(run), GADOLIN_VERSION,
                                   [&output](int done, int total) {
                                     if (!output.json) output.progress("Collecting", done, total);
                                   }));
  tables.push_back({"cohort.csv", report::cohortCsv(report)});
  if (report.evaluation) tables.push_back({"scores.csv", scoresCsv(*report.evaluation)});
  notes = report.notes;
  return {};
}

/// All of the tables or none.
Result<CsvExport> exportCsv(const ExportArguments& arguments, Output& output) {
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  CsvExport done;
  std::vector<NamedTable> tables;
  GADOLIN_TRY(std::string labels, session::exportLabels(project->reader()));
  GADOLIN_TRY(std::string history, session::exportLabelHistory(project->reader()));
  tables.push_back({"labels.csv", std::move(labels)});
  tables.push_back({"label-history.csv", std::move(history)});
  GADOLIN_TRY(std::string of_stacks, session::exportStackLabelHistory(project->reader()));
  if (std::count(of_stacks.begin(), of_stacks.end(), '\n') > 1) {
    GADOLIN_TRY(std::string said, session::exportStackLabels(project->reader()));
    tables.push_back({"stack-labels.csv", std::move(said)});
    tables.push_back({"stack-label-history.csv", std::move(of_stacks)});
  }
  GADOLIN_TRY(std::string clinical, session::exportClinical(project->reader()));
  if (std::count(clinical.begin(), clinical.end(), '\n') > 1)
    tables.push_back({"clinical.csv", std::move(clinical)});
  GADOLIN_CHECK(addFigures(*project, arguments.run, output, tables, done.notes));
  GADOLIN_TRY(auto folder, ExportFolder::create(arguments.out));
  for (const NamedTable& table : tables) GADOLIN_CHECK(folder.text(table.name, table.text));
  GADOLIN_TRY(done.files, folder.commit());
  return done;
}

int csvOf(const ExportArguments& arguments, Output& output) {
  const auto done = exportCsv(arguments, output);
  if (!done) return output.fail(done.error());
  std::string text = "Wrote " + std::to_string(done->files.size()) + " files to " + arguments.out +
                     " and read them back.";
  for (const std::string& note : done->notes) text += "\n" + note;
  output.summary({{"format", "csv"}, {"files", done->files}, {"notes", done->notes}}, text);
  return exit_done;
}

int sayOutcome(const ExportArguments& arguments, const Result<ExportOutcome>& done,
               Output& output) {
  if (!done) return output.fail(done.error());
  if (!output.json) {
    for (const auto& warning : done->warnings) output.warn(warning);
  }
  output.summary({{"type", "summary"},
                  {"format", arguments.format},
                  {"files", done->files},
                  {"warnings", done->warnings}},
                 "Wrote " + std::to_string(done->files.size()) + " files to " + arguments.out +
                     " and read them back.");
  return exit_done;
}

/// The formats that need no more than a project and a folder.
int dataSetOf(const ExportArguments& arguments, Output& output) {
  auto project = session::Project::open(arguments.project, session::Access::ReadOnly);
  if (!project) return output.fail(project.error());
  if (arguments.format == "nnunet")
    return sayOutcome(arguments, exportNnunet(**project, arguments.out, output), output);
  if (arguments.format == "emidec")
    return sayOutcome(arguments, exportEmidec(**project, arguments.out, output), output);
  if (arguments.format.starts_with("dicom-")) {
    const DicomWishes wishes{arguments.format == "dicom-sr", arguments.run, arguments.images};
    const auto done = arguments.format == "dicom-pdf"
                          ? exportDicomPdf(**project, arguments.out, wishes, output)
                          : exportDicom(**project, arguments.out, wishes, output);
    return sayOutcome(arguments, done, output);
  }
  return sayOutcome(arguments, exportNifti(**project, arguments.out, arguments.run, output),
                    output);
}

int modelOf(const ExportArguments& arguments, Output& output) {
  if (arguments.run.empty()) {
    return output.fail({ErrorCode::InvalidInput,
                        "Say whose networks to export: --run RUN. `gadolinctl runs` lists them."});
  }
  auto project = session::Project::open(arguments.project, session::Access::ReadOnly);
  if (!project) return output.fail(project.error());
  const auto done = session::exportModel((*project)->reader(), (*project)->paths(), arguments.run,
                                         arguments.out, GADOLIN_VERSION);
  if (!done) return output.fail(done.error());
  output.summary(
      {{"type", "summary"}, {"format", "torchscript"}, {"files", done->files}},
      "Wrote " + std::to_string(done->files.size()) + " files to " + arguments.out +
          ", read the networks back and compared them. MODEL.md says what they are.");
  return exit_done;
}

int archiveOf(const ExportArguments& arguments, Output& output) {
  auto project = session::Project::open(arguments.project, session::Access::ReadOnly);
  if (!project) return output.fail(project.error());
  const auto done = writeArchive(**project, arguments.out, [&output](auto at, auto all) {
    output.progress("Writing", at, all);
  });
  if (!done) return output.fail(done.error());
  output.summary({{"type", "summary"},
                  {"format", "archive"},
                  {"files", std::vector{arguments.out}},
                  {"archived", done->files},
                  {"bytes", done->bytes}},
                 "Wrote the project's " + std::to_string(done->files) + " files to " +
                     arguments.out +
                     " and read them back. `gadolinctl init NEW.gadolin --from` opens it.");
  return exit_done;
}

}  // namespace

void addExport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ExportArguments>();
  auto* command = app.add_subcommand(export_words.name, export_words.meaning);
  command->add_option("project", arguments->project, "Project folder")->required();
  command
      ->add_option(
          "--format", arguments->format,
          "csv (labels, their history, clinical columns, figures of the stacks, scores of "
          "the patients); "
          "torchscript (the networks of --run, with a model card); "
          "nifti (images, masks and predictions); nnunet (a raw data set of nnU-Net v2); "
          "emidec (the challenge's layout); dicom-seg (masks as DICOM segmentations); "
          "dicom-sr (the same with measurements as structured reports); dicom-pdf (the "
          "patients' reports as DICOM documents); archive (the project as one file, which `init "
          "--from` opens)")
      ->required()
      ->check(CLI::IsMember({"nifti", "dicom-seg", "dicom-sr", "dicom-pdf", "nnunet", "emidec",
                             "csv", "torchscript", "archive"}));
  command
      ->add_option("--out", arguments->out,
                   "Folder to write to; with archive the file (.tar, .tar.gz, .tar.zst)")
      ->required();
  command->add_option("--run", arguments->run, "Run whose predictions or networks are exported");
  command->add_option(
      "--images", arguments->images,
      "With dicom-seg, dicom-sr and dicom-pdf: folder with the DICOM images that the stacks were "
      "imported "
      "from. What is written then refers to them and carries their patient; without "
      "it, images are written beside the masks, under pseudonyms");
  command->callback([arguments, &context] {
    if (!arguments->images.empty() && !arguments->format.starts_with("dicom-"))
      context.status = context.output.fail(
          {ErrorCode::InvalidInput,
           "--images belongs to the formats dicom-seg, dicom-sr and dicom-pdf."});
    else if (arguments->format == "csv")
      context.status = csvOf(*arguments, context.output);
    else if (arguments->format == "archive")
      context.status = archiveOf(*arguments, context.output);
    else if (arguments->format == "torchscript")
      context.status = modelOf(*arguments, context.output);
    else
      context.status = dataSetOf(*arguments, context.output);
  });
}

}  // namespace gadolin::ctl
