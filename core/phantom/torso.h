#pragma once
// What surrounds the heart in a short-axis plane: chest wall, lung, diaphragm, liver, stomach,
// spleen, aorta, spine. Same frame as Heart.

#include <vector>

#include "core/base/random.h"
#include "core/phantom/heart.h"
#include "core/phantom/lattice.h"
#include "core/phantom/material.h"

namespace gadolin::phantom {

/// A vessel of the lung or the liver where a slice cuts it, brighter than what is around it.
struct Vessel {
  double x = 0, y = 0, h = 0;  // mm
  double radius = 1;           // mm
};

class Torso {
 public:
  Torso(Random& random, const Heart& heart);

  [[nodiscard]] Material at(double x, double y, double h) const;
  [[nodiscard]] const std::vector<Vessel>& vessels() const { return vessels_; }

 private:
  struct Disc {
    double x, y, a, b;
    [[nodiscard]] double at(double px, double py) const {
      const double u = (px - x) / a, v = (py - y) / b;
      return u * u + v * v;
    }
  };
  [[nodiscard]] double diaphragm(double x, double h) const;

  const Heart* heart_;  // owned by the caller, outlives the torso
  Disc body_{}, aorta_{}, spine_{}, canal_{}, stomach_{}, spleen_{}, mediastinum_{};
  double fat_ = 0, muscle_ = 0;  // thickness of the layers of the chest wall, mm
  double gap_ = 0, dome_ = 0, tilt_ = 0;
  double stomach_edge_ = 0;
  std::vector<Vessel> vessels_;
  Lattice wobble_, content_, ribs_;
};

}  // namespace gadolin::phantom
