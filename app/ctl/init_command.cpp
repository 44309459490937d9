#include <memory>

#include "app/ctl/command.h"
#include "app/ctl/files_command.h"
#include "ui/session/project.h"

namespace gadolin::ctl {

void addInit(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::string>();
  auto* command = app.add_subcommand("init", "Make an empty project, or one out of an archive");
  command->add_option("project", *folder, "Folder to make, by custom NAME.gadolin")->required();
  // For the help: with it, gadolin-files is at work (files_command.h).
  command->add_option(init_from_option, init_from_meaning)->type_name("TEXT");
  command->callback([folder, &context] {
    const auto project = session::Project::create(*folder);
    if (!project) {
      context.status = context.output.fail(project.error());
      return;
    }
    const std::string path = (*project)->paths().root.string();
    context.output.summary({{"project", path}}, "Made the empty project " + path + ".");
  });
}

}  // namespace gadolin::ctl
