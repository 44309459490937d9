#include "core/phantom/torso.h"

#include <cmath>

namespace gadolin::phantom {

Torso::Torso(Random& random, const Heart& heart)
    : heart_(&heart), wobble_(random.next()), content_(random.next()), ribs_(random.next()) {
  const double outer = heart.outerRadius_mm();
  fat_ = random.uniform(8, 24);
  muscle_ = random.uniform(9, 14);
  // The sternum lies to the left of the picture, just beyond the right ventricle.
  const double left = -2.05 * outer - random.uniform(12, 30) - fat_ - muscle_;
  const double a = random.uniform(140, 175);
  body_ = {left + a, random.uniform(10, 50), a, random.uniform(165, 240)};
  gap_ = random.uniform(-1, 4);
  dome_ = random.uniform(15, 45);
  tilt_ = random.uniform(-0.10, 0.25);
  stomach_edge_ = random.uniform(0, 40);
  stomach_ = {stomach_edge_ + random.uniform(40, 55), outer + random.uniform(42, 60),
              random.uniform(24, 38), random.uniform(20, 34)};
  spleen_ = {stomach_.x + random.uniform(45, 60), stomach_.y + random.uniform(-10, 25),
             random.uniform(16, 24), random.uniform(24, 38)};
  aorta_ = {outer + random.uniform(26, 38), outer * random.uniform(0.4, 0.9), 0, 0};
  aorta_.a = aorta_.b = random.uniform(9.5, 13);
  spine_ = {aorta_.x + random.uniform(28, 36), aorta_.y + random.uniform(8, 25),
            random.uniform(17, 21), random.uniform(19, 26)};
  canal_ = {spine_.x + spine_.a + 7, spine_.y + 3, 7, 9};
  mediastinum_ = {random.uniform(-35, -10), -outer - random.uniform(15, 28), random.uniform(18, 28),
                  random.uniform(14, 24)};
  const int count = 260 + static_cast<int>(random.below(160));
  for (int i = 0; i < count; ++i) {
    Vessel vessel;
    vessel.x = random.uniform(-80, 150);
    vessel.y = random.uniform(-150, 130);
    vessel.h = random.uniform(-5, heart.length_mm() + 5);
    vessel.radius = 0.6 + 2.4 * random.uniform() * random.uniform();
    vessels_.push_back(vessel);
  }
}

double Torso::diaphragm(double x, double h) const {
  const double outer = 0.45 * heart_->outerRadius_mm() + 0.55 * heart_->outerRadius_mm(h);
  const double u = (x + 15.0) / 100.0;
  return outer + gap_ + dome_ * u * u + tilt_ * x + 3.0 * wobble_.at(x / 30.0, h / 30.0);
}

Material Torso::at(double x, double y, double h) const {
  // Chest wall: skin and fat, then muscle with ribs in it.
  const double e = std::sqrt(body_.at(x, y));
  const double depth = (1.0 - e) * body_.a + 3.0 * wobble_.at(x / 40.0, y / 40.0);
  if (depth < 0) return Material::Air;
  const double fat = fat_ * (1.0 + 0.45 * wobble_.at(x / 60.0 + 9, y / 60.0));
  if (depth < fat) return Material::Fat;
  if (depth < fat + muscle_) {
    const double rib = ribs_.at(x / 14.0, y / 14.0, h / 40.0);
    const bool between = depth > fat + 0.2 * muscle_ && depth < fat + 0.85 * muscle_;
    if (between && rib > 0.30) return rib > 0.42 ? Material::Marrow : Material::Bone;
    if (rib < -0.45) return Material::Fat;
    return Material::Muscle;
  }
  if (depth < fat + muscle_ + 2.0) return Material::Pericardium;  // pleura: thin and dark

  if (canal_.at(x, y) < 1) return Material::Fluid;
  const double spine = spine_.at(x, y);
  if (spine < 1) return spine < 0.82 ? Material::Marrow : Material::Bone;
  const double aorta = aorta_.at(x, y);
  if (aorta < 1) return Material::Blood;
  if (aorta < 1.2) return Material::Muscle;

  const double under = y - diaphragm(x, h);
  if (under > 0) {
    if (under < 2.2) return Material::Muscle;
    const double edge = stomach_edge_ + 8.0 * wobble_.at(y / 25.0, h / 40.0);
    if (x < edge) return Material::Liver;
    const double stomach = stomach_.at(x, y);
    if (stomach < 1) {
      if (stomach > 0.72) return Material::Muscle;
      return content_.at(x / 9.0, y / 9.0, h / 20.0) > 0.25 ? Material::Gas : Material::Stomach;
    }
    if (spleen_.at(x, y) < 1) return Material::Spleen;
    return content_.at(x / 16.0, y / 16.0, h / 25.0) > -0.1 ? Material::Fat : Material::Stomach;
  }
  // Great vessels and fat above the base; the lung lies around everything else.
  if (h < 0.35 * heart_->length_mm()) {
    const double m = mediastinum_.at(x, y);
    if (m < 1) return Material::Blood;
    if (m < 1.4) return Material::Fat;
  }
  if (spine < 1.4) return Material::Muscle;
  if (x < -1.95 * heart_->outerRadius_mm() + 10.0 * wobble_.at(y / 35.0, h / 35.0)) {
    return Material::Fat;
  }
  return Material::Lung;
}

}  // namespace gadolin::phantom
