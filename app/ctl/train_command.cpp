#include <atomic>
#include <memory>
#include <optional>

#include "app/ctl/campaign_watch.h"
#include "app/ctl/command.h"
#include "app/ctl/request_options.h"
#include "app/ctl/run_watch.h"
#include "core/base/files.h"
#include "ui/session/project.h"
#include "ui/session/run_preparation.h"

namespace gadolin::ctl {
namespace {

struct TrainArguments {
  std::string project;
  std::string supervision;
  std::vector<std::string> settings;  // "key=value"
  bool detach = false, prepare = false;
  std::optional<long long> pixel_patients, slice_patients;
  std::string levels;  // file
  int folds = 0;
  session::RunRequest request;
};

Result<session::RunRequest> requestOf(const TrainArguments& arguments) {
  session::RunRequest request = arguments.request;
  request.supervision = *run::supervisionFromText(arguments.supervision);
  GADOLIN_CHECK(addSettings(request, arguments.settings));
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

/// Everything that a training needs, in the run's folder, and no worker.
Result<session::PreparedRun> prepare(const TrainArguments& arguments) {
  if (arguments.detach || arguments.folds > 0) {
    return Error{ErrorCode::InvalidInput,
                 "--prepare starts nothing. Leave --detach and --folds away."};
  }
  GADOLIN_TRY(const session::RunRequest request, requestOf(arguments));
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  const std::atomic<bool> cancel = false;
  GADOLIN_TRY(const auto prepared,
              session::prepareRun(project->reader(), project->paths(), request, {}, cancel));
  const auto admitted = project->writeNow<bool>([&](db::Database& database) -> Result<bool> {
    GADOLIN_CHECK(session::admitRun(database, project->paths(), prepared));
    return true;
  });
  if (!admitted) return admitted.error();
  return prepared;
}

int prepareOnly(const TrainArguments& arguments, Output& output) {
  const auto prepared = prepare(arguments);
  if (!prepared) return output.fail(prepared.error());
  output.summary({{"run", prepared->id}, {"status", "prepared"}},
                 "Run " + prepared->id +
                     " is prepared. On this machine `gadolinctl runs resume` starts it; on "
                     "another, `gadolin-worker train --run-dir` on a copy of its folder.");
  return exit_done;
}

int train(const TrainArguments& arguments, Output& output) {
  const auto request = requestOf(arguments);
  if (!request) return output.fail(request.error());
  const auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  if (const auto inputs = session::countInputs((*project)->reader(), request->parts)) {
    const std::string remark = session::remark(*inputs, request->supervision);
    if (!remark.empty()) output.warn(remark);
  }
  session::RunController controller(**project);
  const auto launch = arguments.detach ? session::Launch::Detached : session::Launch::Attached;
  controller.start(*request, launch);
  return watchRun(controller, launch, output);
}

Result<std::string> crossValidate(const TrainArguments& arguments, session::Campaign& campaign,
                                  Output& output) {
  if (arguments.detach) {
    return Error{ErrorCode::InvalidInput,
                 "--folds trains one run after another and cannot be detached. Leave one of both "
                 "away."};
  }
  GADOLIN_TRY(const session::RunRequest request, requestOf(arguments));
  if (request.stage == "myocardium" || request.stage == "classifier") {
    return Error{ErrorCode::InvalidInput,
                 "--folds scores predictions, which need all stages. Leave --stage away."};
  }
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  GADOLIN_TRY(campaign, session::planFolds(project->reader(), request, arguments.folds));
  GADOLIN_TRY(const auto runs, carryOut(*project, campaign, output));
  return session::writeFolds(project->paths(), campaign, runs, GADOLIN_VERSION);
}

int trainFolds(const TrainArguments& arguments, Output& output) {
  session::Campaign campaign;
  const auto report = crossValidate(arguments, campaign, output);
  return conclude(campaign, report, output);
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
  command->add_option("--stage", request.stage, "all, myocardium, classifier or fibrosis")
      ->capture_default_str();
  addRequestOptions(*command, request, arguments->settings,
                    "The same seed gives the same curves on the CPU");
  command
      ->add_option(
          "--pixel-patients", arguments->pixel_patients,
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
  command->add_flag("--prepare", arguments->prepare,
                    "Write the run's folder and leave: for a gadolin-worker on another machine");
  command
      ->add_option("--folds", arguments->folds,
                   "Cross-validation: so many runs and one report; the same command again goes on")
      ->check(CLI::Range(3, 20));
  command->callback([arguments, &context] {
    context.status = arguments->prepare     ? prepareOnly(*arguments, context.output)
                     : arguments->folds > 0 ? trainFolds(*arguments, context.output)
                                            : train(*arguments, context.output);
  });
}

}  // namespace gadolin::ctl
