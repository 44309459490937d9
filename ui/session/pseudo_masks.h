#pragma once
// The pseudo-masks of a run for a person to judge, before the fibrosis network learns from them.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/run/pseudo_review.h"
#include "ui/session/project_paths.h"

namespace gadolin::session {

/// A slice of a positive answer, for which the worker drew a pseudo-mask.
struct PseudoSlice {
  int slice = 0;           // as stored
  std::size_t pixels = 0;  // of the mask, before it was trimmed; 0: nothing was found
  std::optional<run::PseudoVerdict> verdict;
};
struct PseudoStack {
  std::string stack;
  std::vector<PseudoSlice> slices;  // base or apex first, as stored; never empty
};
struct PseudoState {
  std::vector<PseudoStack> stacks;  // by name
  bool complete = false;
  bool open = false;   // may be judged: the run waits for it and stage C has not begun
  std::string reader;  // who judged last
  [[nodiscard]] int slices() const;
  [[nodiscard]] int judged() const;
};

/// NotFound: the run has no pseudo-masks (yet). Thread: a pool thread; opens a file a stack.
Result<PseudoState> pseudoState(const ProjectPaths& paths, const std::string& run);

/// By stack and slice as stored; nothing takes a verdict back.
using PseudoJudgements = std::map<std::string, std::map<int, std::optional<run::PseudoVerdict>>>;
/// Adds to what was said; a change opens a review that was done again. InvalidInput: a slice
/// without a pseudo-mask. Busy: a worker is at the run. Conflict: the fibrosis network has begun to
/// learn, the run does not wait for a review, or Trimmed for a slice that nobody trimmed. Thread:
/// one at a time; not the GUI's.
Result<void> judgePseudoMasks(const ProjectPaths& paths, const std::string& run,
                              const std::string& reader, const PseudoJudgements& judgements);

/// What a person left of the pseudo-mask of a slice, rows * columns values 0 or 1; pixels that the
/// worker did not draw are not added. The verdict becomes Trimmed; Accepted where nothing was taken
/// away. Errors and thread as above.
Result<void> trimPseudoMask(const ProjectPaths& paths, const std::string& run,
                            const std::string& reader, const std::string& stack, int slice,
                            std::span<const std::uint8_t> kept);

/// The training may go on. Conflict while slices are not judged; else as above.
Result<void> finishPseudoReview(const ProjectPaths& paths, const std::string& run,
                                const std::string& reader);

}  // namespace gadolin::session
