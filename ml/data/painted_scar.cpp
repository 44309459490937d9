#include "ml/data/painted_scar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/base/random.h"

namespace gadolin::ml {
namespace {

constexpr float cavity_label = 1.0F;
constexpr float wall_label = 2.0F;

struct Picture {
  std::span<float> image;
  std::span<const float> heart;
  int side;

  [[nodiscard]] std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
           static_cast<std::size_t>(x);
  }
  template <typename Use>
  void forEachInner(Use&& use) const {
    for (int y = 1; y + 1 < side; ++y)
      for (int x = 1; x + 1 < side; ++x) use(x, y, at(x, y));
  }
};

/// Distance in pixels from every pixel to the nearest one of `label`, by two chamfer passes
/// (weights 1 and 1.4: within 5 % of the Euclidean distance).
std::vector<float> distanceTo(const Picture& picture, float label) {
  constexpr float far = 1e6F;
  std::vector<float> distance(picture.heart.size());
  for (std::size_t i = 0; i < distance.size(); ++i)
    distance[i] = picture.heart[i] == label ? 0.0F : far;
  const auto pass = [&](int x, int y, int step) {
    float& here = distance[picture.at(x, y)];
    here = std::min({here, distance[picture.at(x - step, y)] + 1.0F,
                     distance[picture.at(x, y - step)] + 1.0F,
                     distance[picture.at(x - step, y - step)] + 1.4F,
                     distance[picture.at(x + step, y - step)] + 1.4F});
  };
  for (int y = 1; y + 1 < picture.side; ++y)
    for (int x = 1; x + 1 < picture.side; ++x) pass(x, y, 1);
  for (int y = picture.side - 2; y > 0; --y)
    for (int x = picture.side - 2; x > 0; --x) pass(x, y, -1);
  return distance;
}

using Places = std::vector<std::uint8_t>;

Places discAround(const Picture& picture, const std::array<int, 2>& centre, double radius_px) {
  Places places(picture.heart.size(), 0);
  picture.forEachInner([&](int x, int y, std::size_t i) {
    places[i] = std::hypot(x - centre[0], y - centre[1]) <= radius_px ? 1 : 0;
  });
  return places;
}

/// From the endocardium outwards to `depth` (0 to 1) of the wall's thickness.
Places sector(const Picture& picture, const std::array<double, 2>& middle, double angle,
              double half_width, double depth) {
  const auto from_cavity = distanceTo(picture, cavity_label);
  const auto from_outside = distanceTo(picture, 0.0F);
  Places places(picture.heart.size(), 0);
  picture.forEachInner([&](int x, int y, std::size_t i) {
    const double turn =
        std::remainder(std::atan2(y - middle[1], x - middle[0]) - angle, 2 * std::numbers::pi);
    const float wall = from_cavity[i] + from_outside[i] - 1;
    places[i] =
        std::abs(turn) <= half_width && static_cast<double>(from_cavity[i] - 0.5F) <=
                                            depth * static_cast<double>(std::max(wall, 1.0F))
            ? 1
            : 0;
  });
  return places;
}

/// Fat that lies on a scar through the whole wall is as bright as it and as the blood: nothing but the
/// wall beside the scar then tells where the heart ends.
void paintFat(const Picture& picture, const std::array<double, 2>& middle, double angle,
              double half_width, double thickness_px, float brightness) {
  const auto from_wall = distanceTo(picture, wall_label);
  picture.forEachInner([&](int x, int y, std::size_t i) {
    if (picture.heart[i] != 0.0F || static_cast<double>(from_wall[i]) > thickness_px) return;
    const double turn =
        std::remainder(std::atan2(y - middle[1], x - middle[0]) - angle, 2 * std::numbers::pi);
    if (std::abs(turn) > half_width) return;
    // The outermost pixel is filled by half or more: a soft edge.
    const double share = std::min(thickness_px - static_cast<double>(from_wall[i]) + 0.5, 1.0);
    picture.image[i] += static_cast<float>(share) * std::max(brightness - picture.image[i], 0.0F);
  });
}

}  // namespace

void paintScar(std::span<float> image, std::span<const float> heart, int side, double pixel_mm,
               std::uint64_t seed) {
  const Picture picture{image, heart, side};
  std::vector<std::array<int, 2>> border;
  std::vector<float> wall_values;
  std::array<double, 2> middle{};
  double blood = 0, blood_count = 0;
  picture.forEachInner([&](int x, int y, std::size_t i) {
    if (heart[i] == cavity_label) {
      blood += static_cast<double>(image[i]);
      middle[0] += x;
      middle[1] += y;
      ++blood_count;
    } else if (heart[i] == wall_label) {
      wall_values.push_back(image[i]);
      if (heart[picture.at(x - 1, y)] == cavity_label ||
          heart[picture.at(x + 1, y)] == cavity_label ||
          heart[picture.at(x, y - 1)] == cavity_label ||
          heart[picture.at(x, y + 1)] == cavity_label)
        border.push_back({x, y});
    }
  });
  if (border.empty()) return;
  blood /= blood_count;
  for (double& coordinate : middle) coordinate /= blood_count;
  // Below the middle, so that scar which is there already does not count as wall.
  const auto remote = wall_values.begin() + static_cast<std::ptrdiff_t>(wall_values.size() * 2 / 5);
  std::nth_element(wall_values.begin(), remote, wall_values.end());
  const auto wall = static_cast<double>(*remote);

  Random random(seed);
  const auto centre = border[random.below(border.size())];
  const double rise = random.uniform(0.6, 1.15) * (blood - wall);
  if (rise <= 0) return;
  Places places;
  if (random.chance(1.0 / 3)) {
    places = discAround(picture, centre, random.uniform(4, 22) / pixel_mm);
  } else {
    const double angle = std::atan2(centre[1] - middle[1], centre[0] - middle[0]);
    const double half_width = random.uniform(15, 75) * std::numbers::pi / 180;
    // Through the whole wall more often than not: nothing dark is left there to see the wall by.
    const double depth = random.chance(0.7) ? 1.0 : random.uniform(0.3, 1.0);
    places = sector(picture, middle, angle, half_width, depth);
    if (depth == 1.0 && random.chance(0.4))
      paintFat(picture, middle, angle, half_width * random.uniform(0.5, 1.1),
               random.uniform(1.5, 5) / pixel_mm,
               static_cast<float>(wall + random.uniform(0.7, 1.2) * (blood - wall)));
  }
  picture.forEachInner([&](int, int, std::size_t i) {
    if (heart[i] != wall_label || static_cast<double>(image[i]) >= wall + 0.5 * rise) places[i] = 0;
  });
  picture.forEachInner([&](int x, int y, std::size_t i) {
    // The edge is as soft as the point spread makes it; only into the wall and its outer edge:
    // blood is as bright already.
    if (heart[i] == cavity_label) return;
    float share = 0;
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx)
        share += static_cast<float>(places[picture.at(x + dx, y + dy)]) * (dx == 0 ? 2.0F : 1.0F) *
                 (dy == 0 ? 2.0F : 1.0F);
    image[i] += share / 16.0F * static_cast<float>(rise);
  });
}

}  // namespace gadolin::ml
