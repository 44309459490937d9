#include <memory>
#include <optional>

#include "app/ctl/command.h"
#include "ui/session/project.h"
#include "ui/session/provenance.h"

namespace gadolin::ctl {
namespace {

struct ShowArguments {
  std::string project;
  std::string word;
  std::string as;
};

Result<std::string> look(const ShowArguments& arguments) {
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  const auto as = arguments.as.empty() ? std::nullopt : session::namedFromText(arguments.as);
  return session::provenance(project->paths(), project->reader(), arguments.word, as);
}

}  // namespace

void addShow(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<ShowArguments>();
  auto* command =
      app.add_subcommand("show", "Where a number comes from: stack, mask revision, run, labels, split");
  command->add_option("project", arguments->project, "Project folder")->required();
  command
      ->add_option("what", arguments->word,
                   "A patient, a stack, a run, the number of a mask revision, or STACK:SOURCE, a "
                   "row of quantify (such as STACK:ai)")
      ->required();
  command->add_option("--as", arguments->as, "Which of these it is, where a name is several")
      ->check(CLI::IsMember({"patient", "stack", "run", "revision", "figure"}));
  command->callback([arguments, &context] {
    const auto found = look(*arguments);
    if (!found) {
      context.status = context.output.fail(found.error());
      return;
    }
    context.output.summary(nlohmann::json::parse(*found), session::provenanceText(*found));
  });
}

}  // namespace gadolin::ctl
