#include "core/imaging/display_orientation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace gadolin {
namespace {

bool near(const Vec3& a, const Vec3& b) {
  return norm(a - b) < 1e-6;
}

/// How well the screen fits what a radiologist expects: left or posterior on the right, posterior
/// or feet at the bottom.
double fit(const std::array<Vec3, 2>& screen) {
  return dot(screen[0], {1, 1, 0}) + dot(screen[1], {0, 1, -1});
}

bool isMirrored(const std::array<Vec3, 2>& screen) {
  // The eye looks toward head (axial), back (coronal), right (sagittal), base (short axis): all of
  // these have a positive part along (-1, 1, 1).
  return dot(cross(screen[0], screen[1]), {-1, 1, 1}) < 0;
}

}  // namespace

DisplayOrientation displayOrientation(const Geometry& geometry) {
  // No scanner puts its first pixel at the origin; unit columns there say nothing, in either sign.
  if (near(geometry.origin_mm, {0, 0, 0})) {
    if (near(geometry.axes[0], {-1, 0, 0}) && near(geometry.axes[1], {0, -1, 0}))
      return {.flip_down = true, .known = false};
    if (near(geometry.axes[0], {1, 0, 0}) && near(geometry.axes[1], {0, 1, 0}))
      return {.known = false};
  }
  // A change must be clearly better than the stored way: obliques between two ways stay put.
  constexpr double bonus_of_stored = 0.75;
  DisplayOrientation best;
  double best_fit = -1e9;
  for (const bool transpose : {false, true}) {
    for (const bool flip_right : {false, true}) {
      for (const bool flip_down : {false, true}) {
        const DisplayOrientation candidate{transpose, flip_right, flip_down, true};
        const auto screen = screenAxes(geometry, candidate);
        if (isMirrored(screen)) continue;
        const bool stored = candidate == DisplayOrientation{};
        const double candidate_fit = fit(screen) + (stored ? bonus_of_stored : 0.0);
        if (candidate_fit > best_fit + 1e-9) {
          best = candidate;
          best_fit = candidate_fit;
        }
      }
    }
  }
  return best;
}

std::array<Vec3, 2> screenAxes(const Geometry& geometry, const DisplayOrientation& orientation) {
  Vec3 right = geometry.axes[0];
  Vec3 down = geometry.axes[1];
  if (orientation.transpose) std::swap(right, down);
  return {(orientation.flip_right ? -1.0 : 1.0) * right,
          (orientation.flip_down ? -1.0 : 1.0) * down};
}

std::string directionLetters(const Vec3& direction) {
  constexpr std::array<std::array<char, 2>, 3> letters{{{'R', 'L'}, {'A', 'P'}, {'F', 'H'}}};
  constexpr double smallest_part = 0.26;
  std::array<std::size_t, 3> order{0, 1, 2};
  std::ranges::stable_sort(order, [&direction](std::size_t a, std::size_t b) {
    return std::abs(direction[a]) > std::abs(direction[b]) + 1e-9;
  });
  std::string text;
  for (const std::size_t axis : order) {
    if (std::abs(direction[axis]) >= smallest_part)
      text += letters[axis][direction[axis] > 0 ? 1 : 0];
  }
  return text;
}

EdgeLetters edgeLetters(const Geometry& geometry, const DisplayOrientation& orientation) {
  if (!orientation.known) return {};
  const auto [right, down] = screenAxes(geometry, orientation);
  return {directionLetters(-1.0 * right), directionLetters(right), directionLetters(-1.0 * down),
          directionLetters(down)};
}

}  // namespace gadolin
