#include <memory>

#include "app/ctl/command.h"
#include "app/ctl/run_watch.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct TrainArguments {
  std::string project;
  std::string supervision;
  std::vector<std::string> settings;  // "key=value"
  bool detach = false;
  session::RunRequest request;
};

Result<session::RunRequest> requestOf(const TrainArguments& arguments) {
  session::RunRequest request = arguments.request;
  request.supervision = *run::supervisionFromText(arguments.supervision);
  for (const std::string& setting : arguments.settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{ErrorCode::InvalidInput,
                   "'--set " + setting + "' has no value: write --set key=value."};
    }
    request.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  // What cannot be meant is said before the project is even looked at.
  GADOLIN_CHECK(session::settingsOf(request));
  return request;
}

int train(const TrainArguments& arguments, Output& output) {
  const auto request = requestOf(arguments);
  if (!request) return output.fail(request.error());
  const auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  session::RunController controller(**project);
  const auto launch = arguments.detach ? session::Launch::Detached : session::Launch::Attached;
  controller.start(*request, launch);
  return watchRun(controller, launch, output);
}

}  // namespace

void addTrain(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<TrainArguments>();
  session::RunRequest& request = arguments->request;
  auto* command = app.add_subcommand("train", "Train the cascade: one run");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--supervision", arguments->supervision, "What the training learns from")
      ->required()
      ->check(CLI::IsMember({"pixel", "slice", "stack", "mixed"}));
  command->add_option("--preset", request.preset, "quick, standard or paper")
      ->capture_default_str();
  command->add_option("--stage", request.stage, "all, myocardium, classifier or fibrosis")
      ->capture_default_str();
  command->add_option("--device", request.device, "auto, cpu or cuda")->capture_default_str();
  command->add_option("--seed", request.seed, "The same seed gives the same curves on the CPU")
      ->capture_default_str();
  command->add_option("--threads", request.threads, "Threads of the worker; 0: all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  command->add_option("--set", arguments->settings, "key=value; may be given several times")
      ->allow_extra_args(false);
  command->add_flag("--detach", arguments->detach, "Print the id and leave; the run goes on");
  command->callback([arguments, &context] { context.status = train(*arguments, context.output); });
}

}  // namespace gadolin::ctl
