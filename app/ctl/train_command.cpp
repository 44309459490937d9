#include <memory>
#include <optional>

#include "app/ctl/campaign_watch.h"
#include "app/ctl/command.h"
#include "app/ctl/run_watch.h"
#include "core/base/files.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct TrainArguments {
  std::string project;
  std::string supervision;
  std::vector<std::string> settings;  // "key=value"
  bool detach = false;
  std::optional<long long> pixel_patients, slice_patients;
  std::string levels;  // file
  int folds = 0;
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
  if (arguments.pixel_patients)
    request.settings.emplace_back("mixed.pixel_patients",
                                  std::to_string(*arguments.pixel_patients));
  if (arguments.slice_patients)
    request.settings.emplace_back("mixed.slice_patients",
                                  std::to_string(*arguments.slice_patients));
  if (!arguments.levels.empty()) {
    GADOLIN_TRY(const std::string table, readFile(arguments.levels, std::size_t{1} << 26));
    auto levels = session::parseSights(table);
    if (!levels) return levels.error().within(arguments.levels);
    request.at_most = std::move(*levels);
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

int crossValidate(const TrainArguments& arguments, Output& output) {
  if (arguments.detach) {
    return output.fail({ErrorCode::InvalidInput,
                        "--folds trains one run after another and cannot be detached. Leave one of "
                        "both away."});
  }
  const auto request = requestOf(arguments);
  if (!request) return output.fail(request.error());
  if (request->stage == "myocardium" || request->stage == "classifier") {
    return output.fail({ErrorCode::InvalidInput,
                        "--folds scores predictions, which need all stages. Leave --stage away."});
  }
  const auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  auto campaign = session::planFolds((*project)->reader(), *request, arguments.folds);
  if (!campaign) return output.fail(campaign.error());
  const auto runs = carryOut(**project, *campaign, output);
  if (!runs) return output.fail(runs.error());
  const auto report =
      session::writeFolds((*project)->paths(), *campaign, *runs, GADOLIN_VERSION);
  if (!report) return output.fail(report.error());
  nlohmann::json ids = nlohmann::json::array();
  for (const auto& run : campaign->runs) ids.push_back(run.request.id);
  output.summary({{"type", "summary"},
                  {"folds", campaign->id},
                  {"folder", "studies/" + campaign->id},
                  {"runs", ids}},
                 *report);
  return exit_done;
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
  command
      ->add_option("--pixel-patients", arguments->pixel_patients,
                   "Mixed: so many training patients show their masks of fibrosis; the others count "
                   "as labelled by slice or stack")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--slice-patients", arguments->slice_patients,
                   "Mixed: so many of the others show their slice labels")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--levels", arguments->levels,
                   "Mixed: CSV with the columns patient and level (pixel, slice, stack), the most "
                   "that the run sees of a patient")
      ->check(CLI::ExistingFile);
  command->add_flag("--detach", arguments->detach, "Print the id and leave; the run goes on");
  command
      ->add_option("--folds", arguments->folds,
                   "Cross-validation: so many runs and one report; the same command again goes on")
      ->check(CLI::Range(3, 20));
  command->callback([arguments, &context] {
    context.status = arguments->folds > 0 ? crossValidate(*arguments, context.output)
                                          : train(*arguments, context.output);
  });
}

}  // namespace gadolin::ctl
