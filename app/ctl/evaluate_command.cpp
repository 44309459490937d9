#include <memory>

#include "app/ctl/command.h"
#include "core/analysis/evaluation_file.h"
#include "ui/session/evaluation.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct EvaluateArguments {
  std::string project;
  std::string run;
  std::string split = "test";
};

Result<analysis::Evaluation> evaluate(const EvaluateArguments& arguments, Output& output) {
  // The database is only read; metrics.json goes into the run folder.
  GADOLIN_TRY(const auto project,
              session::Project::open(arguments.project, session::Access::ReadOnly));
  GADOLIN_TRY(auto evaluation, session::evaluateRun(project->paths(), project->reader(),
                                                    arguments.run, arguments.split, GADOLIN_VERSION,
                                                    [&output](int done, int total) {
                                                      if (!output.json)
                                                        output.progress("Evaluating", done, total);
                                                    }));
  GADOLIN_CHECK(session::saveEvaluation(project->paths(), evaluation));
  return evaluation;
}

}  // namespace

void addEvaluate(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<EvaluateArguments>();
  auto* command =
      app.add_subcommand("evaluate", "Score the predictions of a run against the masks of people");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--run", arguments->run, "Run whose predictions are scored")->required();
  command->add_option("--split", arguments->split, "train, val, test or all")
      ->check(CLI::IsMember({"train", "val", "test", "all"}))
      ->capture_default_str();
  command->callback([arguments, &context] {
    const auto evaluation = evaluate(*arguments, context.output);
    if (!evaluation) {
      context.status = context.output.fail(evaluation.error());
      return;
    }
    context.output.summary(nlohmann::json::parse(analysis::toJson(*evaluation)),
                           analysis::toTable(*evaluation));
  });
}

}  // namespace gadolin::ctl
