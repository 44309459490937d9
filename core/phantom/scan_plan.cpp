#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/phantom/scan.h"

namespace gadolin::phantom {
namespace {

Vec3 unit(const Vec3& v) {
  return (1.0 / norm(v)) * v;
}

/// Rounded, so that the decimal strings of DICOM hold the very same number.
double decimals(double value, double scale) {
  return std::round(value * scale) / scale;
}
Vec3 decimals(const Vec3& v, double scale) {
  return {decimals(v[0], scale), decimals(v[1], scale), decimals(v[2], scale)};
}

struct Matrix {
  int columns, rows;
};

}  // namespace

ScanPlan ScanPlan::draw(Random& random, const Heart& heart, bool square_pixels) {
  ScanPlan plan;
  constexpr std::array<Matrix, 8> matrices{{{256, 256},
                                            {192, 192},
                                            {224, 192},
                                            {256, 208},
                                            {192, 256},
                                            {176, 160},
                                            {208, 208},
                                            {240, 196}}};
  const Matrix matrix = matrices[random.below(matrices.size())];
  const double view_mm = random.uniform(280, 345);
  const double pixel = decimals(view_mm / std::max(matrix.columns, matrix.rows), 1e4);
  Geometry& g = plan.geometry;
  g.spacing_mm = {pixel, pixel, 10};
  // Some protocols do not interpolate their missing phase-encoding steps away.
  if (!square_pixels)
    g.spacing_mm[random.below(2)] = decimals(pixel * random.uniform(1.08, 1.30), 1e4);

  constexpr std::array<double, 3> distances{8, 9, 10};
  const double distance = distances[random.below(distances.size())];
  g.spacing_mm[2] = distance;
  plan.thickness_mm = distance - (random.chance(0.5) ? 2.0 : 0.0);
  const double first = random.uniform(1, 7);
  const double beyond = random.chance(0.2) ? 1.0 : 0.0;
  const int count = std::clamp(
      static_cast<int>(std::floor((heart.length_mm() - 5 - first) / distance + beyond)) + 1, 7, 11);
  g.size = {matrix.columns, matrix.rows, count};

  plan.angle = random.normal(0, 18) * std::numbers::pi / 180.0;
  if (random.chance(0.12))
    plan.angle += random.chance(0.5) ? std::numbers::pi / 2 : -std::numbers::pi / 2;
  plan.mirror = random.chance(0.2) ? -1 : 1;
  plan.centre_column = matrix.columns * random.uniform(0.44, 0.56);
  plan.centre_row = matrix.rows * random.uniform(0.44, 0.56);

  // The long axis points to the left, to the front and down; the rows run as steeply down as they
  // can.
  const Vec3 down_axis = unit(
      {random.uniform(0.55, 0.75), random.uniform(-0.70, -0.50), random.uniform(-0.55, -0.35)});
  const Vec3 feet{0, 0, -1};
  const Vec3 inferior = unit(feet - dot(feet, down_axis) * down_axis);
  const Vec3 lateral = cross(down_axis, inferior);
  const double c = std::cos(plan.angle), s = std::sin(plan.angle);
  g.axes[0] = decimals(plan.mirror * (c * lateral + s * inferior), 1e10);
  g.axes[1] = decimals(c * inferior - s * lateral, 1e10);
  g.axes[2] = unit(cross(g.axes[0], g.axes[1]));
  plan.apex_first = dot(g.axes[2], down_axis) < 0;

  const Vec3 base{random.uniform(20, 45), random.uniform(-45, -15), random.uniform(-30, 30)};
  const double first_stored = plan.apex_first ? first + (count - 1) * distance : first;
  g.origin_mm =
      decimals(base + first_stored * down_axis - plan.centre_column * g.spacing_mm[0] * g.axes[0] -
                   plan.centre_row * g.spacing_mm[1] * g.axes[1],
               1e6);
  for (int k = 0; k < count; ++k) {
    const int from_base = plan.apex_first ? count - 1 - k : k;
    // Every slice is its own breath-hold.
    plan.height_mm.push_back(first + from_base * distance + random.normal(0, 1.0));
    plan.shift_mm.push_back({random.normal(0, 1.3), random.normal(0, 1.3)});
  }
  return plan;
}

ScanPlan::Point ScanPlan::point(double column, double row, std::size_t slice) const {
  const double u =
      mirror * ((column - centre_column) * geometry.spacing_mm[0] - shift_mm[slice][0]);
  const double v = (row - centre_row) * geometry.spacing_mm[1] - shift_mm[slice][1];
  const double c = std::cos(angle), s = std::sin(angle);
  return {u * c - v * s, u * s + v * c};
}

}  // namespace gadolin::phantom
