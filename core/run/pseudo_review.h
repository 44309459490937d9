#pragma once
// What a person said of a run's pseudo-masks, before the fibrosis network learns from them.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/run/run_folder.h"

namespace gadolin::run {

enum class PseudoVerdict {
  Accepted,
  Trimmed,   // accepted without the pixels that the person took away
  Rejected,  // the slice teaches the fibrosis network nothing
};
std::string_view toText(PseudoVerdict verdict);  // "accepted", "trimmed", "rejected"
std::optional<PseudoVerdict> pseudoVerdictFromText(std::string_view text);

struct PseudoReview {
  /// The file is there: somebody began, or the training waits for somebody.
  bool wanted = false;
  /// Nothing is to be changed any more: of the slices with a pseudo-mask the network learns from
  /// those that were accepted or trimmed, and from no other.
  bool complete = false;
  std::string reader;                                          // who said the last word
  std::map<std::string, std::map<int, PseudoVerdict>> stacks;  // by stack, by slice as stored
};

/// Empty where there is no file. Corrupt, NewerVersion. Thread: any; not the GUI's.
Result<PseudoReview> readPseudoReview(const RunFolder& folder);
/// Atomic.
Result<void> writePseudoReview(const RunFolder& folder, const PseudoReview& review);

/// What the fibrosis network may learn from a slice.
enum class SliceUse : std::uint8_t {
  Nothing = 0,     // nobody said anything of it
  Background = 1,  // it holds no fibrosis
  PseudoMask = 2,
};
/// The pseudo-masks of a stack as the worker wrote them.
struct PseudoMaskFile {
  std::array<int, 3> size{};       // columns, rows, slices
  std::vector<std::uint8_t> mask;  // 0 or 1, [slices, rows, columns]
  std::vector<std::uint8_t>
      cam;  // activation, 255 is 1; empty for a stack without a positive answer
  std::vector<float> probability;  // of the classifier, one a slice; empty as above
  std::vector<SliceUse> use;       // one a slice
};
/// NotFound: the stack has none. Corrupt. Unsupported: made before it was written which slice
/// teaches what.
Result<PseudoMaskFile> readPseudoMasks(const RunFolder& folder, const std::string& stack);
Result<void> writePseudoMasks(const RunFolder& folder, const std::string& stack,
                              const PseudoMaskFile& masks);

/// The pixels that a person left of the pseudo-masks of a stack, 0 or 1, of the same shape; those
/// of slices that were not trimmed mean nothing. NotFound, Corrupt.
Result<std::vector<std::uint8_t>> readTrimmed(const RunFolder& folder, const std::string& stack,
                                              const std::array<int, 3>& size);
Result<void> writeTrimmed(const RunFolder& folder, const std::string& stack,
                          const std::array<int, 3>& size, std::span<const std::uint8_t> kept);

/// True while the training has stopped for a person to judge its pseudo-masks. From the files.
/// Thread: as above.
bool waitsForReview(const RunFolder& folder);
/// True when the fibrosis network has begun to learn: what it learns from stays as it is. Thread:
/// as above.
bool fibrosisHasBegun(const RunFolder& folder);

}  // namespace gadolin::run
