#pragma once
// The heart of one phantom subject as a function of position: two ventricles, papillary muscles,
// scar by coronary territory, microvascular obstruction, fat in the grooves.
//
// Frame: x to the lateral wall, y to the inferior wall, h from the base (0) to the apex, in mm,
// origin on the long axis of the left ventricle. Angles are atan2(y, x): lateral 0, inferior 90,
// septal 180, anterior -90 degrees.

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/phantom/lattice.h"
#include "core/phantom/material.h"
#include "core/phantom/subject.h"

namespace gadolin::phantom {

/// What lies at a point. `label` is the truth (see Tissue); papillary muscles are cavity there.
struct Sample {
  Material material = Material::Air;
  unsigned char label = 0;
  bool inside = false;  // false: not of the heart, the torso decides
};

struct HeartOptions {
  Territory territory = Territory::None;
};

class Heart {
 public:
  Heart(Random& random, Territory territory);

  [[nodiscard]] Sample at(double x, double y, double h) const;
  /// Length from base to the outer apex, 75 .. 115 mm.
  [[nodiscard]] double length_mm() const { return length_epi_; }
  /// Outer radius of the left ventricle at its widest.
  [[nodiscard]] double outerRadius_mm() const { return radius_ + wall_; }
  /// Outer radius at height h on average over the angle; 0 beyond the apex.
  [[nodiscard]] double outerRadius_mm(double h) const;
  /// False where at() finds nothing at any height: most of the picture.
  [[nodiscard]] bool mayContain(double x, double y) const {
    const double outer = outerRadius_mm();
    return x > -2.0 * outer - 14 && x < 1.2 * outer + 16 && std::abs(y) < 1.45 * outer + 18;
  }

 private:
  static constexpr std::size_t angles = 512;
  struct Scar {
    double angle, half_width;    // radians
    double height, half_height;  // mm
    double depth;                // share of the wall from the endocardium, may exceed 1
    bool obstructed;
    double mvo_depth;  // share of the wall
  };
  struct Blob {               // papillary muscle or trabecula: a tapered column
    double angle, distance;   // distance from the endocardium in mm, inward
    double radius, from, to;  // mm
  };

  void drawWall(Random& random);
  void drawScar(Random& random, Territory territory);
  void drawPapillaries(Random& random);
  void drawFat(Random& random);
  [[nodiscard]] bool inBlob(double x, double y, double h, double scale) const;
  [[nodiscard]] Sample wall(double share, double theta, double h, double x, double y) const;

  double radius_ = 0, wall_ = 0;  // endocardial radius and wall at the base, mm
  double length_endo_ = 0, length_epi_ = 0;
  double drift_x_ = 0, drift_y_ = 0;  // of the axis from base to apex, mm
  double rv_x_ = 0, rv_y_ = 0, rv_a_ = 0, rv_b_ = 0, rv_length_ = 0, rv_wall_ = 0;
  std::array<double, angles> endo_{}, epi_{}, fat_{};
  std::vector<Scar> scars_;
  std::vector<Blob> blobs_;
  Lattice ragged_, trabeculae_, patchy_;
};

}  // namespace gadolin::phantom
