#pragma once
// The 17 segments of the left ventricle (Cerqueira et al., Circulation 2002;105:539) on a labelled
// short-axis stack.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/short_axis_frame.h"

namespace gadolin::analysis {

inline constexpr int aha_segments = 17;

/// "Basal anterior" for 1 .. "Apex" for 17.
std::string_view ahaName(int segment);

enum class ShortAxisLevel : std::uint8_t { None, Basal, Mid, Apical, Apex };

/// The level of every slice in stored order. Basal, mid and apical are thirds of the length, in
/// millimetres along the slice axis, of what shows the cavity within myocardium, by the middle of
/// each slice; Apex is myocardium on the apical side of that. None: no myocardium, or myocardium
/// without a cavity on the basal side. A stack that holds part of the ventricle cannot say so: its
/// levels are thirds of that part.
std::vector<ShortAxisLevel> shortAxisLevels(const Stack& stack, const Mask& mask);

/// Segment 1..17 of a place on a level, from its angle (ShortAxisFrame::wallAngle; radians). Basal and
/// mid: six of 60 degrees, of which the anteroseptal one begins at the anterior insertion. Apical:
/// four of 90 degrees, the septal one about the middle of the septum, 60 degrees from the insertion.
/// 0 for None.
int ahaSegment(ShortAxisLevel level, double wall_angle_rad);

/// What of a segment is scar, by its share, as Kim et al. (N Engl J Med 2000;343:1445) grade it.
enum class TransmuralityBand : std::uint8_t { None, To25, To50, To75, To100 };
TransmuralityBand bandOf(double percent);           // 0, above 0 to 25, to 50, to 75, to 100
std::string_view toText(TransmuralityBand band);    // "0", "1-25", "26-50", "51-75", "76-100"

struct SegmentFigures {
  double myocardium_ml = 0;  // scar and MVO included
  double scar_ml = 0;        // MVO included
  double mvo_ml = 0;
  int chords = 0;
  /// Mean over the segment's chords of scar over wall thickness, 0..100, each slice by its extent.
  /// None without a chord: segment 17, and segments outside the stack.
  std::optional<double> transmurality_percent;
  /// The deepest chord, 0..100.
  std::optional<double> transmurality_max_percent;

  [[nodiscard]] std::optional<double> scarPercent() const {
    if (myocardium_ml <= 0) return std::nullopt;
    return 100.0 * scar_ml / myocardium_ml;
  }
};

struct SegmentReport {
  std::array<SegmentFigures, aha_segments> segments;  // segment n at [n - 1]
  std::vector<std::string> sentences;                 // what was assumed or left out
};

/// Volumes by Stack::voxelVolume_ml. InvalidInput when sizes differ; NotFound when no slice shows the
/// cavity. Pure; any thread.
Result<SegmentReport> measureSegments(const Stack& stack, const Mask& mask,
                                      const ShortAxisFrame& frame);

}  // namespace gadolin::analysis
