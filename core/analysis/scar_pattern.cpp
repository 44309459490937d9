#include "core/analysis/scar_pattern.h"

#include "core/analysis/wall_chords.h"

namespace gadolin::analysis {
namespace {

constexpr double transmural_share = 0.75;
constexpr double rim = 0.2;  // of the wall's thickness

}  // namespace

std::string_view toText(ScarPattern pattern) {
  constexpr std::array<std::string_view, 4> words{"subendocardial", "mid-wall", "epicardial",
                                                  "transmural"};
  return words[static_cast<std::size_t>(pattern)];
}

std::optional<ScarPattern> patternOf(const WallChord& chord) {
  if (chord.scar_share <= 0) return std::nullopt;
  if (chord.scar_share > transmural_share) return ScarPattern::Transmural;
  const bool inside = chord.scar_from <= rim, outside = chord.scar_to >= 1.0 - rim;
  if (!inside && !outside) return ScarPattern::MidWall;
  if (inside && outside) {
    return chord.scar_from + chord.scar_to <= 1.0 ? ScarPattern::Subendocardial
                                                  : ScarPattern::Epicardial;
  }
  return inside ? ScarPattern::Subendocardial : ScarPattern::Epicardial;
}

std::optional<ScarPatternShares> scarPattern(const Stack& stack, const Mask& mask) {
  if (stack.image.geometry.size != mask.geometry.size) return std::nullopt;
  const auto centres = cavityCentres(mask);
  std::array<double, 4> weight{};
  double sum = 0;
  for (int z = 0; z < stack.sliceCount(); ++z) {
    const auto& centre = centres[static_cast<std::size_t>(z)];
    if (!centre) continue;
    const double extent_mm = stack.slices[static_cast<std::size_t>(z)].extent_mm;
    for (const WallChord& chord : wallChords(mask, z, *centre)) {
      const auto pattern = patternOf(chord);
      if (!pattern) continue;
      weight[static_cast<std::size_t>(*pattern)] += extent_mm;
      sum += extent_mm;
    }
  }
  if (sum <= 0) return std::nullopt;
  ScarPatternShares result;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    result.shares[i] = weight[i] / sum;
    if (result.shares[i] > 0.5) result.dominant = static_cast<ScarPattern>(i);
  }
  return result;
}

}  // namespace gadolin::analysis
