#include <charconv>
#include <cstdio>
#include <memory>

#include "app/ctl/command.h"
#include "app/ctl/run_watch.h"
#include "ui/session/project.h"
#include "ui/session/run_catalog.h"

namespace gadolin::ctl {
namespace {

using session::RunInfo;

struct RunsArguments {
  std::string project;
  std::string run;
  bool detach = false;
  std::string epochs;  // "+N"
};

nlohmann::json toJson(const RunInfo& info) {
  const db::RunRecord& row = info.record;
  return {{"id", row.id},
          {"state", info.imported ? "imported" : toText(row.state)},
          {"supervision", row.supervision},
          {"preset", row.preset},
          {"stage", row.stage},
          {"device", row.device},
          {"seed", row.seed},
          {"created", row.created_utc},
          {"ended", row.ended_utc},
          {"message", row.message},
          {"alive", info.alive},
          {"predicting", info.predicting},
          {"trained", run::toText(info.trained)},
          {"resumable", info.resumable},
          {"imported", info.imported},
          {"waits_for_review", info.waits_for_review},
          {"folder", info.has_folder}};
}

std::string stateOf(const RunInfo& info) {
  std::string text(info.imported ? "imported" : toText(info.record.state));
  if (!info.has_folder) text += ", folder missing";
  if (info.predicting) text += ", predicting";
  if (info.waits_for_review)
    text += ", its pseudo-masks wait to be judged";
  else if (info.resumable)
    text += ", resumable";
  return text;
}

/// For commands that only look: a project on a read-only medium has runs to show as well.
Result<std::unique_ptr<session::Project>> openToLook(const std::string& folder) {
  auto project = session::Project::open(folder);
  if (!project && project.error().code == ErrorCode::ReadOnly) {
    return session::Project::open(folder, session::Access::ReadOnly);
  }
  return project;
}

/// Sets right what broke off, where that may be written, and lists.
Result<std::vector<RunInfo>> look(session::Project& project) {
  const session::ProjectPaths paths = project.paths();
  if (project.access() == session::Access::ReadWrite) {
    GADOLIN_CHECK(project.writeNow<int>(
        [&paths](db::Database& database) { return session::reconcileRuns(database, paths); }));
  }
  return session::listRuns(project.reader(), paths);
}

int list(const RunsArguments& arguments, Output& output) {
  const auto project = openToLook(arguments.project);
  if (!project) return output.fail(project.error());
  const auto runs = look(**project);
  if (!runs) return output.fail(runs.error());
  nlohmann::json rows = nlohmann::json::array();
  std::string text;
  for (const RunInfo& info : *runs) {
    rows.push_back(toJson(info));
    char line[256];
    std::snprintf(line, sizeof line, "%-38s %-7s %-9s %-19.19s ", info.record.id.c_str(),
                  info.record.supervision.c_str(), info.record.preset.c_str(),
                  info.record.created_utc.c_str());
    text += (text.empty() ? "" : "\n") + std::string(line) + stateOf(info);
  }
  output.summary({{"runs", rows}}, text.empty() ? "No runs yet." : text);
  return exit_done;
}

int show(const RunsArguments& arguments, Output& output) {
  const auto project = openToLook(arguments.project);
  if (!project) return output.fail(project.error());
  const auto runs = look(**project);
  if (!runs) return output.fail(runs.error());
  for (const RunInfo& info : *runs) {
    if (info.record.id != arguments.run) continue;
    const auto history = session::readCurves((*project)->paths().run(arguments.run));
    if (!history) return output.fail(history.error());
    nlohmann::json object = toJson(info);
    object["lives"] = history->lives;
    object["epochs"] = nlohmann::json::array();
    std::string text = arguments.run + ": " + stateOf(info);
    if (!info.record.message.empty()) text += "\n" + info.record.message;
    for (const run::Epoch& epoch : history->epochs) {
      object["epochs"].push_back(nlohmann::json::parse(run::encode({0, "", epoch})));
      char line[160];
      std::snprintf(line, sizeof line, "\n%-12s %4d/%-4d loss %.4f", epoch.stage.c_str(),
                    epoch.epoch, epoch.epochs, epoch.train_loss);
      text += line;
      if (epoch.val_dice) text += "  val Dice " + std::to_string(*epoch.val_dice);
      if (epoch.val_auroc) text += "  val AUROC " + std::to_string(*epoch.val_auroc);
    }
    for (auto& epoch : object["epochs"]) {
      for (const char* frame : {"v", "seq", "t", "type"}) epoch.erase(frame);
    }
    output.summary(object, text);
    return exit_done;
  }
  return output.fail({ErrorCode::NotFound, "There is no run '" + arguments.run +
                                               "' in this project. `runs` lists them."});
}

int stop(const RunsArguments& arguments, Output& output) {
  const auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  const auto runs = look(**project);
  if (!runs) return output.fail(runs.error());
  for (const RunInfo& info : *runs) {
    if (info.record.id != arguments.run) continue;
    if (info.predicting) {
      return output.fail(
          {ErrorCode::Busy, "Run " + arguments.run +
                                " is predicting, not training. Stop the `gadolinctl predict` that "
                                "does it (Ctrl-C), or the prediction in the window."});
    }
    if (!info.alive) {
      output.summary(
          {{"type", "summary"}, {"run", arguments.run}, {"status", toText(info.record.state)}},
          "No worker is at run " + arguments.run + "; it is " + stateOf(info) + ".");
      return exit_done;
    }
    session::RunController controller(**project);
    controller.follow(arguments.run);
    controller.stop();
    const int status = watchRun(controller, session::Launch::Attached, output);
    return status == exit_part ? exit_done : status;  // stopped is what was asked for
  }
  return output.fail({ErrorCode::NotFound, "There is no run '" + arguments.run +
                                               "' in this project. `runs` lists them."});
}

/// "+20" as 20; "20" is refused, since it could be meant as the number in all.
Result<int> extraEpochs(const std::string& text) {
  if (text.empty()) return 0;
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + (text[0] == '+' ? 1 : 0), end, number);
  if (text[0] != '+' || parsed.ec != std::errc{} || parsed.ptr != end || number < 1) {
    return Error{ErrorCode::InvalidInput, "'--epochs " + text +
                                              "' is no number of epochs to add: write --epochs +20 "
                                              "for twenty more."};
  }
  return number;
}

int resume(const RunsArguments& arguments, Output& output) {
  const auto extra = extraEpochs(arguments.epochs);
  if (!extra) return output.fail(extra.error());
  const auto project = session::Project::open(arguments.project);
  if (!project) return output.fail(project.error());
  if (const auto runs = look(**project); !runs) return output.fail(runs.error());
  session::RunController controller(**project);
  const auto launch = arguments.detach ? session::Launch::Detached : session::Launch::Attached;
  controller.resume(arguments.run, launch, *extra);
  return watchRun(controller, launch, output);
}

}  // namespace

void addRuns(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<RunsArguments>();
  auto* command = app.add_subcommand("runs", "The runs of a project; stop, resume or show one");
  command->add_option("project", arguments->project, "Project folder");
  const auto add = [&](const char* name, const char* what,
                       int (*action)(const RunsArguments&, Output&)) {
    auto* sub = command->add_subcommand(name, what);
    sub->add_option("project", arguments->project, "Project folder")->required();
    sub->add_option("run", arguments->run, "Id of the run")->required();
    sub->callback(
        [arguments, action, &context] { context.status = action(*arguments, context.output); });
    return sub;
  };
  add("show", "State and epochs of a run", show);
  add("stop", "Stop a run; its last checkpoint stays", stop);
  auto* on = add("resume", "Go on from the last checkpoint, or train a finished run longer", resume);
  on->add_flag("--detach", arguments->detach, "Print the id and leave; the run goes on");
  on->add_option("--epochs", arguments->epochs,
                 "+N: train the last stage N epochs longer, also when the run has finished");
  addRunSettings(*command, context);
  addRunPseudo(*command, context);
  command->callback([command, arguments, &context] {
    if (!command->get_subcommands().empty()) return;
    if (arguments->project.empty()) {
      context.status = context.output.fail(
          {ErrorCode::InvalidInput, "Name the project folder: gadolinctl runs PROJECT."});
      return;
    }
    context.status = list(*arguments, context.output);
  });
}

}  // namespace gadolin::ctl
