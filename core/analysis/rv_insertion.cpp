#include "core/analysis/rv_insertion.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/aha_segments.h"
#include "core/analysis/connected_part.h"
#include "core/analysis/wall_chords.h"
#include "core/imaging/display_orientation.h"

namespace gadolin::analysis {
namespace {

constexpr int bins = chords_a_slice;
constexpr double bin_rad = 2.0 * std::numbers::pi / bins;
constexpr double nearest_mm = 2, farthest_mm = 8;  // beyond the epicardium, of blood at the wall
constexpr int bridged = bins / 24;                 // papillary muscle and trabeculae, 15 degrees
constexpr double least_cm2 = 1.5;                  // cross-section of a ventricle
constexpr int narrowest = bins * 50 / 360, widest = bins * 200 / 360;
constexpr double dimmest = 0.55, brightest = 1.6;  // of blood, between muscle (0) and cavity (1)

int wrap(int bin) { return ((bin % bins) + bins) % bins; }

double medianOf(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

/// Which pixels outside the left ventricle are as bright as its blood. Empty where the slice does not
/// show both.
std::vector<std::uint8_t> bloodOutside(const Stack& stack, const Mask& mask, int z) {
  std::vector<float> cavity, muscle;
  const auto labels = mask.slice(z);
  const auto values = stack.image.slice(z);
  const auto pool = cavityOf(mask, z);
  if (pool.empty()) return {};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (pool[i] != 0 && !isMyocardium(labels[i])) cavity.push_back(values[i]);
    if (labels[i] == 2) muscle.push_back(values[i]);
  }
  if (cavity.size() < 10 || muscle.size() < 10) return {};
  const double dark = medianOf(muscle), range = medianOf(cavity) - dark;
  if (range <= 0) return {};
  std::vector<std::uint8_t> blood(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double share = (static_cast<double>(values[i]) - dark) / range;
    blood[i] = labels[i] == 0 && pool[i] == 0 && share > dimmest && share < brightest ? 1 : 0;
  }
  return blood;
}

/// Pixels whose four neighbours are set too: parts that hang together by a bridge fall apart.
std::vector<std::uint8_t> eroded(const std::vector<std::uint8_t>& set, int columns, int rows) {
  std::vector<std::uint8_t> result(set.size());
  const auto width = static_cast<std::size_t>(columns);
  for (int y = 1; y + 1 < rows; ++y) {
    for (int x = 1; x + 1 < columns; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
      result[i] = set[i] & set[i - 1] & set[i + 1] & set[i - width] & set[i + width];
    }
  }
  return result;
}

/// An arc of the wall, in bins of the angle in the picture.
struct Arc {
  int from = 0, width = 0;
};

/// The longest run of `touched` whose middle lies within `allowed` bins of `expected`, with short
/// gaps bridged.
std::optional<Arc> longestRun(std::array<bool, bins> touched, int expected, int allowed) {
  for (int i = 0; i < bins; ++i) {
    if (!touched[static_cast<std::size_t>(i)]) continue;
    for (int ahead = bridged; ahead > 1; --ahead) {
      if (!touched[static_cast<std::size_t>(wrap(i + ahead))]) continue;
      for (int k = 1; k < ahead; ++k) touched[static_cast<std::size_t>(wrap(i + k))] = true;
      break;
    }
  }
  std::optional<Arc> best;
  for (int i = 0; i < bins; ++i) {
    if (!touched[static_cast<std::size_t>(i)] || touched[static_cast<std::size_t>(wrap(i - 1))])
      continue;
    int width = 0;
    while (width < bins && touched[static_cast<std::size_t>(wrap(i + width))]) ++width;
    const int off = std::abs(wrap(i + width / 2 - expected + bins / 2) - bins / 2);
    if (off <= allowed && (!best || width > best->width)) best = Arc{i, width};
  }
  return best;
}

/// The arc over which one body of blood outside lies at the wall of slice z.
std::optional<Arc> arcOf(const Stack& stack, const Mask& mask, int z,
                         const std::array<double, 2>& centre, int expected, int allowed) {
  const Geometry& grid = mask.geometry;
  const auto blood = bloodOutside(stack, mask, z);
  if (blood.empty()) return std::nullopt;
  const auto cores = eroded(blood, grid.size[0], grid.size[1]);
  const auto chords = wallChords(mask, z, centre);
  std::vector<std::uint8_t> seen(cores.size());
  std::optional<Arc> best;
  for (std::size_t start = 0; start < cores.size(); ++start) {
    if (cores[start] == 0 || seen[start] != 0) continue;
    const auto part = connectedPart(start, {grid.size[0], grid.size[1], 1}, seen,
                                    [&](std::size_t i) { return cores[i] != 0; });
    if (static_cast<double>(part.size()) * grid.pixelArea_mm2() < 100 * least_cm2) continue;
    // The rim that the erosion took belongs to it.
    std::vector<std::uint8_t> body(cores.size());
    const auto width = static_cast<std::size_t>(grid.size[0]);
    for (const std::size_t i : part)
      body[i] = body[i - 1] = body[i + 1] = body[i - width] = body[i + width] = 1;
    std::array<bool, bins> touched{};
    for (const WallChord& chord : chords) {
      for (double r = chord.outer_mm + nearest_mm; r < chord.outer_mm + farthest_mm; r += 0.5) {
        const auto x =
            static_cast<int>(std::lround(centre[0] + r * chord.column_mm / grid.spacing_mm[0]));
        const auto y = static_cast<int>(std::lround(centre[1] + r * chord.row_mm / grid.spacing_mm[1]));
        if (x < 0 || y < 0 || x >= grid.size[0] || y >= grid.size[1]) break;
        if (body[grid.index(x, y, 0)] == 0) continue;
        const double angle = std::atan2(chord.row_mm, chord.column_mm);
        touched[static_cast<std::size_t>(wrap(static_cast<int>(std::floor(angle / bin_rad))))] = true;
        break;
      }
    }
    const auto arc = longestRun(touched, expected, allowed);
    if (arc && (!best || arc->width > best->width)) best = arc;
  }
  if (best && (best->width < narrowest || best->width > widest)) return std::nullopt;
  return best;
}

/// The middle one of angles (bins) that lie around `about`.
int medianAngle(std::vector<int> angles, int about) {
  for (int& angle : angles) angle = wrap(angle - about + bins / 2);
  std::ranges::nth_element(angles, angles.begin() + static_cast<std::ptrdiff_t>(angles.size() / 2));
  return wrap(angles[angles.size() / 2] + about - bins / 2);
}

/// On the epicardium of a slice in a direction of the picture.
std::array<double, 2> onEpicardium(const Mask& mask, int z, const std::array<double, 2>& centre,
                                   double angle) {
  const double u = std::cos(angle), v = std::sin(angle);
  const auto chords = wallChords(mask, z, centre);
  const auto nearest = std::ranges::max_element(chords, {}, [&](const WallChord& chord) {
    return chord.column_mm * u + chord.row_mm * v;
  });
  const double r = nearest == chords.end() ? 0 : nearest->outer_mm;
  return {centre[0] + r * u / mask.geometry.spacing_mm[0],
          centre[1] + r * v / mask.geometry.spacing_mm[1]};
}

}  // namespace

std::optional<FoundInsertion> findRvInsertion(const Stack& stack, const Mask& mask,
                                              bool orientation_known) {
  const Geometry& grid = stack.image.geometry;
  if (grid.size != mask.geometry.size) return std::nullopt;
  const auto centres = cavityCentres(mask);
  const auto levels = shortAxisLevels(stack, mask);
  int expected = 0, allowed = bins;
  const Vec3 normal = cross(grid.axes[0], grid.axes[1]);
  if (orientation_known) {
    // Right and front, as far as the plane has them.
    const Vec3 septal{-1, -1, 0};
    expected = static_cast<int>(
        std::floor(std::atan2(dot(septal, grid.axes[1]), dot(septal, grid.axes[0])) / bin_rad));
    allowed = bins / 6;
  }
  std::vector<int> used, froms, tos;
  int looked_at = 0;
  for (int z = 0; z < grid.size[2]; ++z) {
    const auto k = static_cast<std::size_t>(z);
    if (!centres[k] || (levels[k] != ShortAxisLevel::Basal && levels[k] != ShortAxisLevel::Mid))
      continue;
    ++looked_at;
    const auto arc = arcOf(stack, mask, z, *centres[k], expected, allowed);
    if (!arc) continue;
    used.push_back(z);
    froms.push_back(wrap(arc->from));
    tos.push_back(wrap(arc->from + arc->width));
  }
  if (used.empty() || 3 * static_cast<int>(used.size()) < looked_at) return std::nullopt;
  const double from = bin_rad * medianAngle(froms, froms[froms.size() / 2]);
  const double to = bin_rad * medianAngle(tos, tos[tos.size() / 2]);
  bool anterior_first = false;  // the anterior insertion is at `from`
  if (orientation_known) {
    const Vec3 to_apex = (stack.apex_first ? -1.0 : 1.0) * grid.axes[2];
    anterior_first = dot(normal, to_apex) >= 0;
  } else {
    const auto orientation = displayOrientation(grid);
    const auto screen = screenAxes(grid, orientation);
    const auto down = [&](double angle) {
      return std::cos(angle) * dot(screen[1], grid.axes[0]) +
             std::sin(angle) * dot(screen[1], grid.axes[1]);
    };
    anterior_first = down(from) < down(to);
  }
  const int slice = used[used.size() / 2];
  const auto& centre = *centres[static_cast<std::size_t>(slice)];
  FoundInsertion found;
  found.slices = static_cast<int>(used.size());
  found.of_slices = looked_at;
  found.place.slice = slice;
  found.place.anterior = onEpicardium(mask, slice, centre, anterior_first ? from : to);
  found.place.inferior = onEpicardium(mask, slice, centre, anterior_first ? to : from);
  return found;
}

}  // namespace gadolin::analysis
