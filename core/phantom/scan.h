#pragma once
// One examination of the phantom: where the planes lie, what the sequence sees, what the receiver
// adds. Turns Heart and Torso into images and the truth.

#include <array>
#include <vector>

#include "core/base/random.h"
#include "core/imaging/stack.h"
#include "core/phantom/heart.h"
#include "core/phantom/material.h"
#include "core/phantom/torso.h"

namespace gadolin::phantom {

/// The planes in the frame of the heart, and the grid that the headers tell of. Breath-hold shifts
/// move the anatomy of a slice, never its header: that is the artefact.
struct ScanPlan {
  Geometry geometry;
  bool apex_first = false;
  double thickness_mm = 8;
  double angle = 0;                          // of the picture about the long axis, radians
  double mirror = 1;                         // -1: seen from the other side
  double centre_column = 0, centre_row = 0;  // of the long axis, in pixels
  std::vector<double> height_mm;  // per stored slice, of the plane that was really excited
  std::vector<std::array<double, 2>> shift_mm;  // per stored slice, in the picture

  static ScanPlan draw(Random& random, const Heart& heart, bool square_pixels);

  struct Point {
    double x, y;
  };
  /// Of a continuous pixel index, in the frame of the heart.
  [[nodiscard]] Point point(double column, double row, std::size_t slice) const;
};

/// Noise-free signed signal, and the truth.
struct Rendering {
  Volume<float> signal;
  Mask truth;
};
Rendering render(const ScanPlan& plan, const Heart& heart, const Torso& torso,
                 const Sequence& sequence, Random& random);

/// Real and imaginary channel with coil shading, ghosts and noise; blood of the left ventricle lies
/// near 1.
struct Acquisition {
  Volume<float> real, imaginary;
  Volume<float> shading;  // of the receive coil, 1 at the heart
};
Acquisition acquire(const Rendering& rendering, const ScanPlan& plan, double blood_signal,
                    Random& random);

/// Rician magnitude (Gudbjartsson and Patz 1995), whole numbers 0..4095.
Volume<float> magnitudeImage(const Acquisition& acquisition, double gain);
/// The real channel with the shading mostly divided out (Kellman 2002), even numbers -4096..4094.
Volume<float> psirImage(const Acquisition& acquisition, double gain);

}  // namespace gadolin::phantom
