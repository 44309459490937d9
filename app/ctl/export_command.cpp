#include <array>
#include <filesystem>
#include <memory>

#include "app/ctl/command.h"
#include "app/ctl/export_nifti.h"
#include "core/base/files.h"
#include "ui/session/label_table.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace fs = std::filesystem;
namespace {

struct ExportArguments {
  std::string project;
  std::string format;
  std::string out;
  std::string run;
};

/// Writes the table and reads it back. Never over a file that is there.
Result<void> writeTable(const fs::path& file, const std::string& table) {
  std::error_code code;
  if (fs::exists(file, code)) {
    return Error{ErrorCode::Conflict, file.string() +
                                          " exists already. Choose an empty folder; an "
                                          "export never replaces a file."};
  }
  GADOLIN_CHECK(writeFileAtomically(file, table));
  GADOLIN_TRY(const std::string back, readFile(file));
  if (back != table) {
    return Error{ErrorCode::Io, file.string() +
                                    " does not hold what was written to it. Check the "
                                    "disk and export again."};
  }
  return {};
}

Result<std::vector<std::string>> exportCsv(session::Project& project, const fs::path& out) {
  GADOLIN_TRY(const std::string labels, session::exportLabels(project.reader()));
  GADOLIN_TRY(const std::string history, session::exportLabelHistory(project.reader()));
  GADOLIN_CHECK(makePrivateFolder(out));
  const std::vector<std::string> files{(out / "labels.csv").string(),
                                       (out / "label-history.csv").string()};
  GADOLIN_CHECK(writeTable(files[0], labels));
  if (auto written = writeTable(files[1], history); !written) {
    std::error_code ignored;
    fs::remove(files[0], ignored);
    return written.error();
  }
  return files;
}

Result<std::vector<std::string>> exportProject(const ExportArguments& arguments) {
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  return exportCsv(*project, arguments.out);
}

int niftiOf(const ExportArguments& arguments, Output& output) {
  auto project = session::Project::open(arguments.project, session::Access::ReadOnly);
  if (!project) return output.fail(project.error());
  const auto done = exportNifti(**project, arguments.out, arguments.run, output);
  if (!done) return output.fail(done.error());
  if (!output.json) {
    for (const auto& warning : done->warnings) output.warn(warning);
  }
  output.summary({{"type", "summary"},
                  {"format", "nifti"},
                  {"files", done->files},
                  {"warnings", done->warnings}},
                 "Wrote " + std::to_string(done->files.size()) + " files to " + arguments.out +
                     " and read them back.");
  return exit_done;
}

}  // namespace

void addExport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ExportArguments>();
  auto* command = app.add_subcommand("export", "Write what is in the project for other programs");
  command->add_option("project", arguments->project, "Project folder")->required();
  command
      ->add_option("--format", arguments->format,
                   "csv (labels and their history); nifti, dicom-seg, dicom-sr, nnunet, emidec, "
                   "torchscript")
      ->required()
      ->check(CLI::IsMember(
          {"nifti", "dicom-seg", "dicom-sr", "nnunet", "emidec", "csv", "torchscript"}));
  command->add_option("--out", arguments->out, "Folder to write to")->required();
  command->add_option("--run", arguments->run, "Run whose predictions are exported");
  command->callback([arguments, &context] {
    if (arguments->format == "nifti") {
      context.status = niftiOf(*arguments, context.output);
      return;
    }
    if (arguments->format != "csv") {
      context.status = sayAbsent(context.output, "export --format " + arguments->format);
      return;
    }
    const auto files = exportProject(*arguments);
    if (!files) {
      context.status = context.output.fail(files.error());
      return;
    }
    context.output.summary({{"format", arguments->format}, {"files", *files}},
                           "Wrote " + std::to_string(files->size()) + " files to " +
                               arguments->out + " and read them back.");
  });
}

}  // namespace gadolin::ctl
