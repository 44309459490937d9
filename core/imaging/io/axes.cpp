#include "core/imaging/io/axes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gadolin::io {
namespace {

constexpr double shear_silent = 1e-3;    // cosine between axes that rounding explains
constexpr double shear_repaired = 1e-2;  // about half a degree

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

}  // namespace

Result<std::array<Vec3, 3>> orthonormalAxes(const std::array<Vec3, 3>& columns, const std::string& who,
                                            std::vector<std::string>& notes) {
  std::array<Vec3, 3> axes;
  for (std::size_t i = 0; i < 3; ++i) axes[i] = (1.0 / norm(columns[i])) * columns[i];
  const double shear = std::max({std::abs(dot(axes[0], axes[1])), std::abs(dot(axes[0], axes[2])),
                                 std::abs(dot(axes[1], axes[2]))});
  if (!(shear <= shear_repaired)) {
    return Error{ErrorCode::InvalidInput,
                 who + " are not at right angles (" +
                     number(std::asin(std::min(1.0, shear)) * 57.29577951308232) +
                     " degrees off): a sheared image cannot be measured. Resample it to a straight "
                     "grid."};
  }
  if (shear > shear_silent) {
    notes.push_back(who + " were not quite at right angles (cosine " + number(shear) +
                    ") and were straightened.");
  }
  // Gram-Schmidt; the third axis keeps its side.
  axes[1] = axes[1] - dot(axes[0], axes[1]) * axes[0];
  axes[1] = (1.0 / norm(axes[1])) * axes[1];
  const Vec3 normal = cross(axes[0], axes[1]);
  axes[2] = dot(normal, axes[2]) < 0 ? -1.0 * normal : normal;
  return axes;
}

}  // namespace gadolin::io
