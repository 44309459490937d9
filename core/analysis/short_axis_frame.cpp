#include "core/analysis/short_axis_frame.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/analysis/connected_part.h"

namespace gadolin::analysis {
namespace {

constexpr double full_turn = 2.0 * std::numbers::pi;

double wrapped(double angle) {
  angle = std::fmod(angle, full_turn);
  return angle < 0 ? angle + full_turn : angle;
}

std::optional<std::array<double, 2>> centroid(const std::vector<std::uint8_t>& pixels, int columns) {
  double x = 0, y = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    if (pixels[i] == 0) continue;
    x += static_cast<double>(i % static_cast<std::size_t>(columns));
    y += static_cast<double>(i / static_cast<std::size_t>(columns));
    ++count;
  }
  if (count == 0) return std::nullopt;
  const auto n = static_cast<double>(count);
  return std::array<double, 2>{x / n, y / n};
}

/// What is known of a slice from its own points.
struct Pointed {
  int slice = 0;
  double anterior_rad = 0;
  std::optional<double> inferior_rad;
};

}  // namespace

double ShortAxisFrame::imageAngle(const std::array<double, 2>& centre, double column,
                                  double row) const {
  return std::atan2((row - centre[1]) * pixel_mm[1], (column - centre[0]) * pixel_mm[0]);
}

double ShortAxisFrame::wallAngle(int z, double column, double row) const {
  const SliceFrame& frame = *slices[static_cast<std::size_t>(z)];
  return wrapped(septal_turn * (imageAngle(frame.centre, column, row) - frame.anterior_rad));
}

std::vector<std::uint8_t> cavityOf(const Mask& mask, int z) {
  const auto labels = mask.slice(z);
  std::vector<std::uint8_t> wall(labels.size());
  std::ranges::transform(labels, wall.begin(), [](std::uint8_t label) {
    return static_cast<std::uint8_t>(isMyocardium(label) ? 1 : 0);
  });
  if (std::ranges::find(wall, std::uint8_t{1}) == wall.end()) return {};
  auto cavity = enclosedPixels(wall, mask.geometry.size[0], mask.geometry.size[1]);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == static_cast<std::uint8_t>(Tissue::Cavity)) cavity[i] = 1;
  }
  if (std::ranges::find(cavity, std::uint8_t{1}) == cavity.end()) return {};
  return cavity;
}

std::vector<std::optional<std::array<double, 2>>> cavityCentres(const Mask& mask) {
  std::vector<std::optional<std::array<double, 2>>> centres;
  for (int z = 0; z < mask.geometry.size[2]; ++z)
    centres.push_back(centroid(cavityOf(mask, z), mask.geometry.size[0]));
  return centres;
}

Result<ShortAxisFrame> shortAxisFrame(const Stack& stack, const Mask& mask,
                                      std::span<const RvInsertion> insertions,
                                      bool orientation_known) {
  const Geometry& grid = stack.image.geometry;
  if (grid.size != mask.geometry.size) {
    return Error{ErrorCode::InvalidInput,
                 "The mask has another size than its stack. Import or predict the mask again."};
  }
  ShortAxisFrame frame;
  frame.pixel_mm = {grid.spacing_mm[0], grid.spacing_mm[1]};
  frame.slices.resize(static_cast<std::size_t>(grid.size[2]));
  const auto centres = cavityCentres(mask);
  for (std::size_t z = 0; z < centres.size(); ++z) {
    if (centres[z]) frame.slices[z] = SliceFrame{*centres[z], 0};
  }

  std::vector<Pointed> pointed;
  for (const RvInsertion& insertion : insertions) {
    if (insertion.slice < 0 || insertion.slice >= grid.size[2] || !insertion.anterior) continue;
    const auto& slice = frame.slices[static_cast<std::size_t>(insertion.slice)];
    if (!slice) continue;  // beyond the cavity there is no centre to count from
    Pointed one{insertion.slice,
                frame.imageAngle(slice->centre, (*insertion.anterior)[0], (*insertion.anterior)[1]),
                std::nullopt};
    if (insertion.inferior) {
      one.inferior_rad =
          frame.imageAngle(slice->centre, (*insertion.inferior)[0], (*insertion.inferior)[1]);
    }
    pointed.push_back(one);
  }
  if (pointed.empty()) {
    return Error{ErrorCode::NotFound,
                 "The anterior insertion of the right ventricle is not set in a slice that shows the "
                 "cavity, so that nobody knows where the segments begin."};
  }

  int by_points = 0;  // each pair votes for the shorter way
  for (const Pointed& one : pointed) {
    if (one.inferior_rad)
      by_points += wrapped(*one.inferior_rad - one.anterior_rad) < std::numbers::pi ? 1 : -1;
  }
  if (orientation_known) {
    const Vec3 normal = cross(grid.axes[0], grid.axes[1]);
    const Vec3 to_apex = (stack.apex_first ? -1.0 : 1.0) * grid.axes[2];
    frame.septal_turn = dot(normal, to_apex) >= 0 ? 1 : -1;
    if (by_points != 0 && (by_points > 0) != (frame.septal_turn > 0)) {
      frame.sentences.emplace_back(
          "The inferior insertion lies on the side where the patient's axes have the lateral wall: "
          "check both insertions and the order of the slices. The axes were followed.");
    }
  } else if (by_points != 0) {
    frame.septal_turn = by_points > 0 ? 1 : -1;
  } else {
    return Error{ErrorCode::NotFound,
                 "The file does not say how the patient lay, and the inferior insertion of the right "
                 "ventricle is not set: on which side of the anterior one the septum lies is not "
                 "known. Set both insertions."};
  }

  for (int z = 0; z < grid.size[2]; ++z) {
    auto& slice = frame.slices[static_cast<std::size_t>(z)];
    if (!slice) continue;
    const auto nearest = std::ranges::min_element(pointed, {}, [z](const Pointed& one) {
      return std::abs(one.slice - z);
    });
    slice->anterior_rad = nearest->anterior_rad;
  }
  return frame;
}

}  // namespace gadolin::analysis
