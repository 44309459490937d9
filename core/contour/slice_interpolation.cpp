#include "core/contour/slice_interpolation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/analysis/distance_transform.h"
#include "core/contour/heart_borders.h"

namespace gadolin::contour {
namespace {

Region complement(const Region& region) {
  Region other(region.size());
  std::ranges::transform(region, other.begin(),
                         [](std::uint8_t in) { return in == 0 ? std::uint8_t{1} : std::uint8_t{0}; });
  return other;
}

/// In millimetres to the nearest pixel of the other side: negative inside the region.
std::vector<double> signedDistance(const Region& region, const Plane& plane) {
  const std::array<int, 3> size{plane.columns, plane.rows, 1};
  const std::array<double, 3> spacing{plane.spacing_mm[0], plane.spacing_mm[1], 1};
  const auto outside = analysis::squaredDistance_mm2(region, size, spacing);
  const auto inside = analysis::squaredDistance_mm2(complement(region), size, spacing);
  std::vector<double> distance(region.size());
  for (std::size_t i = 0; i < region.size(); ++i)
    distance[i] = region[i] != 0 ? -std::sqrt(inside[i]) : std::sqrt(outside[i]);
  return distance;
}

template <typename Belongs>
Region regionOf(std::span<const std::uint8_t> slice, Belongs belongs) {
  Region region(slice.size());
  std::ranges::transform(slice, region.begin(), [&](std::uint8_t label) {
    return belongs(label) ? std::uint8_t{1} : std::uint8_t{0};
  });
  return region;
}

bool isEmpty(const Region& region) {
  return std::ranges::find(region, std::uint8_t{1}) == region.end();
}

bool isDrawnLabel(std::uint8_t label) {
  return label != 0;
}
bool isCavity(std::uint8_t label) {
  return label == 1;
}
bool isMvo(std::uint8_t label) {
  return label == 4;
}

/// By the distances of the same pixel.
Region mixed(const Region& a, const Region& b, double share, const Plane& plane) {
  Region region(a.size(), 0);
  if (isEmpty(a) || isEmpty(b)) return region;
  const auto to_a = signedDistance(a, plane), to_b = signedDistance(b, plane);
  for (std::size_t i = 0; i < region.size(); ++i)
    if ((1 - share) * to_a[i] + share * to_b[i] <= 0) region[i] = 1;
  return region;
}

Point middleOf(const Region& region, const Plane& plane) {
  Point sum;
  double count = 0;
  for (int y = 0; y < plane.rows; ++y)
    for (int x = 0; x < plane.columns; ++x)
      if (region[plane.index(x, y)] != 0) {
        sum.x += x;
        sum.y += y;
        ++count;
      }
  return count > 0 ? Point{sum.x / count, sum.y / count} : Point{};
}

/// The wall of a slice by direction from the middle of its cavity.
class Wall {
 public:
  Wall(const std::vector<std::uint8_t>& slice, const Plane& plane) : plane_(plane) {
    const Region cavity = enclosedBy(Border::Endocardium, slice, plane);
    middle_ = middleOf(isEmpty(cavity) ? regionOf(slice, isDrawnLabel) : cavity, plane);
    rays_.resize(directions);
    const double step_mm = 0.25 * std::min(plane.spacing_mm[0], plane.spacing_mm[1]);
    for (std::size_t i = 0; i < directions; ++i)
      for (double r = 0;; r += step_mm) {
        const Point at = place(i, r);
        const int x = static_cast<int>(std::lround(at.x)), y = static_cast<int>(std::lround(at.y));
        if (!plane.holds(x, y)) break;
        if (!isMyocardium(slice[plane.index(x, y)])) continue;
        if (!rays_[i]) rays_[i] = Ray{r, r};
        rays_[i]->outer_mm = r;
      }
  }

  struct Place {
    std::size_t direction = 0;
    double depth = 0;  // 0 at the cavity, 1 at the outside
  };
  [[nodiscard]] std::optional<Place> placeOf(int x, int y) const {
    const double right = (x - middle_.x) * plane_.spacing_mm[0];
    const double down = (y - middle_.y) * plane_.spacing_mm[1];
    const double turn = std::atan2(down, right) / (2 * std::numbers::pi);
    const auto i = static_cast<std::size_t>(std::lround((turn + 1) * directions)) % directions;
    if (!rays_[i]) return std::nullopt;
    const double thickness = std::max(rays_[i]->outer_mm - rays_[i]->inner_mm, 1e-6);
    return Place{i, (std::hypot(right, down) - rays_[i]->inner_mm) / thickness};
  }
  /// The pixel at a place of the wall.
  [[nodiscard]] std::optional<std::size_t> pixelAt(const Place& at) const {
    if (!rays_[at.direction]) return std::nullopt;
    const Ray& ray = *rays_[at.direction];
    const Point found =
        place(at.direction, ray.inner_mm + at.depth * (ray.outer_mm - ray.inner_mm));
    const int x = static_cast<int>(std::lround(found.x)),
              y = static_cast<int>(std::lround(found.y));
    if (!plane_.holds(x, y)) return std::nullopt;
    return plane_.index(x, y);
  }

 private:
  struct Ray {
    double inner_mm = 0, outer_mm = 0;
  };
  static constexpr std::size_t directions = 360;
  [[nodiscard]] Point place(std::size_t direction, double r_mm) const {
    const double angle = 2 * std::numbers::pi * static_cast<double>(direction) / directions;
    return {middle_.x + r_mm * std::cos(angle) / plane_.spacing_mm[0],
            middle_.y + r_mm * std::sin(angle) / plane_.spacing_mm[1]};
  }

  Plane plane_;
  Point middle_;
  std::vector<std::optional<Ray>> rays_;
};

/// A region of the wall by the distances of the same place of the wall.
Region mixedInWall(const Region& a, const Region& b, double share, const Plane& plane,
                   const Wall& wall_a, const Wall& wall_b, const Wall& wall) {
  Region region(a.size(), 0);
  if (isEmpty(a) || isEmpty(b)) return region;
  const auto to_a = signedDistance(a, plane), to_b = signedDistance(b, plane);
  for (int y = 0; y < plane.rows; ++y)
    for (int x = 0; x < plane.columns; ++x) {
      const auto place = wall.placeOf(x, y);
      if (!place) continue;
      const auto in_a = wall_a.pixelAt(*place), in_b = wall_b.pixelAt(*place);
      if (in_a && in_b && (1 - share) * to_a[*in_a] + share * to_b[*in_b] <= 0)
        region[plane.index(x, y)] = 1;
    }
  return region;
}

/// Millimetres along the slice axis.
double placeOf(const Stack& stack, int z) {
  return dot(stack.slices[static_cast<std::size_t>(z)].origin_mm, stack.image.geometry.axes[2]);
}

bool isDrawn(const Mask& mask, int z) {
  return std::ranges::any_of(mask.slice(z), [](std::uint8_t label) { return label != 0; });
}

}  // namespace

std::vector<std::uint8_t> between(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                                  double share, const Plane& plane) {
  const Region heart = mixed(enclosedBy(Border::Epicardium, a, plane),
                             enclosedBy(Border::Epicardium, b, plane), share, plane);
  const Region cavity = mixed(enclosedBy(Border::Endocardium, a, plane),
                              enclosedBy(Border::Endocardium, b, plane), share, plane);
  const bool named = !isEmpty(regionOf(a, isCavity)) || !isEmpty(regionOf(b, isCavity));
  std::vector<std::uint8_t> slice(a.size(), 0);
  for (std::size_t i = 0; i < slice.size(); ++i)
    if (heart[i] != 0) slice[i] = cavity[i] == 0 ? 2 : named ? 1 : 0;
  const Wall wall_a({a.begin(), a.end()}, plane), wall_b({b.begin(), b.end()}, plane);
  const Wall wall(slice, plane);
  const auto inWall = [&](auto belongs) {
    return mixedInWall(regionOf(a, belongs), regionOf(b, belongs), share, plane, wall_a, wall_b,
                       wall);
  };
  const Region scar = inWall(isFibrosis), mvo = inWall(isMvo);
  for (std::size_t i = 0; i < slice.size(); ++i)
    if (slice[i] == 2 && scar[i] != 0) slice[i] = mvo[i] != 0 ? 4 : 3;
  return slice;
}

std::optional<DrawnNeighbours> drawnNeighbours(const Stack& stack, const Mask& mask, int z) {
  DrawnNeighbours found{z - 1, z + 1, 0};
  while (found.before >= 0 && !isDrawn(mask, found.before)) --found.before;
  while (found.after < stack.sliceCount() && !isDrawn(mask, found.after)) ++found.after;
  if (found.before < 0 || found.after >= stack.sliceCount()) return std::nullopt;
  const double from = placeOf(stack, found.before), to = placeOf(stack, found.after);
  // Without positions the slices count as evenly spaced.
  found.share = std::abs(to - from) > 1e-6
                    ? (placeOf(stack, z) - from) / (to - from)
                    : static_cast<double>(z - found.before) / (found.after - found.before);
  found.share = std::clamp(found.share, 0.0, 1.0);
  return found;
}

}  // namespace gadolin::contour
