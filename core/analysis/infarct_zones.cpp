#include "core/analysis/infarct_zones.h"

#include <algorithm>

#include "core/analysis/connected_part.h"

namespace gadolin::analysis {

Result<InfarctZones> infarctZones(const Stack& stack, const Mask& myocardium,
                                  std::span<const std::uint8_t> wanted,
                                  std::span<const std::optional<RemoteRegion>> pointed_at) {
  GADOLIN_TRY(const ThresholdedScar half,
              thresholdScar(stack, myocardium, {ThresholdKind::HalfMaximum, 0}, wanted, pointed_at));
  GADOLIN_TRY(const ThresholdedScar bright,
              thresholdScar(stack, myocardium, {ThresholdKind::StandardDeviations, 2}, wanted,
                            pointed_at));
  const Geometry& grid = myocardium.geometry;
  InfarctZones zones;
  for (int z = 0; z < grid.size[2]; ++z) {
    if (wanted[static_cast<std::size_t>(z)] == 0 ||
        std::ranges::none_of(myocardium.slice(z), isMyocardium))
      continue;
    if (std::ranges::find(half.skipped_slices, z) != half.skipped_slices.end()) {
      ++zones.skipped_slices;
      continue;
    }
    ++zones.slices;
    const auto drawn = myocardium.slice(z), core = half.mask.slice(z), above = bright.mask.slice(z);
    const auto isCore = [&](std::size_t i) {
      return core[i] == 3 || drawn[i] == static_cast<std::uint8_t>(Tissue::Mvo);
    };
    std::vector<std::uint8_t> seen(drawn.size());
    std::size_t core_pixels = 0, grey_pixels = 0;
    for (std::size_t start = 0; start < drawn.size(); ++start) {
      if (!isCore(start) || seen[start] != 0) continue;
      const auto part = connectedPart(start, {grid.size[0], grid.size[1], 1}, seen,
                                      [&](std::size_t i) { return isCore(i) || above[i] == 3; });
      for (const std::size_t i : part) (isCore(i) ? core_pixels : grey_pixels) += 1;
    }
    zones.core_ml += static_cast<double>(core_pixels) * stack.voxelVolume_ml(z);
    zones.grey_ml += static_cast<double>(grey_pixels) * stack.voxelVolume_ml(z);
  }
  if (zones.slices == 0) {
    return Error{ErrorCode::NotFound,
                 "No slice with scar shows enough myocardium for a remote region, so that core and "
                 "grey zone are not known."};
  }
  return zones;
}

}  // namespace gadolin::analysis
