#include <charconv>
#include <memory>

#include "app/ctl/command.h"
#include "ui/session/account.h"
#include "ui/session/project.h"
#include "ui/session/pseudo_masks.h"

namespace gadolin::ctl {
namespace {

using run::PseudoVerdict;
using session::PseudoJudgements;
using session::PseudoSlice;
using session::PseudoStack;
using session::PseudoState;

struct PseudoArguments {
  std::string project;
  std::string run;
  std::vector<std::string> accept, reject;
  std::string reader;
  bool done = false;
};

Result<std::vector<int>> numbersIn(std::string_view list, const std::string& word) {
  std::vector<int> numbers;
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    int number = 0;
    const auto parsed = std::from_chars(one.data(), one.data() + one.size(), number);
    if (parsed.ec != std::errc{} || parsed.ptr != one.data() + one.size() || number < 0) {
      return Error{ErrorCode::InvalidInput,
                   "'" + word + "' names no slices: write STACK:0,3 with slices counted from 0."};
    }
    numbers.push_back(number);
    list.remove_prefix(std::min(list.size(), one.size() + 1));
  }
  return numbers;
}

/// "all", "rest", "STACK" or "STACK:0,3" as verdicts on the slices that have a pseudo-mask.
Result<void> addWord(const PseudoState& state, const std::string& word, PseudoVerdict verdict,
                     PseudoJudgements& judgements) {
  const bool all = word == "all", rest = word == "rest";
  const auto colon = word.rfind(':');
  const std::string name = word.substr(0, colon);
  std::vector<int> chosen;
  if (!all && !rest && colon != std::string::npos) {
    GADOLIN_TRY(chosen, numbersIn(std::string_view(word).substr(colon + 1), word));
  }
  bool found = all || rest;
  for (const PseudoStack& stack : state.stacks) {
    if (!all && !rest && stack.stack != name) continue;
    found = true;
    auto& slices = judgements[stack.stack];
    for (const int slice : chosen) slices[slice] = verdict;
    if (!chosen.empty()) continue;
    for (const PseudoSlice& slice : stack.slices) {
      const bool said = slice.verdict || slices.contains(slice.slice);
      if (!rest || !said) slices[slice.slice] = verdict;
    }
  }
  if (!found) {
    return Error{ErrorCode::InvalidInput,
                 "No stack '" + name +
                     "' has pseudo-masks in this run. `gadolinctl runs pseudo "
                     "PROJECT RUN` lists those that have."};
  }
  return {};
}

std::string wordOf(const PseudoSlice& slice) {
  const std::string word = slice.verdict ? std::string(run::toText(*slice.verdict)) : "-";
  return std::to_string(slice.slice) + " " + word + (slice.pixels == 0 ? " (empty)" : "");
}

void tell(const PseudoArguments& arguments, const PseudoState& state, Output& output) {
  nlohmann::json stacks = nlohmann::json::array();
  std::string text;
  for (const PseudoStack& stack : state.stacks) {
    nlohmann::json slices = nlohmann::json::array();
    std::string line;
    for (const PseudoSlice& slice : stack.slices) {
      slices.push_back({{"slice", slice.slice},
                        {"pixels", slice.pixels},
                        {"verdict", slice.verdict ? nlohmann::json(run::toText(*slice.verdict))
                                                  : nlohmann::json()}});
      line += (line.empty() ? "" : ", ") + wordOf(slice);
    }
    stacks.push_back({{"stack", stack.stack}, {"slices", slices}});
    text += stack.stack + "  " + line + "\n";
  }
  text += std::to_string(state.judged()) + " of " + std::to_string(state.slices()) +
          " pseudo-masks judged" + (state.reader.empty() ? "" : ", last by " + state.reader) + ". ";
  if (state.complete && state.open)
    text += "The review is done: `gadolinctl runs resume` goes on with the training.";
  else if (!state.open)
    text +=
        "They cannot be changed: a worker is at the run, or its fibrosis network has begun to "
        "learn.";
  else
    text += "Slices count from 0 in stored order. Judge with --accept and --reject, then --done.";
  output.summary({{"run", arguments.run},
                  {"stacks", stacks},
                  {"slices", state.slices()},
                  {"judged", state.judged()},
                  {"complete", state.complete},
                  {"open", state.open},
                  {"reader", state.reader}},
                 text);
}

Result<PseudoState> judge(const PseudoArguments& arguments) {
  const bool changes = !arguments.accept.empty() || !arguments.reject.empty() || arguments.done;
  auto project = session::Project::open(arguments.project);
  if (!project && project.error().code == ErrorCode::ReadOnly && !changes)
    project = session::Project::open(arguments.project, session::Access::ReadOnly);
  if (!project) return project.error();
  const session::ProjectPaths paths = (*project)->paths();
  GADOLIN_TRY(PseudoState state, session::pseudoState(paths, arguments.run));
  if (!changes) return state;
  const std::string reader = arguments.reader.empty() ? session::accountName() : arguments.reader;
  PseudoJudgements judgements;
  // "rest" is what the other words leave.
  for (const bool rest : {false, true}) {
    for (const std::string& word : arguments.accept)
      if ((word == "rest") == rest)
        GADOLIN_CHECK(addWord(state, word, PseudoVerdict::Accepted, judgements));
    for (const std::string& word : arguments.reject)
      if ((word == "rest") == rest)
        GADOLIN_CHECK(addWord(state, word, PseudoVerdict::Rejected, judgements));
  }
  if (!judgements.empty())
    GADOLIN_CHECK(session::judgePseudoMasks(paths, arguments.run, reader, judgements));
  if (arguments.done) GADOLIN_CHECK(session::finishPseudoReview(paths, arguments.run, reader));
  return session::pseudoState(paths, arguments.run);
}

}  // namespace

void addRunPseudo(CLI::App& runs, Context& context) {
  auto arguments = std::make_shared<PseudoArguments>();
  auto* command = runs.add_subcommand(
      "pseudo",
      "The pseudo-masks of a run: list and judge them before the fibrosis network learns");
  command->add_option("project", arguments->project, "Project folder")->required();
  command->add_option("run", arguments->run, "Id of the run")->required();
  command
      ->add_option(
          "--accept", arguments->accept,
          "all, rest, STACK or STACK:0,3 (slices counted from 0); may be given several times")
      ->allow_extra_args(false);
  command->add_option("--reject", arguments->reject, "The same: such slices teach nothing")
      ->allow_extra_args(false);
  command->add_option("--reader", arguments->reader,
                      "Who judges; the account's name where it is left away");
  command->add_flag("--done", arguments->done, "All are judged: the run may be resumed");
  command->callback([arguments, &context] {
    const auto state = judge(*arguments);
    if (state)
      tell(*arguments, *state, context.output);
    else
      context.status = context.output.fail(state.error());
  });
}

}  // namespace gadolin::ctl
