#pragma once
// Where in the depth of the wall the scar lies: what tells ischaemic from other disease (Mahrholdt et
// al., Eur Heart J 2005;26:1461).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/analysis/short_axis_frame.h"

namespace gadolin::analysis {

struct WallChord;

enum class ScarPattern : std::uint8_t { Subendocardial, MidWall, Epicardial, Transmural };
std::string_view toText(ScarPattern pattern);  // "subendocardial", "mid-wall", ...

/// Of one chord with scar. Transmural: more than 75 % of the wall. Else by what the scar reaches, the
/// first or the last fifth of the wall: the endocardium alone or both with most of it inside,
/// subendocardial; the epicardium likewise, epicardial; neither, mid-wall. The fifth is about one
/// pixel. None for a chord without scar.
std::optional<ScarPattern> patternOf(const WallChord& chord);

struct ScarPatternShares {
  /// Share of the scarred chords that have the pattern, by slice extent, 0..1; they add up to 1.
  std::array<double, 4> shares{};
  /// The pattern of more than half of them; none when no pattern has that ("mixed").
  std::optional<ScarPattern> dominant;
};

/// None when no chord of the stack meets scar.
std::optional<ScarPatternShares> scarPattern(const Stack& stack, const Mask& mask);

}  // namespace gadolin::analysis
