#pragma once
// Where voxels lie. Index order is (x, y, z) = (column, row, slice), x fastest. World is LPS in
// millimetres (DICOM PS3.3 C.7.6.2): +x to the patient's left, +y posterior, +z superior.

#include <array>
#include <cmath>
#include <cstddef>

namespace gadolin {

using Vec3 = std::array<double, 3>;

inline double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline Vec3 operator+(const Vec3& a, const Vec3& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
inline Vec3 operator-(const Vec3& a, const Vec3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Vec3 operator*(double s, const Vec3& a) { return {s * a[0], s * a[1], s * a[2]}; }
inline double norm(const Vec3& a) { return std::sqrt(dot(a, a)); }

/// A regular grid. For stacks with uneven slice distances see Stack::slices.
struct Geometry {
  std::array<int, 3> size{0, 0, 0};             // columns, rows, slices
  Vec3 spacing_mm{1.0, 1.0, 1.0};               // between voxel centres along x, y, z; > 0
  Vec3 origin_mm{0.0, 0.0, 0.0};                // LPS of the centre of voxel (0, 0, 0)
  std::array<Vec3, 3> axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  // unit LPS vectors of x, y, z

  [[nodiscard]] std::size_t sliceVoxels() const {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
  }
  [[nodiscard]] std::size_t voxels() const { return sliceVoxels() * static_cast<std::size_t>(size[2]); }
  [[nodiscard]] std::size_t index(int x, int y, int z) const {
    return (static_cast<std::size_t>(z) * static_cast<std::size_t>(size[1]) +
            static_cast<std::size_t>(y)) * static_cast<std::size_t>(size[0]) +
           static_cast<std::size_t>(x);
  }
  /// LPS in mm of a continuous index.
  [[nodiscard]] Vec3 toWorld(double x, double y, double z) const {
    return origin_mm + x * spacing_mm[0] * axes[0] + y * spacing_mm[1] * axes[1] +
           z * spacing_mm[2] * axes[2];
  }
  [[nodiscard]] double pixelArea_mm2() const { return spacing_mm[0] * spacing_mm[1]; }
  [[nodiscard]] double voxelVolume_ml() const { return pixelArea_mm2() * spacing_mm[2] * 1e-3; }

  friend bool operator==(const Geometry&, const Geometry&) = default;
};

/// True when sizes are equal and spacing, origin and axes differ by less than the tolerances.
inline bool sameGrid(const Geometry& a, const Geometry& b, double tolerance_mm = 1e-3,
                     double tolerance_axis = 1e-4) {
  if (a.size != b.size) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::abs(a.spacing_mm[i] - b.spacing_mm[i]) > tolerance_mm) return false;
    if (std::abs(a.origin_mm[i] - b.origin_mm[i]) > tolerance_mm) return false;
    if (norm(a.axes[i] - b.axes[i]) > tolerance_axis) return false;
  }
  return true;
}

}  // namespace gadolin
