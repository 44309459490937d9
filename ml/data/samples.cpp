#include "ml/data/samples.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gadolin::ml {

void fillImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
               const run::Settings& settings, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  sampleImage(stack.slice(stack.image, slice.z), stack.plane(), window, augmentation, out);
  finishSample(settings, out);
}

void fillRoiImage(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                  const run::Settings& settings, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  sampleImage(stack.slice(stack.image, slice.z), stack.plane(), window, augmentation, out);
  const float low = stack.heart_level[0], span = stack.heart_level[1] - stack.heart_level[0];
  for (float& value : out) value = (value - low) / span;
  finishSample(settings, out);
}

void paintScar(std::span<float> image, std::span<const float> heart, int side, double pixel_mm,
               std::uint64_t seed) {
  const auto at = [side](int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
           static_cast<std::size_t>(x);
  };
  std::vector<std::array<int, 2>> border;
  double blood = 0, wall = 0, blood_count = 0, wall_count = 0;
  for (int y = 1; y + 1 < side; ++y)
    for (int x = 1; x + 1 < side; ++x) {
      const float label = heart[at(x, y)];
      const auto value = static_cast<double>(image[at(x, y)]);
      if (label == 1.0F) {
        blood += value;
        ++blood_count;
      } else if (label == 2.0F) {
        wall += value;
        ++wall_count;
        if (heart[at(x - 1, y)] == 1.0F || heart[at(x + 1, y)] == 1.0F ||
            heart[at(x, y - 1)] == 1.0F || heart[at(x, y + 1)] == 1.0F)
          border.push_back({x, y});
      }
    }
  if (border.empty()) return;
  blood /= blood_count;
  wall /= wall_count;
  Random random(seed);
  const auto centre = border[random.below(border.size())];
  const double radius = random.uniform(4, 22) / pixel_mm;
  const double rise = random.uniform(0.6, 1.15) * (blood - wall);
  if (rise <= 0) return;
  std::vector<float> disc(image.size(), 0.0F);
  for (int y = 1; y + 1 < side; ++y)
    for (int x = 1; x + 1 < side; ++x)
      if (heart[at(x, y)] == 2.0F && std::hypot(x - centre[0], y - centre[1]) <= radius &&
          static_cast<double>(image[at(x, y)]) < wall + 0.5 * rise)
        disc[at(x, y)] = 1;
  for (int y = 1; y + 1 < side; ++y)  // the edge is as soft as the point spread makes it
    for (int x = 1; x + 1 < side; ++x) {
      float share = 0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx)
          share += disc[at(x + dx, y + dy)] * (dx == 0 ? 2.0F : 1.0F) * (dy == 0 ? 2.0F : 1.0F);
      // Only into the wall and its outer edge: blood is as bright already.
      if (heart[at(x, y)] != 1.0F) image[at(x, y)] += share / 16.0F * static_cast<float>(rise);
    }
}

void fillMyocardium(const SliceRef& slice, const Window& window, const Augmentation& augmentation,
                    std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  if (stack.p_myocardium.empty()) {
    std::fill(out.begin(), out.end(), 0.0F);
    return;
  }
  sampleProbability(stack.slice(stack.p_myocardium, slice.z), stack.plane(), window, augmentation, out);
}

void fillLabels(const SliceRef& slice, const std::vector<std::uint8_t>& volume, const Window& window,
                const Augmentation& augmentation, std::span<float> out) {
  const PreparedStack& stack = *slice.stack;
  std::vector<std::uint8_t> labels(out.size());
  sampleLabels(stack.slice(volume, slice.z), stack.plane(), window, augmentation, labels);
  std::copy(labels.begin(), labels.end(), out.begin());
}

}  // namespace gadolin::ml
