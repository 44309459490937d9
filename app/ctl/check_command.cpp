#include <memory>

#include "app/ctl/command.h"
#include "ui/session/project.h"
#include "ui/session/project_check.h"

namespace gadolin::ctl {
namespace {

void say(Context& context, const session::CheckReport& report) {
  nlohmann::json problems = nlohmann::json::array();
  std::string text;
  for (const session::Problem& problem : report.problems) {
    problems.push_back({{"kind", problem.kind},
                        {"what", problem.what},
                        {"reason", problem.reason},
                        {"repair", problem.repair}});
    text += problem.what + ": " + problem.reason + ' ' + problem.repair + '\n';
  }
  const std::string seen = std::to_string(report.stacks) + " stacks, " +
                           std::to_string(report.masks) + " masks and " +
                           std::to_string(report.runs) + " runs";
  text += report.problems.empty() ? "The database, " + seen + " are sound."
                                  : std::to_string(report.problems.size()) +
                                        " problems among the database, " + seen + ".";
  if (report.identities_kept)
    text += "\nPatients have their own names and numbers here, as an import was told.";
  context.output.summary({{"stacks", report.stacks},
                          {"masks", report.masks},
                          {"runs", report.runs},
                          {"identities_kept", report.identities_kept},
                          {"problems", problems}},
                         text);
  context.status = report.problems.empty() ? exit_done : exit_part;
}

}  // namespace

void addCheck(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::string>();
  auto key_table = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "check", "Look whether the database, every stack, mask and run is there and sound");
  command->add_option("project", *folder, "Project folder")->required();
  command->add_option("--key-table", *key_table,
                      "Look for the names, numbers and birth dates of its patients as well");
  command->callback([folder, key_table, &context] {
    session::KeyTable keys;
    if (!key_table->empty()) {
      auto read = session::readKeyTable(*key_table);
      if (!read) {
        context.status = context.output.fail(read.error());
        return;
      }
      keys = std::move(*read);
    }
    // For reading only: a damaged project is not touched.
    const auto project = session::Project::open(*folder, session::Access::ReadOnly);
    if (!project) {
      context.status = context.output.fail(project.error());
      return;
    }
    const auto report = session::checkProject((*project)->reader(), (*project)->paths(), keys,
                                              [&context](int done, int total) {
                                                if (!context.output.json)
                                                  context.output.progress("Checking", done, total);
                                              });
    if (!report) {
      context.status = context.output.fail(report.error());
      return;
    }
    say(context, *report);
  });
}

}  // namespace gadolin::ctl
