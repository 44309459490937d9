#include <QEventLoop>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "app/ctl/command.h"
#include "app/ctl/interrupt.h"
#include "app/ctl/predict_run.h"
#include "database/runs.h"
#include "database/splits.h"
#include "database/stacks.h"
#include "ui/session/dataset_freezer.h"
#include "ui/session/prediction_importer.h"
#include "ui/session/prediction_layers.h"
#include "ui/session/project.h"
#include "ui/session/run_history.h"
#include "ui/session/run_preparation.h"
#include "ui/session/worker_client.h"
#include "ui/session/worker_locator.h"

namespace gadolin::ctl {
namespace {

struct PredictArguments {
  std::string project;
  std::string run;
  std::vector<std::string> stacks;
  std::string part;
  bool all = false;
};

Result<std::vector<std::string>> choose(db::Database& database, const PredictArguments& arguments) {
  if (!arguments.stacks.empty()) {
    for (const std::string& stack : arguments.stacks) GADOLIN_CHECK(db::stackById(database, stack));
    return arguments.stacks;
  }
  GADOLIN_TRY(const auto stacks, db::allStacks(database));
  GADOLIN_TRY(const auto split, db::split(database));
  const auto part = dataset::partFromText(arguments.part.empty() ? "test" : arguments.part);
  std::set<std::string> patients;
  for (const auto& row : split) {
    if (row.part == part) patients.insert(row.patient);
  }
  std::vector<std::string> chosen;
  for (const auto& stack : stacks) {
    if (arguments.all || patients.contains(stack.patient)) chosen.push_back(stack.id);
  }
  if (chosen.empty()) {
    return Error{ErrorCode::NotFound,
                 arguments.all
                     ? "The project has no stacks. Import some first."
                     : "The " + std::string(toText(*part)) +
                           " part of the split is empty. Make a split first, or use --all."};
  }
  return chosen;
}

/// InPart or Whole. A run without a fibrosis network is refused: its predictions would become the
/// newest of their stacks and say everywhere that there is no scar.
Result<run::Trained> checkRun(session::Project& project, const std::string& run) {
  GADOLIN_TRY(const db::RunRecord row, db::runById(project.reader(), run));
  const run::RunFolder folder = project.paths().run(run);
  if (session::workerAlive(folder)) {
    return Error{ErrorCode::Busy, "A worker is at run " + run + ". Wait for its end, or stop it."};
  }
  const run::Trained trained = run::trainedOf(folder);
  if (trained != run::Trained::Nothing) return trained;
  if (row.stage == "myocardium" || row.stage == "classifier") {
    return Error{ErrorCode::Conflict, "Run " + run + " was made with --stage " + row.stage +
                                          " and has no fibrosis network to predict with. Train a "
                                          "run with all stages and predict with that."};
  }
  return Error{ErrorCode::Conflict, "Run " + run +
                                        " has no fibrosis network to predict with yet: its "
                                        "training never came so far. `gadolinctl runs resume` "
                                        "goes on; predict when it has finished."};
}

/// What became of the stacks.
struct Outcome {
  int imported = 0;
  int unchanged = 0;
  nlohmann::json refused = nlohmann::json::array();
  nlohmann::json warnings = nlohmann::json::array();  // of the worker
  nlohmann::json outside = nlohmann::json::object();  // stacks unlike the training data, and why
};

void take(session::Project& project, const std::string& run, const run::PredictionSaved& saved,
          Outcome& outcome, Output& output) {
  const auto imported = session::importPrediction(project, run, saved.stack);
  if (!imported) {
    output.warn(imported.error().message);
    const nlohmann::json refused{{"path", saved.stack},
                                 {"reason", imported.error().message},
                                 {"code", codeName(imported.error().code)}};
    outcome.refused.push_back(refused);
    nlohmann::json line = refused;
    line["type"] = "refused";
    output.event(line);
    return;
  }
  ++(*imported ? outcome.imported : outcome.unchanged);
  const auto strange =
      session::strangenessOf(project.paths().run(run).prediction(saved.stack));
  if (!strange.empty()) outcome.outside[saved.stack] = strange;
  output.progress("Predicting", saved.done, saved.total);
}

/// Starts the worker and imports each prediction as soon as it is written.
session::RunStatus work(session::Project& project, const std::string& run,
                        const std::filesystem::path& worker, Outcome& outcome, Output& output) {
  const run::RunFolder folder = project.paths().run(run);
  QEventLoop loop;
  session::WorkerClient client;
  session::WorkerEnd end;
  bool stopped = false;
  QObject::connect(&client, &session::WorkerClient::events, &loop,
                   [&](const std::vector<run::Event>& events) {
                     for (const run::Event& event : events) {
                       if (const auto* saved = std::get_if<run::PredictionSaved>(&event.body)) {
                         take(project, run, *saved, outcome, output);
                       } else if (const auto* warning = std::get_if<run::Warning>(&event.body)) {
                         outcome.warnings.push_back(warning->text);
                         output.warn(warning->text);
                         if (output.json) output.event(nlohmann::json::parse(run::encode(event)));
                       }
                     }
                   });
  QObject::connect(&client, &session::WorkerClient::warning, &loop,
                   [&](const QString& text) { output.warn(text.toStdString()); });
  QObject::connect(&client, &session::WorkerClient::ended, &loop,
                   [&](const session::WorkerEnd& how) {
                     end = how;
                     loop.quit();
                   });
  const Interrupt interrupt([&] {
    stopped = true;
    client.cancel();
  });
  client.start(worker,
               {QStringLiteral("predict"), QStringLiteral("--run-dir"),
                QString::fromStdString(folder.root.string()), QStringLiteral("--input"),
                QString::fromStdString(folder.predictInput().string())},
               folder.log(), folder.events());
  loop.exec();
  return session::judgeEnd(end, folder, run::Work::Predict, stopped);
}

Result<int> predict(const PredictArguments& arguments, Output& output) {
  GADOLIN_TRY(const auto worker, session::findWorker());
  GADOLIN_TRY(const auto project, session::Project::open(arguments.project));
  GADOLIN_TRY(const run::Trained trained, checkRun(*project, arguments.run));
  GADOLIN_TRY(const auto stacks, choose(project->reader(), arguments));
  const run::RunFolder folder = project->paths().run(arguments.run);
  // Always a file of its own, without labels and masks: what is asked about cannot know the answer.
  GADOLIN_CHECK(session::freezeForPrediction(project->reader(), project->paths(), stacks,
                                             folder.predictInput()));
  Outcome outcome;
  const session::RunStatus status = work(*project, arguments.run, worker, outcome, output);
  std::error_code ignored;
  std::filesystem::remove(folder.predictInput(), ignored);
  const int done = outcome.imported + outcome.unchanged;
  if (const auto* failed = std::get_if<session::Failed>(&status)) {
    Error error = failed->error;
    if (done == 0) return error;
    error.message += " " + std::to_string(done) + " of " + std::to_string(stacks.size()) +
                     " predictions were complete before that and are in the project.";
    output.fail(error);
  }
  const bool whole = done == static_cast<int>(stacks.size());
  std::string text = std::to_string(done) + " of " + std::to_string(stacks.size()) +
                     " stacks predicted with run " + arguments.run;
  if (outcome.unchanged > 0) {
    text += " (" + std::to_string(outcome.unchanged) + " were the same as before)";
  }
  if (!outcome.outside.empty())
    text += "; " + std::to_string(outcome.outside.size()) +
            " of them are unlike the training data (above), look at these first";
  output.summary({{"type", "summary"},
                  {"run", arguments.run},
                  {"stacks", static_cast<int>(stacks.size())},
                  {"imported", outcome.imported},
                  {"unchanged", outcome.unchanged},
                  {"refused", outcome.refused},
                  {"warnings", outcome.warnings},
                  {"outside_training", outcome.outside},
                  {"training_finished", trained == run::Trained::Whole},
                  {"status", session::statusName(status).toStdString()}},
                 text + ".");
  if (whole) return exit_done;
  return done > 0 ? exit_part : exit_failed;
}

}  // namespace

Result<void> predictStacks(session::Project& project, const std::string& run,
                           const std::vector<std::string>& stacks, Output& output) {
  GADOLIN_TRY(const auto worker, session::findWorker());
  GADOLIN_CHECK(checkRun(project, run));
  const run::RunFolder folder = project.paths().run(run);
  GADOLIN_CHECK(session::freezeForPrediction(project.reader(), project.paths(), stacks,
                                             folder.predictInput()));
  Outcome outcome;
  const session::RunStatus status = work(project, run, worker, outcome, output);
  std::error_code ignored;
  std::filesystem::remove(folder.predictInput(), ignored);
  if (const auto* failed = std::get_if<session::Failed>(&status)) return failed->error;
  if (std::holds_alternative<session::Cancelled>(status)) {
    return Error{ErrorCode::Cancelled, "Stopped while run " + run +
                                           " predicted. The same command goes on with what is "
                                           "missing."};
  }
  if (!outcome.refused.empty()) {
    return Error{ErrorCode::Corrupt, outcome.refused.front().at("reason").get<std::string>()};
  }
  return {};
}

void addPredict(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<PredictArguments>();
  auto* command =
      app.add_subcommand("predict", "Masks and probabilities of a run into the project");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("--run", arguments->run, "Id of the run")->required();
  auto* stack = command->add_option("--stack", arguments->stacks, "Id of a stack; may be repeated")
                    ->allow_extra_args(false);
  auto* part =
      command->add_option("--split", arguments->part, "A part of the split (default: test)")
          ->check(CLI::IsMember({"train", "val", "test"}));
  auto* all = command->add_flag("--all", arguments->all, "Every stack of the project");
  stack->excludes(part)->excludes(all);
  part->excludes(all);
  command->callback([arguments, &context] {
    const auto status = predict(*arguments, context.output);
    context.status = status ? *status : context.output.fail(status.error());
  });
}

}  // namespace gadolin::ctl
