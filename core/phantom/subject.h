#pragma once
// The synthetic LGE cohort: short-axis stacks drawn from a parametric heart in a parametric torso,
// with masks as truth. For machines without data, for tests and for the demo. What is simulated and
// where the numbers come from: docs/phantom.md.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/imaging/stack.h"

namespace gadolin::phantom {

/// The artery whose territory the scar lies in.
enum class Territory { None, Lad, Rca, Lcx };
std::string_view toText(Territory territory);  // "none", "LAD", "RCA", "LCX"

/// One examined person. Both stacks and the truth share one grid; base or apex first as
/// Stack::apex_first says. Image values are what a scanner stores: magnitude whole numbers 0..4095,
/// PSIR even numbers -4096..4094 (12 bits with slope 2 and intercept -4096).
struct Subject {
  std::string name;        // "Phantom-007"
  std::uint64_t seed = 0;  // of the cohort
  int index = 0;           // within the cohort, 0-based
  Stack magnitude;
  std::optional<Stack> psir;  // where the scanner reconstructed it
  Mask truth;                 // labels 0..4, see Tissue
  bool healthy = true;        // no scar anywhere
  Territory territory = Territory::None;

  /// What a reader gets to see: the PSIR stack where there is one.
  [[nodiscard]] const Stack& shown() const { return psir ? *psir : magnitude; }
};

/// Every third subject is healthy (index % 3 == 2); three subjects in nine have a PSIR stack;
/// one in four has pixels that are not square.
/// The same seed and index give the same bytes; about 0.2 s on one core. index >= 0.
Subject makeSubject(std::uint64_t seed, int index);

/// Subjects 0 .. count-1.
std::vector<Subject> cohort(std::uint64_t seed, int count);

}  // namespace gadolin::phantom
