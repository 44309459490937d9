#pragma once
// Volumes and masses of a labelled stack: voxels times the extent that their slice stands for.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/imaging/stack.h"

namespace gadolin::analysis {

/// Specific gravity of myocardium, g/ml: the value that the SCMR's guidelines on image evaluation
/// use for LV mass (Schulz-Menger et al., J Cardiovasc Magn Reson 2020;22:19).
inline constexpr double myocardium_g_per_ml = 1.05;

/// Of one slice or of a whole stack. Myocardium includes scar, scar includes MVO. It is 0 where a
/// mask holds scar and nowhere healthy myocardium: that somebody drew scar alone does not make it
/// the whole ventricle.
struct TissueVolumes {
  double cavity_ml = 0;
  double myocardium_ml = 0;
  double scar_ml = 0;
  double mvo_ml = 0;

  [[nodiscard]] double myocardium_g() const { return myocardium_ml * myocardium_g_per_ml; }
  [[nodiscard]] double scar_g() const { return scar_ml * myocardium_g_per_ml; }
  /// Scar was drawn and no myocardium around it: how much there is of that is not known.
  [[nodiscard]] bool scarAlone() const { return scar_ml > 0 && myocardium_ml <= 0; }
  /// Nothing of scar alone.
  [[nodiscard]] std::optional<double> drawnMyocardium_ml() const {
    return scarAlone() ? std::nullopt : std::optional(myocardium_ml);
  }
  [[nodiscard]] std::optional<double> drawnMyocardium_g() const {
    return scarAlone() ? std::nullopt : std::optional(myocardium_g());
  }
  /// Share of the LV myocardium, 0..100. No value where there is no myocardium.
  [[nodiscard]] std::optional<double> scarPercentLvm() const {
    if (myocardium_ml <= 0) return std::nullopt;
    return 100.0 * scar_ml / myocardium_ml;
  }
  TissueVolumes& operator+=(const TissueVolumes& other) {
    cavity_ml += other.cavity_ml;
    myocardium_ml += other.myocardium_ml;
    scar_ml += other.scar_ml;
    mvo_ml += other.mvo_ml;
    return *this;
  }
};

struct StackVolumes {
  TissueVolumes total;
  std::vector<TissueVolumes> slices;  // in stored order
};

/// Uses Stack::voxelVolume_ml of every slice, so uneven slice distances count as they are.
/// InvalidInput when mask and stack have different sizes.
Result<StackVolumes> measureVolumes(const Stack& stack, const Mask& mask);

}  // namespace gadolin::analysis
