#include <memory>

#include "app/ctl/command.h"
#include "app/ctl/import_run.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct ImportArguments {
  std::string project;
  std::vector<std::string> paths;
  std::string layout = "auto";
  ImportWishes wishes;
  bool afresh = false;
};

int importInto(const ImportArguments& arguments, Output& output) {
  session::ImportRequest request;
  request.paths.assign(arguments.paths.begin(), arguments.paths.end());
  request.layout = *session::layoutFromText(arguments.layout);
  arguments.wishes.applyTo(request);
  request.afresh = arguments.afresh;

  auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  const auto summary = runImport(**project, request, output);
  if (!summary) return output.fail(summary.error());
  if (!output.json) {
    for (const auto& warning : summary->warnings) output.warn(warning);
  }
  const auto failures = static_cast<int>(summary->refused.size()) - seriesLeft(*summary);
  int status = failures == 0 ? exit_done : exit_part;
  if (summary->ended_by) {
    output.fail(*summary->ended_by);
    status = exit_part;
  } else if (broughtNothing(*summary)) {
    output.fail({ErrorCode::Io, "No stack could be imported: " +
                                    std::to_string(summary->refused.size()) + " refused."});
    status = exit_failed;
  }
  output.summary(toJson(*summary), toText(*summary));
  return status;
}

}  // namespace

void addImport(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ImportArguments>();
  auto* command =
      app.add_subcommand("import", "Take in folders or files: DICOM, NIfTI, NRRD, MetaImage, EMIDEC, ACDC");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("paths", arguments->paths, "Folders or files, read recursively")->required();
  command->add_option("--layout", arguments->layout, "How the files are laid out")
      ->check(CLI::IsMember({"auto", "emidec", "acdc", "dicom", "nifti"}));
  arguments->wishes.addTo(*command);
  command->add_flag("--afresh", arguments->afresh,
                    "Read every file again, also where nothing changed since the last import");
  command->callback(
      [arguments, &context] { context.status = importInto(*arguments, context.output); });
}

}  // namespace gadolin::ctl
