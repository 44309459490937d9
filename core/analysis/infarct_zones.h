#pragma once
// Dense core and grey zone of an infarct by signal intensity.

#include <cstdint>
#include <span>

#include "core/analysis/thresholds.h"

namespace gadolin::analysis {

/// Of the myocardium of the wanted slices. Core: brighter than half way from remote to the brightest
/// myocardium of the stack, and MVO that the mask holds. Grey zone: not core, brighter than remote +
/// 2 SD of its slice, and connected with core in the slice (over pixels' sides), so that noise in
/// healthy muscle is none. Schmidt et al. (Circulation 2007;115:2006) part the two at half of the
/// maximum; Yan et al. (Circulation 2006;114:32) begin the grey zone 2 SD above remote.
struct InfarctZones {
  double core_ml = 0;
  double grey_ml = 0;
  int slices = 0;          // that were measured
  int skipped_slices = 0;  // wanted, with myocardium, but without a remote region: not in the sums
};

/// As thresholdScar. InvalidInput as there; NotFound when no wanted slice has a remote region.
Result<InfarctZones> infarctZones(const Stack& stack, const Mask& myocardium,
                                  std::span<const std::uint8_t> wanted,
                                  std::span<const std::optional<RemoteRegion>> pointed_at = {});

}  // namespace gadolin::analysis
