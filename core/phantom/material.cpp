#include "core/phantom/material.h"

#include <cmath>

namespace gadolin::phantom {
namespace {}  // namespace

Sequence Sequence::draw(Random& random) {
  Sequence s;
  const auto set = [&](Material material, double t1_ms, double density) {
    s.t1_ms[slot(material)] = t1_ms;
    s.density[slot(material)] = density;
  };
  const double myocardium_ms = random.uniform(380, 460);
  const double blood_ms = myocardium_ms * random.uniform(0.66, 0.76);
  set(Material::Air, 1000, 0);
  set(Material::Lung, 900, 0.12);
  set(Material::Fat, random.uniform(215, 245), random.uniform(0.75, 0.95));
  set(Material::Muscle, myocardium_ms * random.uniform(1.10, 1.30), 0.90);
  set(Material::Bone, 600, 0.08);
  set(Material::Marrow, random.uniform(280, 320), 0.75);
  set(Material::Liver, myocardium_ms * random.uniform(0.76, 0.90), 0.85);
  set(Material::Spleen, blood_ms * random.uniform(1.0, 1.1), 0.90);
  set(Material::Stomach, random.uniform(450, 800), 0.80);
  set(Material::Gas, 1000, 0.02);
  set(Material::Fluid, 2500, 1.0);
  set(Material::Pericardium, 900, 0.25);
  set(Material::Blood, blood_ms, 1.0);
  set(Material::Myocardium, myocardium_ms, 0.92);
  // Scar takes up as much contrast agent as the blood holds, a little more or less.
  set(Material::Scar, blood_ms * random.uniform(0.82, 1.02), 0.95);
  set(Material::Mvo, myocardium_ms * random.uniform(0.94, 1.08), 0.92);

  s.repetition_time_ms = 2.0 * random.uniform(750, 1050);
  const double null_ms =
      myocardium_ms * std::log(2.0 / (1.0 + std::exp(-s.repetition_time_ms / myocardium_ms)));
  // Operators err on the late side, where the muscle is grey: too early inverts it and hides scar.
  // Five milliseconds is the usual step.
  s.inversion_time_ms = 5.0 * std::round((null_ms + random.normal(32, 16)) / 5.0);
  return s;
}

std::array<float, material_count> Sequence::signals() const {
  std::array<float, material_count> result{};
  for (std::size_t i = 0; i < material_count; ++i) {
    result[i] =
        static_cast<float>(density[i] * (1.0 - 2.0 * std::exp(-inversion_time_ms / t1_ms[i]) +
                                         std::exp(-repetition_time_ms / t1_ms[i])));
  }
  return result;
}

}  // namespace gadolin::phantom
