#include "ui/session/pseudo_masks.h"

#include <algorithm>
#include <filesystem>

#include "core/base/files.h"
#include "ui/session/run_history.h"

namespace gadolin::session {
namespace {

namespace fs = std::filesystem;
using run::PseudoVerdict;

/// Of all stacks with pseudo-masks, by name.
Result<std::vector<std::string>> stacksOf(const run::RunFolder& folder) {
  std::vector<std::string> stacks;
  std::error_code code;
  for (fs::directory_iterator at(folder.pseudoMasks(), code), end; !code && at != end;
       at.increment(code)) {
    if (at->path().extension() == ".safetensors") stacks.push_back(at->path().stem().string());
  }
  if (stacks.empty()) {
    return Error{ErrorCode::NotFound,
                 "Run " + folder.id() +
                     " has no pseudo-masks: it has not come to that stage, or it learns from drawn "
                     "masks alone."};
  }
  std::ranges::sort(stacks);
  return stacks;
}

Result<std::vector<PseudoSlice>> slicesOf(const run::RunFolder& folder, const std::string& stack) {
  GADOLIN_TRY(const run::PseudoMaskFile file, run::readPseudoMasks(folder, stack));
  const std::size_t area =
      static_cast<std::size_t>(file.size[0]) * static_cast<std::size_t>(file.size[1]);
  std::vector<PseudoSlice> slices;
  for (std::size_t z = 0; z < file.use.size(); ++z) {
    if (file.use[z] != run::SliceUse::PseudoMask) continue;
    const auto mask = std::span(file.mask).subspan(z * area, area);
    slices.push_back(
        {static_cast<int>(z), static_cast<std::size_t>(std::ranges::count(mask, 1)), {}});
  }
  return slices;
}

Result<void> checkOpen(const run::RunFolder& folder) {
  if (workAt(folder)) {
    return Error{ErrorCode::Busy, "A worker is at run " + folder.id() +
                                      ". Its pseudo-masks can be judged when it has stopped."};
  }
  if (run::fibrosisHasBegun(folder)) {
    return Error{ErrorCode::Conflict,
                 "The fibrosis network of run " + folder.id() +
                     " has learnt from its pseudo-masks already. Start a run with the setting "
                     "pseudo.review on: it stops before."};
  }
  GADOLIN_TRY(const run::PseudoReview review, run::readPseudoReview(folder));
  if (!review.wanted) {
    return Error{
        ErrorCode::Conflict,
        "Run " + folder.id() +
            " does not wait for its pseudo-masks to be judged: not all of them are drawn "
            "yet, or it was started without the setting pseudo.review. Resume it, or start "
            "a run with that setting."};
  }
  return {};
}

Error noSuchSlice(const std::string& stack, int slice) {
  return {ErrorCode::InvalidInput, "Slice " + std::to_string(slice) +
                                       " (counted from 0) of stack " + stack +
                                       " has no pseudo-mask in this run."};
}

/// The slices of a stack that can be judged; InvalidInput where the stack has none.
Result<std::vector<PseudoSlice>> judgeable(const run::RunFolder& folder, const std::string& stack) {
  auto slices = slicesOf(folder, stack);
  if (!slices && slices.error().code == ErrorCode::NotFound)
    return Error{ErrorCode::InvalidInput, "Stack " + stack + " has no pseudo-mask in this run."};
  return slices;
}

}  // namespace

int PseudoState::slices() const {
  int count = 0;
  for (const PseudoStack& stack : stacks) count += static_cast<int>(stack.slices.size());
  return count;
}

int PseudoState::judged() const {
  int count = 0;
  for (const PseudoStack& stack : stacks)
    for (const PseudoSlice& slice : stack.slices) count += slice.verdict ? 1 : 0;
  return count;
}

Result<PseudoState> pseudoState(const ProjectPaths& paths, const std::string& run) {
  const run::RunFolder folder = paths.run(run);
  GADOLIN_TRY(const auto names, stacksOf(folder));
  GADOLIN_TRY(const run::PseudoReview review, run::readPseudoReview(folder));
  PseudoState state;
  state.complete = review.complete;
  state.open = checkOpen(folder).ok();
  state.reader = review.reader;
  for (const std::string& name : names) {
    PseudoStack stack{name, {}};
    GADOLIN_TRY(stack.slices, slicesOf(folder, name));
    if (stack.slices.empty()) continue;
    if (const auto said = review.stacks.find(name); said != review.stacks.end())
      for (PseudoSlice& slice : stack.slices)
        if (const auto one = said->second.find(slice.slice); one != said->second.end())
          slice.verdict = one->second;
    state.stacks.push_back(std::move(stack));
  }
  return state;
}

Result<void> judgePseudoMasks(const ProjectPaths& paths, const std::string& run,
                              const std::string& reader, const PseudoJudgements& judgements) {
  const run::RunFolder folder = paths.run(run);
  GADOLIN_CHECK(checkOpen(folder));
  GADOLIN_TRY(run::PseudoReview review, run::readPseudoReview(folder));
  const auto before_all = review.stacks;
  for (const auto& [stack, slices] : judgements) {
    GADOLIN_TRY(const auto known, judgeable(folder, stack));
    auto& said = review.stacks[stack];
    for (const auto& [slice, verdict] : slices) {
      if (std::ranges::find(known, slice, &PseudoSlice::slice) == known.end())
        return noSuchSlice(stack, slice);
      if (!verdict) {
        said.erase(slice);
        continue;
      }
      const auto before = said.find(slice);
      if (*verdict == PseudoVerdict::Trimmed &&
          (before == said.end() || before->second != PseudoVerdict::Trimmed))
        return Error{ErrorCode::Conflict, "Nobody trimmed slice " + std::to_string(slice) +
                                              " (counted from 0) of stack " + stack + "."};
      said[slice] = *verdict;
    }
    if (said.empty()) review.stacks.erase(stack);
  }
  if (review.stacks == before_all) return {};
  review.reader = reader;
  review.complete = false;
  return run::writePseudoReview(folder, review);
}

Result<void> trimPseudoMask(const ProjectPaths& paths, const std::string& run,
                            const std::string& reader, const std::string& stack, int slice,
                            std::span<const std::uint8_t> kept) {
  const run::RunFolder folder = paths.run(run);
  GADOLIN_CHECK(checkOpen(folder));
  GADOLIN_TRY(const auto known, judgeable(folder, stack));
  if (std::ranges::find(known, slice, &PseudoSlice::slice) == known.end())
    return noSuchSlice(stack, slice);
  GADOLIN_TRY(const run::PseudoMaskFile file, run::readPseudoMasks(folder, stack));
  const std::size_t area =
      static_cast<std::size_t>(file.size[0]) * static_cast<std::size_t>(file.size[1]);
  if (kept.size() != area)
    return Error{ErrorCode::InvalidInput, "The trimmed mask has another size than the slice."};
  auto trimmed = run::readTrimmed(folder, stack, file.size);
  if (!trimmed && trimmed.error().code != ErrorCode::NotFound) return trimmed.error();
  std::vector<std::uint8_t> all = trimmed ? std::move(*trimmed) : file.mask;
  const std::size_t first = static_cast<std::size_t>(slice) * area;
  bool less = false;
  for (std::size_t i = 0; i < area; ++i) {
    const std::uint8_t left = kept[i] != 0 ? file.mask[first + i] : std::uint8_t{0};
    less = less || left != file.mask[first + i];
    all[first + i] = left;
  }
  const auto path = folder.trimmedPseudoMask(stack);
  GADOLIN_CHECK(makePrivateFolder(path.parent_path()));
  // The pixels first: a verdict never speaks of pixels that are not there.
  GADOLIN_CHECK(run::writeTrimmed(folder, stack, file.size, all));
  GADOLIN_TRY(run::PseudoReview review, run::readPseudoReview(folder));
  review.stacks[stack][slice] = less ? PseudoVerdict::Trimmed : PseudoVerdict::Accepted;
  review.reader = reader;
  review.complete = false;
  return run::writePseudoReview(folder, review);
}

Result<void> finishPseudoReview(const ProjectPaths& paths, const std::string& run,
                                const std::string& reader) {
  const run::RunFolder folder = paths.run(run);
  GADOLIN_CHECK(checkOpen(folder));
  GADOLIN_TRY(const PseudoState state, pseudoState(paths, run));
  if (const int left = state.slices() - state.judged(); left > 0)
    return Error{ErrorCode::Conflict, std::to_string(left) + " of " +
                                          std::to_string(state.slices()) +
                                          " pseudo-masks are not judged yet. Accept or reject them "
                                          "first."};
  GADOLIN_TRY(run::PseudoReview review, run::readPseudoReview(folder));
  review.reader = reader;
  review.complete = true;
  return run::writePseudoReview(folder, review);
}

}  // namespace gadolin::session
