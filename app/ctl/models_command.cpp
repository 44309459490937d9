#include <memory>

#include "app/ctl/command.h"
#include "ui/session/model_exchange.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct ModelsArguments {
  std::string project;
  std::string folder;
};

int import(const ModelsArguments& arguments, Output& output) {
  const auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  const auto run = session::importModel(**project, arguments.folder);
  if (!run) return output.fail(run.error());
  output.summary({{"type", "summary"}, {"run", *run}, {"state", "imported"}},
                 "Imported as run " + *run + ". Predict with: gadolinctl predict " +
                     arguments.project + " --run " + *run + " --all");
  return exit_done;
}

}  // namespace

void addModels(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ModelsArguments>();
  auto* command = app.add_subcommand("models", "Models of other projects");
  command->require_subcommand(1);
  auto* take = command->add_subcommand(
      "import", "A folder that `export --format torchscript` wrote becomes a run that predicts");
  take->add_option("project", arguments->project, "Project folder")->required();
  take->add_option("folder", arguments->folder, "Folder with model.json")->required();
  take->callback([arguments, &context] { context.status = import(*arguments, context.output); });
}

}  // namespace gadolin::ctl
