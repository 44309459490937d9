#include "core/analysis/aha_segments.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/wall_chords.h"

namespace gadolin::analysis {
namespace {

constexpr std::array<std::string_view, aha_segments> names{
    "Basal anterior",    "Basal anteroseptal", "Basal inferoseptal", "Basal inferior",
    "Basal inferolateral", "Basal anterolateral", "Mid anterior",     "Mid anteroseptal",
    "Mid inferoseptal",  "Mid inferior",       "Mid inferolateral",  "Mid anterolateral",
    "Apical anterior",   "Apical septal",      "Apical inferior",    "Apical lateral",
    "Apex"};

bool hasMyocardium(const Mask& mask, int z) { return std::ranges::any_of(mask.slice(z), isMyocardium); }

/// Where along the slice axis a slice lies, in mm.
double placeOf(const Stack& stack, int z) {
  return dot(stack.slices[static_cast<std::size_t>(z)].origin_mm, stack.image.geometry.axes[2]);
}

}  // namespace

std::string_view ahaName(int segment) {
  return segment >= 1 && segment <= aha_segments ? names[static_cast<std::size_t>(segment - 1)]
                                                 : std::string_view();
}

std::vector<ShortAxisLevel> shortAxisLevels(const Stack& stack, const Mask& mask) {
  const int count = stack.sliceCount();
  std::vector<ShortAxisLevel> levels(static_cast<std::size_t>(count), ShortAxisLevel::None);
  // Base first from here on.
  std::vector<int> order(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    order[static_cast<std::size_t>(i)] = stack.apex_first ? count - 1 - i : i;
  int first = -1, last = -1;
  for (int i = 0; i < count; ++i) {
    const int z = order[static_cast<std::size_t>(i)];
    if (!hasMyocardium(mask, z) || cavityOf(mask, z).empty()) continue;
    if (first < 0) first = i;
    last = i;
  }
  if (first < 0) return levels;
  const auto slice = [&](int i) { return order[static_cast<std::size_t>(i)]; };
  const auto extent = [&](int i) { return stack.slices[static_cast<std::size_t>(slice(i))].extent_mm; };
  const double start = placeOf(stack, slice(first));
  const auto depth = [&](int i) { return std::abs(placeOf(stack, slice(i)) - start); };
  // From the basal face of the first slice to the apical face of the last.
  const double length = 0.5 * extent(first) + depth(last) + 0.5 * extent(last);
  for (int i = first; i < count; ++i) {
    auto& level = levels[static_cast<std::size_t>(slice(i))];
    if (!hasMyocardium(mask, slice(i))) continue;
    if (i > last) {
      level = ShortAxisLevel::Apex;
      continue;
    }
    const double share = (0.5 * extent(first) + depth(i)) / length;
    level = share < 1.0 / 3 ? ShortAxisLevel::Basal
                            : share < 2.0 / 3 ? ShortAxisLevel::Mid : ShortAxisLevel::Apical;
  }
  return levels;
}

int ahaSegment(ShortAxisLevel level, double wall_angle_rad) {
  const double degrees = wall_angle_rad * 180.0 / std::numbers::pi;
  // From the insertion through the septum: 2, 3, then inferior 4, lateral 5 and 6, anterior 1.
  constexpr std::array<int, 6> six{2, 3, 4, 5, 6, 1};
  // Septal from 15 to 105 degrees, then inferior, lateral, anterior.
  constexpr std::array<int, 4> four{14, 15, 16, 13};
  switch (level) {
    case ShortAxisLevel::Basal:
    case ShortAxisLevel::Mid: {
      const auto sector = static_cast<std::size_t>(std::clamp(std::floor(degrees / 60.0), 0.0, 5.0));
      return six[sector] + (level == ShortAxisLevel::Mid ? 6 : 0);
    }
    case ShortAxisLevel::Apical: {
      const double turned = degrees < 15 ? degrees + 345 : degrees - 15;
      return four[static_cast<std::size_t>(std::clamp(std::floor(turned / 90.0), 0.0, 3.0))];
    }
    case ShortAxisLevel::Apex:
      return 17;
    case ShortAxisLevel::None:
      break;
  }
  return 0;
}

TransmuralityBand bandOf(double percent) {
  if (percent <= 0) return TransmuralityBand::None;
  if (percent <= 25) return TransmuralityBand::To25;
  if (percent <= 50) return TransmuralityBand::To50;
  if (percent <= 75) return TransmuralityBand::To75;
  return TransmuralityBand::To100;
}

std::string_view toText(TransmuralityBand band) {
  constexpr std::array<std::string_view, 5> words{"0", "1-25", "26-50", "51-75", "76-100"};
  return words[static_cast<std::size_t>(band)];
}

Result<SegmentReport> measureSegments(const Stack& stack, const Mask& mask,
                                      const ShortAxisFrame& frame) {
  const Geometry& grid = stack.image.geometry;
  if (grid.size != mask.geometry.size ||
      frame.slices.size() != static_cast<std::size_t>(grid.size[2])) {
    return Error{ErrorCode::InvalidInput,
                 "The mask has another size than its stack. Import or predict the mask again."};
  }
  auto levels = shortAxisLevels(stack, mask);
  // An open ring between others has a level by its place, and no centre to count from.
  for (std::size_t z = 0; z < levels.size(); ++z) {
    if (levels[z] != ShortAxisLevel::Apex && !frame.slices[z]) levels[z] = ShortAxisLevel::None;
  }
  SegmentReport report;
  report.sentences = frame.sentences;
  std::array<double, aha_segments> weight{}, share{};
  int unplaced = 0;  // slices with myocardium that no level takes
  std::array<int, 5> slices_of{};
  for (int z = 0; z < grid.size[2]; ++z) {
    const ShortAxisLevel level = levels[static_cast<std::size_t>(z)];
    ++slices_of[static_cast<std::size_t>(level)];
    const bool apex = level == ShortAxisLevel::Apex;
    if (level == ShortAxisLevel::None) {
      if (hasMyocardium(mask, z)) ++unplaced;
      continue;
    }
    const double voxel_ml = stack.voxelVolume_ml(z);
    for (int y = 0; y < grid.size[1]; ++y) {
      for (int x = 0; x < grid.size[0]; ++x) {
        const std::uint8_t label = mask.at(x, y, z);
        if (!isMyocardium(label)) continue;
        const int segment = ahaSegment(level, apex ? 0 : frame.wallAngle(z, x, y));
        SegmentFigures& figures = report.segments[static_cast<std::size_t>(segment - 1)];
        figures.myocardium_ml += voxel_ml;
        if (isFibrosis(label)) figures.scar_ml += voxel_ml;
        if (label == static_cast<std::uint8_t>(Tissue::Mvo)) figures.mvo_ml += voxel_ml;
      }
    }
    if (apex) continue;
    const auto& centre = frame.slices[static_cast<std::size_t>(z)]->centre;
    const double extent_mm = stack.slices[static_cast<std::size_t>(z)].extent_mm;
    for (const WallChord& chord : wallChords(mask, z, centre)) {
      const int segment =
          ahaSegment(level, frame.wallAngle(z, centre[0] + chord.column_mm / grid.spacing_mm[0],
                                            centre[1] + chord.row_mm / grid.spacing_mm[1]));
      const auto k = static_cast<std::size_t>(segment - 1);
      SegmentFigures& figures = report.segments[k];
      ++figures.chords;
      weight[k] += extent_mm;
      share[k] += extent_mm * chord.scar_share;
      figures.transmurality_max_percent =
          std::max(figures.transmurality_max_percent.value_or(0), 100.0 * chord.scar_share);
    }
  }
  for (std::size_t k = 0; k < weight.size(); ++k) {
    if (weight[k] > 0) report.segments[k].transmurality_percent = 100.0 * share[k] / weight[k];
  }
  const auto shown = [&](ShortAxisLevel level) { return slices_of[static_cast<std::size_t>(level)]; };
  const int with_cavity = shown(ShortAxisLevel::Basal) + shown(ShortAxisLevel::Mid) +
                          shown(ShortAxisLevel::Apical);
  if (with_cavity == 0) {
    return Error{ErrorCode::NotFound,
                 "No slice shows the cavity within myocardium, so that there are no segments."};
  }
  if (with_cavity < 3) {
    report.sentences.push_back(
        "Only " + std::to_string(with_cavity) + (with_cavity == 1 ? " slice shows" : " slices show") +
        " the cavity: the levels basal, mid and apical are not all there.");
  }
  if (unplaced > 0) {
    report.sentences.push_back(std::to_string(unplaced) +
                               (unplaced == 1 ? " slice has" : " slices have") +
                               " myocardium and no cavity within it, not at the apex, and belong to "
                               "no segment.");
  }
  return report;
}

}  // namespace gadolin::analysis
