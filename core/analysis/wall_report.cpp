#include "core/analysis/wall_report.h"

#include <algorithm>

#include "core/analysis/rv_insertion.h"
#include "core/imaging/display_orientation.h"

namespace gadolin::analysis {

std::string patternName(const WallReport& report) {
  if (!report.pattern) return {};
  return report.pattern->dominant ? std::string(toText(*report.pattern->dominant)) : "mixed";
}

StackInsertions insertionsFor(const Stack& stack, const Mask& contours, const SetInsertions& set) {
  if (!set.points.empty())
    return {set.points, false, set.reader.empty() ? "set by a reader" : "set by " + set.reader};
  const bool known = displayOrientation(stack.image.geometry).known;
  if (const auto found = findRvInsertion(stack, contours, known))
    return {{found->place}, true, "found in the image"};
  return {};
}

WallReport reportWall(const Stack& stack, const Mask& mask, const StackInsertions& insertions) {
  WallReport report;
  if (stack.image.geometry.size != mask.geometry.size) {
    report.no_segments = "The mask has another size than its stack.";
    return report;
  }
  if (!outlinesMyocardium(mask.voxels)) {
    report.no_segments = "The mask holds no healthy myocardium, so that there is no wall to divide.";
    return report;
  }
  const bool orientation_known = displayOrientation(stack.image.geometry).known;
  report.insertions = insertions.points;
  report.insertions_found = insertions.found;
  report.insertion_source = insertions.source;
  if (report.insertions.empty()) {
    report.no_segments =
        "The insertion of the right ventricle is not set and was not found in the image: set it in "
        "Contour (J).";
  } else if (report.insertions_found && !orientation_known) {
    report.no_segments =
        "The file does not say how the patient lay, so that nobody knows which insertion of the "
        "right ventricle is the anterior one: confirm or correct what was found in Contour (J).";
  } else if (const auto frame = shortAxisFrame(stack, mask, report.insertions, orientation_known)) {
    auto segments = measureSegments(stack, mask, *frame);
    if (segments) {
      report.segments = std::move(segments).value();
      if (report.insertions_found) {
        report.segments->sentences.emplace_back(
            "The insertions of the right ventricle were found in the image by the program and not "
            "confirmed by a reader.");
      }
    } else {
      report.no_segments = segments.error().message;
    }
  } else {
    report.no_segments = frame.error().message;
  }

  report.pattern = scarPattern(stack, mask);
  std::vector<std::uint8_t> wanted;
  for (int z = 0; z < stack.sliceCount(); ++z)
    wanted.push_back(std::ranges::any_of(mask.slice(z), isFibrosis) ? 1 : 0);
  if (std::ranges::find(wanted, std::uint8_t{1}) != wanted.end()) {
    const auto zones = infarctZones(stack, mask, wanted);
    if (zones)
      report.zones = *zones;
    else
      report.no_zones = zones.error().message;
  }
  return report;
}

}  // namespace gadolin::analysis
