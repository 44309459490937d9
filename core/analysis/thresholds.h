#pragma once
// Scar by a threshold inside a given myocardium: n standard deviations above remote myocardium,
// half maximum, and Otsu's. Classical methods to hold the model against; see docs/numbers.md.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin::analysis {

/// StandardDeviations: mean + n SD of the slice's own remote region (Kim et al., N Engl J Med 2000,
/// n=2; Flett et al., JACC Cardiovasc Imaging 2011, n=2..6). HalfMaximum: half way between remote
/// and the brightest myocardium of the stack (Amado et al., J Am Coll Cardiol 2004, with remote
/// myocardium as the base line, because a PSIR image has no true zero). Otsu: the upper of two
/// thresholds that split the myocardium of the wanted slices into three classes (see multiOtsu).
enum class ThresholdKind { StandardDeviations, HalfMaximum, Otsu };

struct ThresholdRule {
  ThresholdKind kind = ThresholdKind::StandardDeviations;
  int deviations = 5;  // 2..6; of StandardDeviations

  /// What it is, for a table: "5 SD above remote myocardium".
  [[nodiscard]] std::string description() const;
};

/// "2sd".."6sd", "fwhm", "otsu"; no value for any other text.
std::optional<ThresholdRule> thresholdRuleFromText(std::string_view text);

/// Healthy myocardium of one slice, found without a reader: the 60 degree sector around the
/// myocardium's centroid with the lowest mean. Only pixels whose four neighbours are myocardium
/// count, because blood pool and fat bleed into the border; where the sector has fewer than ten of
/// those, all its myocardium pixels.
struct RemoteRegion {
  double mean = 0;
  double sd = 0;
  int pixels = 0;
};
/// No value when no sector of the slice holds ten pixels of myocardium.
std::optional<RemoteRegion> remoteRegion(const Stack& stack, const Mask& myocardium, int z);

/// Healthy myocardium as a reader pointed at it: what of the slice's myocardium lies within so many
/// millimetres of the place, in continuous indices (column, row). No value for fewer than five
/// pixels.
std::optional<RemoteRegion> remoteRegionAt(const Stack& stack, const Mask& myocardium, int z,
                                           std::array<double, 2> centre, double radius_mm);

struct ThresholdedScar {
  Mask mask;                        // cavity as given; myocardium 2, scar 3; MVO is not told apart
  std::vector<int> skipped_slices;  // with myocardium, but without a remote region
};

/// `myocardium` gives the contours (labels 2..4 all count as myocardium; what it says of scar is
/// not used). wanted[z] = 0 leaves slice z without scar: a reader said that there is none.
/// pointed_at: one a slice, or empty; where a reader pointed, that is the slice's remote region.
/// InvalidInput when sizes differ or no slice has myocardium.
Result<ThresholdedScar> thresholdScar(const Stack& stack, const Mask& myocardium,
                                      const ThresholdRule& rule,
                                      std::span<const std::uint8_t> wanted,
                                      std::span<const std::optional<RemoteRegion>> pointed_at = {});

}  // namespace gadolin::analysis
