#include <algorithm>
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

/// What --accept and --reject name, from the general to the particular; the rest is what they
/// leave.
enum class Reach { All, Stack, Slices, Rest };

struct Word {
  Reach reach = Reach::All;
  std::string text;   // as written
  std::string stack;  // of Stack and Slices
  std::vector<int> slices;
  PseudoVerdict verdict = PseudoVerdict::Accepted;
};

Result<Word> wordFrom(const std::string& text, PseudoVerdict verdict) {
  Word word;
  word.text = text;
  word.verdict = verdict;
  if (text == "all") return word;
  const auto colon = text.rfind(':');
  word.stack = text.substr(0, colon);
  word.reach = text == "rest"               ? Reach::Rest
               : colon == std::string::npos ? Reach::Stack
                                            : Reach::Slices;
  if (word.reach != Reach::Slices) return word;
  GADOLIN_TRY(word.slices, numbersIn(std::string_view(text).substr(colon + 1), text));
  if (word.slices.empty()) return numbersIn("?", text).error();
  return word;
}

/// Adds the verdicts of a word; `same_reach` holds what words of its reach said before.
Result<void> addWord(const PseudoState& state, const Word& word, PseudoJudgements& judgements,
                     PseudoJudgements& same_reach) {
  const bool everywhere = word.reach == Reach::All || word.reach == Reach::Rest;
  bool found = everywhere;
  for (const PseudoStack& stack : state.stacks) {
    if (!everywhere && stack.stack != word.stack) continue;
    found = true;
    std::vector<int> slices = word.slices;
    if (slices.empty())
      for (const PseudoSlice& slice : stack.slices) slices.push_back(slice.slice);
    for (const int slice : slices) {
      const auto known = std::ranges::find(stack.slices, slice, &PseudoSlice::slice);
      const bool there = known != stack.slices.end();
      const auto said = judgements.find(stack.stack);
      const bool judged =
          (there && known->verdict) || (said != judgements.end() && said->second.contains(slice));
      if (word.reach == Reach::Rest && judged) continue;
      auto verdict = word.verdict;
      // Accepting takes no trimming back.
      if (there && known->verdict == PseudoVerdict::Trimmed && verdict == PseudoVerdict::Accepted)
        verdict = PseudoVerdict::Trimmed;
      const auto [before, fresh] = same_reach[stack.stack].emplace(slice, verdict);
      if (!fresh && before->second != verdict) {
        return Error{ErrorCode::InvalidInput, "'" + word.text + "' accepts and rejects slice " +
                                                  std::to_string(slice) + " of stack " +
                                                  stack.stack + " at once."};
      }
      judgements[stack.stack][slice] = verdict;
    }
  }
  if (!found) {
    return Error{ErrorCode::InvalidInput, "No stack '" + word.stack +
                                              "' has pseudo-masks in this run. `gadolinctl runs "
                                              "pseudo PROJECT RUN` lists those that have."};
  }
  return {};
}

Result<PseudoJudgements> judgementsOf(const PseudoArguments& arguments, const PseudoState& state) {
  std::vector<Word> words;
  for (const std::string& text : arguments.accept) {
    GADOLIN_TRY(Word word, wordFrom(text, PseudoVerdict::Accepted));
    words.push_back(std::move(word));
  }
  for (const std::string& text : arguments.reject) {
    GADOLIN_TRY(Word word, wordFrom(text, PseudoVerdict::Rejected));
    words.push_back(std::move(word));
  }
  PseudoJudgements judgements;
  for (const Reach reach : {Reach::All, Reach::Stack, Reach::Slices, Reach::Rest}) {
    PseudoJudgements same_reach;
    for (const Word& word : words)
      if (word.reach == reach) GADOLIN_CHECK(addWord(state, word, judgements, same_reach));
  }
  return judgements;
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
        "They cannot be changed: the run does not wait for them to be judged.";
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
  GADOLIN_TRY(const PseudoJudgements judgements, judgementsOf(arguments, state));
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
      ->add_option("--accept", arguments->accept,
                   "all, STACK, STACK:0,3 (slices counted from 0; the particular counts before the "
                   "general) or rest "
                   "(what nobody judged); may be given several times")
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
