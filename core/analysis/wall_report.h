#pragma once
// What one mask says of the wall of the left ventricle beyond its volumes: segments, transmurality,
// pattern, core and grey zone; and why something is not known.

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/aha_segments.h"
#include "core/analysis/infarct_zones.h"
#include "core/analysis/scar_pattern.h"

namespace gadolin::analysis {

/// Where readers said that the right ventricle meets the left.
struct SetInsertions {
  std::vector<RvInsertion> points;
  std::string reader;  // who set the newest of them
};

/// What the segments of all masks of a stack are counted from: what readers set, else what is found
/// in the image with the contours of one of the masks.
struct StackInsertions {
  std::vector<RvInsertion> points;
  bool found = false;  // by the program; nobody has confirmed them
  std::string source;  // "set by NAME", "found in the image", "" where there is none
};
StackInsertions insertionsFor(const Stack& stack, const Mask& contours, const SetInsertions& set);

struct WallReport {
  std::optional<SegmentReport> segments;
  std::string no_segments;  // a sentence, where there are none
  std::vector<RvInsertion> insertions;  // that the segments were counted from
  bool insertions_found = false;        // by the program, in the image; nobody has confirmed them
  std::string insertion_source;         // "set by NAME", "found in the image", "" where there is none
  std::optional<ScarPatternShares> pattern;  // none: no scar in a slice with a cavity
  std::optional<InfarctZones> zones;         // none: no scar, or no_zones
  std::string no_zones;                      // a sentence, where scar is there and no zones are
};

/// The name of the pattern: "subendocardial", ..., "mixed"; empty without scar.
std::string patternName(const WallReport& report);

/// `mask`: labels 0..4 on the stack's grid. Insertions that the program found are used where the file
/// says how the patient lay; elsewhere they are told and wait for a reader, because nothing says which
/// of them is the anterior one. Zones are looked for in the slices in which it holds scar.
/// A mask without healthy myocardium has no wall. Pure; any thread.
WallReport reportWall(const Stack& stack, const Mask& mask, const StackInsertions& insertions);

}  // namespace gadolin::analysis
