#include <memory>

#include "app/ctl/campaign_watch.h"
#include "app/ctl/command.h"
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

Result<std::string> study(const StudyArguments& arguments, session::Campaign& campaign, Output& output) {
  session::RunRequest request = arguments.request;
  for (const std::string& setting : arguments.settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{ErrorCode::InvalidInput,
                   "'--set " + setting + "' has no value: write --set key=value."};
    request.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  std::vector<run::Supervision> supervisions;
  for (const std::string& word : arguments.supervisions) {
    const auto supervision = run::supervisionFromText(word);
    if (!supervision)
      return Error{ErrorCode::InvalidInput,
                   "There is no supervision '" + word + "'. Use pixel, slice, stack or mixed."};
    supervisions.push_back(*supervision);
  }
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  GADOLIN_TRY(campaign, session::planStudy(project->reader(), request, supervisions, arguments.patients));
  GADOLIN_TRY(const auto runs, carryOut(*project, campaign, output));
  return session::writeStudy(project->paths(), campaign, runs, GADOLIN_VERSION);
}

}  // namespace

void addStudy(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<StudyArguments>();
  auto* command = app.add_subcommand(
      "study", "A learning curve: Dice of fibrosis against labelled patients and labelling minutes");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--supervision", arguments->supervisions, "pixel,slice,stack")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_option("--patients", arguments->patients, "Numbers of training patients: 10,20,40,54")
      ->required()
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--preset", arguments->request.preset, "quick, standard or paper")
      ->capture_default_str();
  command->add_option("--device", arguments->request.device, "auto, cpu or cuda")->capture_default_str();
  command->add_option("--seed", arguments->request.seed, "Also decides who is among the first patients")
      ->capture_default_str();
  command->add_option("--threads", arguments->request.threads, "Threads of the worker; 0: all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  command->add_option("--set", arguments->settings, "key=value; may be given several times")
      ->allow_extra_args(false);
  command->callback([arguments, &context] {
    session::Campaign campaign;
    const auto text = study(*arguments, campaign, context.output);
    if (!text) {
      context.status = context.output.fail(text.error());
      return;
    }
    nlohmann::json runs = nlohmann::json::array();
    for (const auto& run : campaign.runs) runs.push_back(run.request.id);
    context.output.summary({{"type", "summary"},
                            {"study", campaign.id},
                            {"folder", "studies/" + campaign.id},
                            {"runs", runs},
                            {"assumption", campaign.assumption}},
                           *text);
  });
}

}  // namespace gadolin::ctl
