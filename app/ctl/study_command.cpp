#include <memory>

#include "app/ctl/campaign_watch.h"
#include "app/ctl/command.h"
#include "app/ctl/request_options.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct StudyArguments {
  std::string project;
  std::vector<std::string> supervisions{"pixel", "slice"};
  std::vector<int> patients;
  std::vector<std::string> settings;
  session::RunRequest request;
};

Result<std::string> study(const StudyArguments& arguments, session::Campaign& campaign,
                          Output& output) {
  session::RunRequest request = arguments.request;
  GADOLIN_CHECK(addSettings(request, arguments.settings));
  std::vector<run::Supervision> supervisions;
  for (const std::string& word : arguments.supervisions) {
    const auto supervision = run::supervisionFromText(word);
    if (!supervision)
      return Error{ErrorCode::InvalidInput,
                   "There is no supervision '" + word + "'. Use pixel, slice or stack."};
    supervisions.push_back(*supervision);
  }
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  GADOLIN_TRY(campaign,
              session::planStudy(project->reader(), request, supervisions, arguments.patients));
  GADOLIN_TRY(const auto runs, carryOut(*project, campaign, output));
  return session::writeStudy(project->paths(), campaign, runs, GADOLIN_VERSION);
}

}  // namespace

void addStudy(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<StudyArguments>();
  auto* command = app.add_subcommand(
      "study",
      "A learning curve: Dice of fibrosis against labelled patients and labelling minutes");
  command->add_option("project", arguments->project, "Project folder")->required();
  command
      ->add_option("--supervision", arguments->supervisions,
                   "pixel, slice, stack; several with commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  command
      ->add_option("--patients", arguments->patients, "Numbers of training patients: 10,20,40,54")
      ->required()
      ->delimiter(',')
      ->allow_extra_args(false);
  addRequestOptions(*command, arguments->request, arguments->settings,
                    "Also decides who is among the first patients");
  command->callback([arguments, &context] {
    session::Campaign campaign;
    const auto text = study(*arguments, campaign, context.output);
    context.status = conclude(campaign, text, context.output);
  });
}

}  // namespace gadolin::ctl
