#pragma once
// What the phantom is made of, and what an inversion-recovery sequence sees of it.

#include <array>
#include <cstddef>

#include "core/base/random.h"

namespace gadolin::phantom {

enum class Material : unsigned char {
  Air,
  Lung,
  Fat,
  Muscle,
  Bone,
  Marrow,
  Liver,
  Spleen,
  Stomach,
  Gas,
  Fluid,
  Pericardium,
  Blood,
  Myocardium,
  Scar,
  Mvo,
  count
};
inline constexpr std::size_t material_count = static_cast<std::size_t>(Material::count);

/// Its place in an array with one entry per material.
constexpr std::size_t slot(Material material) {
  return static_cast<std::size_t>(material);
}

/// T1 after contrast and proton density of every material, and the timing of the sequence. Drawn
/// per subject around the values in docs/phantom.md.
struct Sequence {
  std::array<double, material_count> t1_ms{};
  std::array<double, material_count> density{};  // relative to blood
  double inversion_time_ms = 0;                  // near the null of the myocardium
  double repetition_time_ms = 0;                 // between inversions (every second heart beat)

  static Sequence draw(Random& random);
  /// Signed longitudinal magnetisation at the inversion time, in units of blood at equilibrium:
  /// density (1 - 2 exp(-TI/T1) + exp(-TR/T1)), Kellman and Arai 2012.
  [[nodiscard]] std::array<float, material_count> signals() const;
};

}  // namespace gadolin::phantom
