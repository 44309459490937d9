#include <memory>

#include "app/ctl/command.h"
#include "core/base/files.h"
#include "ui/session/project.h"
#include "ui/session/split_planner.h"

namespace gadolin::ctl {
namespace {

struct SplitArguments {
  std::string project;
  std::string from;
  dataset::SplitPlan plan;
};

Result<session::SplitSummary> split(const SplitArguments& arguments) {
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  if (arguments.from.empty()) {
    return project->writeNow<session::SplitSummary>(
        [&](db::Database& database) { return session::makeSplit(database, arguments.plan); });
  }
  GADOLIN_TRY(const std::string table, readFile(arguments.from, std::size_t{1} << 26));
  return project->writeNow<session::SplitSummary>([&](db::Database& database) {
    return session::importSplit(database, table, arguments.from);
  });
}

}  // namespace

void addSplit(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<SplitArguments>();
  auto* command = app.add_subcommand(
      "split", "Deal the patients to training, validation and test, or take the split from a file");
  command->add_option("project", arguments->project, "Project folder")->required();
  auto* test = command->add_option("--test", arguments->plan.test, "Share of the test patients")
                   ->capture_default_str();
  auto* val =
      command->add_option("--val", arguments->plan.validation, "Share of the validation patients")
          ->capture_default_str();
  auto* folds = command->add_option("--folds", arguments->plan.folds,
                                    "Cross-validation: parts of everybody outside the test part");
  command->add_option("--fold", arguments->plan.fold, "Which fold is the validation part, from 1")
      ->needs(folds);
  auto* seed =
      command->add_option("--seed", arguments->plan.seed, "The same seed gives the same split")
          ->capture_default_str();
  auto* from = command->add_option("--from", arguments->from,
                                   "Table with the columns patient and split (train, val, test)");
  from->excludes(test)->excludes(val)->excludes(folds)->excludes(seed);
  folds->excludes(val);
  command->callback([arguments, &context] {
    const auto summary = split(*arguments);
    if (!summary) {
      context.status = context.output.fail(summary.error());
      return;
    }
    std::string text = std::to_string(summary->train) + " patients train, " +
                       std::to_string(summary->validation) + " validation, " +
                       std::to_string(summary->test) + " test.";
    if (summary->without_part > 0) {
      text += ' ' + std::to_string(summary->without_part) + " patients belong to no part.";
    }
    context.output.summary({{"train", summary->train},
                            {"val", summary->validation},
                            {"test", summary->test},
                            {"none", summary->without_part},
                            {"folds", summary->folds}},
                           text);
  });
}

}  // namespace gadolin::ctl
