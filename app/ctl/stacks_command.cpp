#include <functional>
#include <memory>

#include "app/ctl/command.h"
#include "database/set_aside.h"
#include "database/stacks.h"
#include "ui/session/account.h"
#include "ui/session/project.h"

namespace gadolin::ctl {
namespace {

struct StacksArguments {
  std::string project;
  std::vector<std::string> stacks;
  std::string reason;
  std::string kind;
  bool all_unknown = false;
};

nlohmann::json toJson(const db::StackRecord& stack) {
  return {{"stack", stack.id},
          {"patient", stack.patient},
          {"kind", std::string(toText(stack.kind))},
          {"size", stack.size},
          {"spacing_mm", stack.spacing_mm},
          {"description", stack.description}};
}

void list(Context& context, const StacksArguments& arguments) {
  const auto project = session::Project::open(arguments.project, session::Access::ReadOnly);
  if (!project) {
    context.status = context.output.fail(project.error());
    return;
  }
  const auto in_use = db::allStacks((*project)->reader());
  const auto aside = db::asideStacks((*project)->reader());
  if (!in_use || !aside) {
    context.status = context.output.fail(!in_use ? in_use.error() : aside.error());
    return;
  }
  nlohmann::json stacks = nlohmann::json::array(), apart = nlohmann::json::array();
  std::string text;
  for (const auto& stack : *in_use) {
    stacks.push_back(toJson(stack));
    text += stack.id + "  " + std::string(toText(stack.kind)) + "  " +
            std::to_string(stack.size[2]) + " slices  " + stack.description + '\n';
  }
  for (const auto& one : *aside) {
    auto row = toJson(one.stack);
    row["reason"] = one.reason;
    row["who"] = one.who;
    row["at"] = one.at_utc;
    apart.push_back(row);
    text += one.stack.id + "  set aside by " + one.who + ": " + one.reason + '\n';
  }
  context.output.summary({{"stacks", stacks}, {"aside", apart}},
                         text + std::to_string(in_use->size()) + " stacks in use, " +
                             std::to_string(aside->size()) + " set aside.");
}

void change(Context& context, const StacksArguments& arguments, const std::string& done,
            const std::function<Result<void>(db::Database&)>& body) {
  const auto project = session::Project::open(arguments.project);
  if (!project) {
    context.status = context.output.fail(project.error());
    return;
  }
  const auto changed = (*project)->writeNow<void>(body);
  if (!changed) {
    context.status = context.output.fail(changed.error());
    return;
  }
  context.output.summary({{"stacks", arguments.stacks}},
                         std::to_string(arguments.stacks.size()) + " stacks " + done + ".");
}

CLI::App* addPart(CLI::App& command, const std::shared_ptr<StacksArguments>& arguments,
                  const char* name, const char* what) {
  auto* part = command.add_subcommand(name, what);
  part->add_option("project", arguments->project, "Project folder")->required();
  if (std::string(name) != "list")
    part->add_option("stacks", arguments->stacks, "Ids of stacks")->required();
  return part;
}

}  // namespace

void addStacks(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("stacks", "List stacks, set some aside, say what an image is");
  command->require_subcommand(1);
  auto arguments = std::make_shared<StacksArguments>();
  addPart(*command, arguments, "list", "Every stack, and those that were set aside with the reason")
      ->callback([arguments, &context] { list(context, *arguments); });
  auto* aside = addPart(*command, arguments, "aside",
                        "Take stacks out of all work; their labels and masks stay");
  aside->add_option("--reason", arguments->reason, "Why, in words")->required();
  aside->callback([arguments, &context] {
    change(context, *arguments, "set aside", [&](db::Database& database) -> Result<void> {
      return db::setAside(database, arguments->stacks, arguments->reason, session::accountName());
    });
  });
  addPart(*command, arguments, "back", "Take stacks that were set aside back")
      ->callback([arguments, &context] {
        change(context, *arguments, "taken back", [&](db::Database& database) -> Result<void> {
          return db::takeBack(database, arguments->stacks, session::accountName());
        });
      });
  auto* kind = addPart(*command, arguments, "kind", "Say whether images are magnitude or PSIR");
  kind->add_option("--is", arguments->kind, "What they are")
      ->required()
      ->check(CLI::IsMember({"magnitude", "psir", "unknown"}));
  kind->get_option("stacks")->required(false);
  kind->add_flag("--all-unknown", arguments->all_unknown,
                 "All stacks of which nothing told it so far; instead of ids");
  kind->callback([arguments, &context] {
    change(context, *arguments, "changed", [&](db::Database& database) -> Result<void> {
      if (arguments->all_unknown == !arguments->stacks.empty())
        return Error{ErrorCode::InvalidInput,
                     "Name the stacks, or say --all-unknown. Nothing was changed."};
      if (arguments->all_unknown) {
        GADOLIN_TRY(const auto stacks, db::allStacks(database));
        for (const auto& stack : stacks)
          if (stack.kind == ImageKind::Unknown) arguments->stacks.push_back(stack.id);
      }
      return db::setKind(database, arguments->stacks, imageKindFromText(arguments->kind),
                         session::accountName());
    });
  });
}

}  // namespace gadolin::ctl
