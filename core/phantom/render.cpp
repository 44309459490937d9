#include <algorithm>
#include <array>
#include <cmath>

#include "core/phantom/scan.h"

namespace gadolin::phantom {
namespace {

/// What the sub-samples of one pixel add up to.
struct Pixel {
  std::array<int, 5> labels{};
  float signal = 0;
  float scar = 0;  // the part of `signal` that scar gave
  int soft = 0;    // lung or liver: vessels are seen in them
  int count = 0;

  void add(Material material, unsigned char label,
           const std::array<float, material_count>& signals) {
    signal += signals[slot(material)];
    if (material == Material::Scar) scar += signals[slot(material)];
    if (material == Material::Lung || material == Material::Liver) ++soft;
    ++labels[label];
    ++count;
  }
  /// The majority, the larger group first, so that labels nest: heart, then myocardium, then scar.
  [[nodiscard]] std::uint8_t truth() const {
    const int fibrosis = labels[3] + labels[4], muscle = labels[2] + fibrosis;
    if (2 * (muscle + labels[1]) <= count) return 0;
    if (muscle <= labels[1]) return 1;
    if (2 * fibrosis <= muscle) return 2;
    return labels[4] > labels[3] ? 4 : 3;
  }
};

/// Adds the vessels that slice z cuts.
void drawVessels(Rendering& rendering, const ScanPlan& plan, const Torso& torso, std::size_t z,
                 float blood, const std::vector<unsigned char>& soft) {
  const Geometry& g = plan.geometry;
  auto image = rendering.signal.slice(static_cast<int>(z));
  const double half = 0.5 * plan.thickness_mm;
  const double c = std::cos(plan.angle), s = std::sin(plan.angle);
  for (const Vessel& vessel : torso.vessels()) {
    const double cover = 1.0 - std::max(0.0, std::abs(vessel.h - plan.height_mm[z]) - half) / 6.0;
    if (cover <= 0) continue;
    const double u = plan.mirror * (c * vessel.x + s * vessel.y), v = c * vessel.y - s * vessel.x;
    const double column = (u + plan.shift_mm[z][0]) / g.spacing_mm[0] + plan.centre_column;
    const double row = (v + plan.shift_mm[z][1]) / g.spacing_mm[1] + plan.centre_row;
    const double rx = vessel.radius / g.spacing_mm[0] + 0.5,
                 ry = vessel.radius / g.spacing_mm[1] + 0.5;
    for (int y = std::max(0, static_cast<int>(row - 3 * ry));
         y <= std::min(g.size[1] - 1, static_cast<int>(row + 3 * ry)); ++y) {
      for (int x = std::max(0, static_cast<int>(column - 3 * rx));
           x <= std::min(g.size[0] - 1, static_cast<int>(column + 3 * rx)); ++x) {
        const auto i = static_cast<std::size_t>(y) * static_cast<std::size_t>(g.size[0]) +
                       static_cast<std::size_t>(x);
        if (!soft[i]) continue;
        const double dx = (x - column) / rx, dy = (y - row) / ry;
        const auto weight = static_cast<float>(0.9 * cover * std::exp(-(dx * dx + dy * dy)));
        image[i] += weight * (blood - image[i]);
      }
    }
  }
}

}  // namespace

Rendering render(const ScanPlan& plan, const Heart& heart, const Torso& torso,
                 const Sequence& sequence, Random& random) {
  const Geometry& g = plan.geometry;
  Rendering result{Volume<float>(g), Mask(g)};
  const auto signals = sequence.signals();
  const Lattice fine(random.next()), coarse(random.next());
  constexpr std::array<double, 2> in_plane{-0.25, 0.25};
  constexpr std::array<double, 3> through{-1.0 / 3, 0, 1.0 / 3};
  // The four sub-pixels look at different depths: twelve instead of three through the slice.
  constexpr std::array<double, 4> stagger{-0.125, 0.042, 0.125, -0.042};
  std::vector<unsigned char> soft(g.sliceVoxels());

  for (std::size_t z = 0; z < plan.height_mm.size(); ++z) {
    const double h = plan.height_mm[z];
    auto image = result.signal.slice(static_cast<int>(z));
    auto truth = result.truth.slice(static_cast<int>(z));
    std::size_t i = 0;
    for (int row = 0; row < g.size[1]; ++row) {
      for (int column = 0; column < g.size[0]; ++column, ++i) {
        const auto middle = plan.point(column, row, z);
        const bool near = heart.mayContain(middle.x, middle.y);
        Pixel pixel;
        std::size_t corner = 0;
        for (const double dy : in_plane) {
          for (const double dx : in_plane) {
            // Two sub-pixels are enough where nothing is measured.
            if (!near && dx != dy) continue;
            const auto p = plan.point(column + dx, row + dy, z);
            if (!near) {
              pixel.add(torso.at(p.x, p.y, h), 0, signals);
              continue;
            }
            const double offset = stagger[corner++];
            for (const double dz : through) {
              const double depth = h + (dz + offset) * plan.thickness_mm;
              const Sample sample = heart.at(p.x, p.y, depth);
              pixel.add(sample.inside ? sample.material : torso.at(p.x, p.y, depth), sample.label,
                        signals);
            }
          }
        }
        const double texture =
            0.06 * fine.at(middle.x / 3.0, middle.y / 3.0, h / 4.0) +
            (near ? 0.06 : 0.12) * coarse.at(middle.x / 12.0, middle.y / 12.0, h / 15.0);
        const double uptake =
            pixel.scar > 0 ? 0.20 * coarse.at(middle.x / 6.0 + 70, middle.y / 6.0, h / 9.0) : 0.0;
        const auto n = static_cast<float>(pixel.count);
        image[i] = pixel.signal / n * static_cast<float>(1.0 + texture) +
                   pixel.scar / n * static_cast<float>(uptake);
        truth[i] = pixel.truth();
        soft[i] = 2 * pixel.soft > pixel.count;
      }
    }
    drawVessels(result, plan, torso, z, signals[slot(Material::Blood)] * 1.1F, soft);
  }
  return result;
}

}  // namespace gadolin::phantom
