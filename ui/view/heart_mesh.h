#pragma once
// The left ventricle of a labelled stack as smooth surfaces. No Qt; VTK stays in the source file.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/imaging/stack.h"

namespace gadolin::view {

/// Triangles of a closed surface; empty where there is none.
struct Mesh {
  std::vector<float> points;             // x, y, z in LPS millimetres, one after the other
  std::vector<float> normals;            // of the points, outward, unit
  std::vector<std::uint32_t> triangles;  // three points each, counter-clockwise from outside

  [[nodiscard]] bool empty() const { return triangles.empty(); }
};

struct HeartMeshes {
  Mesh wall;    // outside of the myocardium, cavity enclosed
  Mesh cavity;
  Mesh scar;    // with MVO
  Mesh mvo;
  Vec3 centre_mm{0, 0, 0};   // of the wall, LPS
  double radius_mm = 1;      // of a ball around all of it
  Vec3 to_apex{0, 0, 1};     // unit LPS, as the slices lie
  Vec3 front{0, -1, 0};      // unit LPS across the long axis: anterior, or up on the screen
  /// Four corners of each slice's plane around the heart, in stored order.
  std::vector<std::array<Vec3, 4>> slices;
};

/// Surfaces of what the mask encloses. Between slices the signed distances to the borders are mixed
/// (Raya and Udupa, IEEE Trans. Med. Imaging 9, 1990), beyond the last ones each ends after half of
/// its extent; then smoothed without shrinking (Taubin, Zhang and Golub, ECCV 1996). For looking
/// at, never for measuring. None where the mask holds no myocardium. Pure; any thread; some 50 ms.
std::optional<HeartMeshes> heartMeshes(const Stack& stack, const Mask& mask);

}  // namespace gadolin::view
