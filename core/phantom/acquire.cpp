#include <algorithm>
#include <cmath>

#include "core/phantom/scan.h"

namespace gadolin::phantom {
namespace {

/// The point spread of a scanner that samples less than it shows: a three-point kernel both ways.
/// Applied after the noise, which therefore is correlated as in interpolated images.
void soften(std::span<float> image, int columns, int rows, float side) {
  const auto nx = static_cast<std::size_t>(columns), ny = static_cast<std::size_t>(rows);
  std::vector<float> line(std::max(nx, ny));
  const auto pass = [&](std::size_t start, std::size_t step, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) line[i] = image[start + i * step];
    for (std::size_t i = 1; i + 1 < count; ++i) {
      image[start + i * step] = line[i] * (1 - 2 * side) + side * (line[i - 1] + line[i + 1]);
    }
  };
  for (std::size_t y = 0; y < ny; ++y) pass(y * nx, 1, nx);
  for (std::size_t x = 0; x < nx; ++x) pass(x, nx, ny);
}

/// Receive sensitivity: surface coils in front of and behind the chest.
class Shading {
 public:
  explicit Shading(Random& random)
      : front_x_(random.uniform(-140, -90)),
        front_y_(random.uniform(-70, 50)),
        back_x_(random.uniform(130, 190)),
        back_y_(random.uniform(-40, 90)),
        front_(random.uniform(0.6, 1.8)),
        back_(random.uniform(0.3, 0.9)),
        reach_mm_(random.uniform(70, 110)) {
    unit_ = 1.0 / raw(0, 0);
  }
  [[nodiscard]] double at(double x, double y) const { return unit_ * raw(x, y); }

 private:
  [[nodiscard]] double lobe(double dx, double dy) const {
    return 1.0 / (1.0 + (dx * dx + dy * dy) / (reach_mm_ * reach_mm_));
  }
  [[nodiscard]] double raw(double x, double y) const {
    return 0.35 + front_ * lobe(x - front_x_, y - front_y_) +
           back_ * lobe(x - back_x_, y - back_y_);
  }
  double front_x_, front_y_, back_x_, back_y_, front_, back_, reach_mm_, unit_ = 1;
};

}  // namespace

Acquisition acquire(const Rendering& rendering, const ScanPlan& plan, double blood_signal,
                    Random& random) {
  const Geometry& g = plan.geometry;
  Acquisition result{Volume<float>(g), Volume<float>(g), Volume<float>(g)};
  const Shading coil(random);
  const auto unit = static_cast<float>(1.0 / blood_signal);
  const auto noise = static_cast<float>(1.0 / random.uniform(6, 13));
  const auto side = static_cast<float>(random.uniform(0.15, 0.22));
  // About 1.8 mm are resolved, whatever the size of the pixels.
  const int passes = std::min(g.spacing_mm[0], g.spacing_mm[1]) < 1.45 ? 2 : 1;
  // Breathing and pulsation repeat the bright chest wall along the phase-encoding direction.
  const auto ghost = static_cast<float>(random.chance(0.4) ? random.uniform(0.02, 0.05) : 0.0);
  const int ghost_rows = static_cast<int>(g.size[1] * random.uniform(0.18, 0.45));

  for (int z = 0; z < g.size[2]; ++z) {
    const auto clean = rendering.signal.slice(z);
    auto real = result.real.slice(z), imaginary = result.imaginary.slice(z),
         shading = result.shading.slice(z);
    std::size_t i = 0;
    for (int row = 0; row < g.size[1]; ++row) {
      for (int column = 0; column < g.size[0]; ++column, ++i) {
        const auto p = plan.point(column, row, static_cast<std::size_t>(z));
        shading[i] = static_cast<float>(coil.at(p.x, p.y));
        real[i] = clean[i] * unit * shading[i];
      }
    }
    if (ghost > 0) {
      const auto shift = static_cast<std::size_t>(ghost_rows) * static_cast<std::size_t>(g.size[0]);
      for (std::size_t j = 0; j < clean.size(); ++j) {
        const std::size_t from = (j + shift) % clean.size();
        real[j] += ghost * clean[from] * unit * shading[from];
      }
    }
    for (std::size_t j = 0; j < clean.size(); ++j) {
      real[j] += noise * static_cast<float>(random.normal());
      imaginary[j] = noise * static_cast<float>(random.normal());
    }
    for (int pass = 0; pass < passes; ++pass) {
      soften(real, g.size[0], g.size[1], side);
      soften(imaginary, g.size[0], g.size[1], side);
    }
  }
  return result;
}

Volume<float> magnitudeImage(const Acquisition& acquisition, double gain) {
  Volume<float> image(acquisition.real.geometry);
  for (std::size_t i = 0; i < image.voxels.size(); ++i) {
    const double re = acquisition.real.voxels[i], im = acquisition.imaginary.voxels[i];
    image.voxels[i] = static_cast<float>(
        std::clamp(std::round(gain * std::sqrt(re * re + im * im)), 0.0, 4095.0));
  }
  return image;
}

Volume<float> psirImage(const Acquisition& acquisition, double gain) {
  Volume<float> image(acquisition.real.geometry);
  for (std::size_t i = 0; i < image.voxels.size(); ++i) {
    const double flat =
        double{acquisition.real.voxels[i]} / std::pow(double{acquisition.shading.voxels[i]}, 0.8);
    image.voxels[i] =
        static_cast<float>(2.0 * std::clamp(std::round(0.5 * gain * flat), -2048.0, 2047.0));
  }
  return image;
}

}  // namespace gadolin::phantom
